import { dirname, join, relative, sep } from 'node:path';
import { exists, nearestWith } from '../found/folders.js';
import { isKnown } from '../found/surroundings.js';
import type { Workspace } from '../found/workspace.js';
import { type PackageManager, packageManagers } from '../languages/package-manager.js';
import { Refusal } from '../refusal.js';
import type { OutputFile } from '../templates/emit.js';
import type { WorkerExtension } from '../worker-extension.js';

/** What the workspace around a new package, if there is one, has to do with it. */
export interface Membership {
  /** The workspace of which it becomes a member. */
  workspace?: Workspace;
  /** What has to change in the workspace for that. */
  edits: OutputFile[];
  /** What it has to have if it is none. */
  files: OutputFile[];
}

/**
 * Finds out what becomes of a package in the workspace around it.
 *
 * @param isWorkspace Whether it is a workspace itself.
 * @throws Refusal, if it would be a workspace in a workspace, which no package manager has, if the workspace is one
 *   of another package manager, or if it has no list of its members.
 */
export async function membershipOf(
  root: string,
  isWorkspace: boolean,
  packageManager: PackageManager,
): Promise<Membership> {
  const above = dirname(root);
  const isBelowProject = nearestWith('package.json', above) !== undefined;
  const none = { edits: [], files: isBelowProject ? ownLockfile(root, packageManager) : [] };
  if (!isBelowProject && nearestWith('pnpm-workspace.yaml', above) === undefined) {
    return none;
  }
  const { covers, findWorkspace } = await import('../found/workspace.js');
  const workspace = await findWorkspace(above);
  // Without a file that tells them apart, such a workspace may be one of npm or of yarn.
  const name = workspace?.packageManager ?? (packageManager === 'yarn' ? 'yarn' : 'npm');
  if (!workspace || (workspace.packageManager === undefined && packageManager === 'pnpm')) {
    return none;
  }
  const isCovered = covers(workspace, root);
  if (isWorkspace) {
    const isMember = isCovered || covers(workspace, join(root, 'extension'));
    if (isMember && isKnown(name, packageManagers)) {
      throw nested(root, workspace, name);
    }
    if (!isMember) {
      return none;
    }
  }
  if (!isKnown(name, packageManagers)) {
    throw new Refusal(
      `${workspace.root} is a workspace of ${name}, for which nothing can be made, and the package would be a member of it. Take a folder elsewhere.`,
    );
  }
  if (name !== packageManager) {
    throw new Refusal(
      `${workspace.root} is a workspace of ${name}, and the package would be a member of it. Give --package-manager ${name}, or take a folder elsewhere.`,
    );
  }
  if (isCovered) {
    return { workspace, edits: [], files: [] };
  }
  const path = toPath(workspace.root, root);
  const file = join(workspace.root, workspace.file);
  if (!workspace.globs?.length && workspace.packageManager === 'pnpm') {
    throw new Refusal(
      `${file} lists no packages, so pnpm would install nothing in ${root}. Add to it: packages: [${JSON.stringify(path)}]`,
    );
  }
  if (!covers({ ...workspace, globs: [...(workspace.globs ?? []), path] }, root)) {
    throw new Refusal(`${file} excludes ${path} from the workspace. Take a folder elsewhere.`);
  }
  return {
    workspace,
    edits: [{ path: toPath(root, file), contents: await withMember(workspace, path) }],
    files: [],
  };
}

/**
 * Finds out what becomes of a package in Python in the workspace of uv around it: uv has it for a member where the globs
 * of its members say so, and else leaves it alone.
 *
 * @param isWorkspace Whether it is a workspace itself.
 * @throws Refusal, if it would be a workspace in a workspace, which uv does not have.
 */
export async function uvMembershipOf(root: string, isWorkspace: boolean): Promise<Membership> {
  const { covers, findUvWorkspace } = await import('../found/workspace.js');
  const workspace = isWorkspace ? await findUvWorkspace(dirname(root)) : undefined;
  if (workspace && (covers(workspace, root) || covers(workspace, join(root, 'extension')))) {
    throw nested(root, workspace, 'uv');
  }
  return { edits: [], files: [] };
}

function nested(root: string, workspace: Pick<Workspace, 'root'>, name: string): Refusal {
  return new Refusal(
    `${root} is in the ${name} workspace ${workspace.root}, and ${name} has no workspaces in workspaces. Make the package there: --no-function-app`,
  );
}

async function withMember({ text, file, path }: Workspace, member: string): Promise<string> {
  if (file === 'package.json') {
    const { withField } = await import('../writing/json-edits.js');
    return withField(text, [...path, -1], member);
  }
  const { withItem } = await import('../writing/yaml-edits.js');
  return withItem(text, path, member);
}

/** From version 2 on, yarn takes a folder below another project for a part of that, unless it has a lockfile. */
function ownLockfile(root: string, packageManager: PackageManager): OutputFile[] {
  const path = 'yarn.lock';
  return packageManager === 'yarn' && !exists(join(root, path)) ? [{ path, contents: '' }] : [];
}

/**
 * How a package.json depends on an extension: by the workspace, if both are members of it, or else with a path that is
 * relative to it.
 *
 * @param folder The folder of the package.json.
 */
export async function dependencyIn(
  folder: string,
  { dependency, version }: WorkerExtension,
  workspace: Workspace | undefined,
  packageManager: PackageManager,
): Promise<string> {
  const [, path] = /^file:(.*)$/.exec(dependency) ?? [];
  if (path === undefined) {
    return dependency;
  }
  if (workspace && packageManager !== 'npm') {
    const { covers } = await import('../found/workspace.js');
    if (covers(workspace, path)) {
      // Yarn 1 has no protocol for it, and takes the package in the workspace that has the version.
      return packageManager === 'pnpm' ? 'workspace:*' : (version ?? '*');
    }
  }
  return `file:${toPath(folder, path)}`;
}

/** A name that no other member of a workspace has: the one that is wanted, or else with a number. */
export async function freeName(
  wanted: string,
  workspace: Workspace | undefined,
  folder: string,
): Promise<string> {
  if (!workspace) {
    return wanted;
  }
  const { memberNames } = await import('../found/workspace.js');
  const names = memberNames(workspace);
  const isFree = (name: string) => (names.get(name) ?? folder) === folder;
  let name = wanted;
  for (let number = 2; !isFree(name); number += 1) {
    name = `${wanted}-${number}`;
  }
  return name;
}

/** @throws Refusal, if another member of a workspace has the name of a package. */
export async function refuseTakenName(
  name: string,
  workspace: Workspace | undefined,
  folder: string,
): Promise<void> {
  if ((await freeName(name, workspace, folder)) !== name) {
    throw new Refusal(
      `The workspace ${workspace?.root} has a package ${name} already. Give another --name.`,
    );
  }
}

function toPath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}
