import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'jsonc-parser';
import { minimatch } from 'minimatch';
import { packageManagers } from '../languages/package-manager.js';
import { upFrom } from './folders.js';
import { packageManagerNamedIn } from './surroundings.js';

/** A workspace of npm, pnpm or yarn that exists. */
export interface Workspace {
  /** Its folder, absolute. */
  root: string;
  /** The file that lists its members: package.json or pnpm-workspace.yaml. */
  file: string;
  /** Text of that file. */
  text: string;
  /** Where in it the globs of its members are. */
  path: string[];
  /** The globs of its members; nothing, if the file has no list of them. */
  globs: readonly string[] | undefined;
  /** Its package manager, as far as it says so. It may be one that nothing can be made for. */
  packageManager: string | undefined;
}

/** The workspace in a folder, or in the nearest one above it. */
export async function findWorkspace(folder: string): Promise<Workspace | undefined> {
  for (const root of upFrom(folder)) {
    const workspace = (await pnpmWorkspaceIn(root)) ?? workspaceIn(root);
    if (workspace) {
      return workspace;
    }
  }
  return undefined;
}

/** The workspace of uv in a folder, or in the nearest one above it. */
export async function findUvWorkspace(
  folder: string,
): Promise<Pick<Workspace, 'root' | 'globs'> | undefined> {
  for (const root of upFrom(folder)) {
    const globs = await uvGlobsIn(join(root, 'pyproject.toml'));
    if (globs.length > 0) {
      return { root, globs };
    }
  }
  return undefined;
}

/** None, if it is no workspace, or no TOML. */
async function uvGlobsIn(file: string): Promise<string[]> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!/\buv\b[^]*\bworkspace\b/.test(text)) {
    return [];
  }
  const { parse: parseToml } = await import('@decimalturn/toml-patch');
  try {
    const { tool } = parseToml(text) as {
      tool?: { uv?: { workspace?: { members?: string[]; exclude?: string[] } } };
    };
    const { members = [], exclude = [] } = tool?.uv?.workspace ?? {};
    return [...members, ...exclude.map((glob) => `!${glob}`)];
  } catch {
    return [];
  }
}

/** The workspace of which a package that exists is a member. */
export async function workspaceOf(folder: string): Promise<Workspace | undefined> {
  const workspace = await findWorkspace(folder);
  return workspace && covers(workspace, folder) ? workspace : undefined;
}

async function pnpmWorkspaceIn(root: string): Promise<Workspace | undefined> {
  const file = 'pnpm-workspace.yaml';
  if (!existsSync(join(root, file))) {
    return undefined;
  }
  const { parse: parseYaml } = await import('yaml');
  const text = readFileSync(join(root, file), 'utf8');
  const { packages } = (parseYaml(text) ?? {}) as { packages?: string[] };
  const globs = Array.isArray(packages) ? packages : undefined;
  return { root, file, text, path: ['packages'], globs, packageManager: 'pnpm' };
}

function workspaceIn(root: string): Workspace | undefined {
  const file = 'package.json';
  if (!existsSync(join(root, file))) {
    return undefined;
  }
  const text = readFileSync(join(root, file), 'utf8');
  const { workspaces } = (parse(text) ?? {}) as {
    workspaces?: string[] | { packages?: string[] };
  };
  if (!workspaces) {
    return undefined;
  }
  const packageManager = packageManagerNamedIn(root, packageManagers);
  return Array.isArray(workspaces)
    ? { root, file, text, path: ['workspaces'], globs: workspaces, packageManager }
    : {
        root,
        file,
        text,
        path: ['workspaces', 'packages'],
        globs: workspaces.packages ?? [],
        packageManager,
      };
}

/** Whether a folder is one of a workspace's members already, or would be if it had a package.json. */
export function covers(
  { root, globs = [] }: Pick<Workspace, 'root' | 'globs'>,
  folder: string,
): boolean {
  const path = relative(root, folder).split(sep).join('/');
  const matches = (glob: string) => minimatch(path, glob.replace(/^\.\/|\/$/g, ''));
  return (
    globs.some((glob) => !glob.startsWith('!') && matches(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && matches(glob.slice(1)))
  );
}

/** The names of a workspace's members, by their folders. */
export function memberNames(workspace: Workspace): Map<string, string> {
  const names = new Map<string, string>();
  const visit = (folder: string) => {
    const file = join(folder, 'package.json');
    if (existsSync(file) && covers(workspace, folder)) {
      const { name } = (parse(readFileSync(file, 'utf8')) ?? {}) as { name?: string };
      names.set(String(name), folder);
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
        visit(join(folder, entry.name));
      }
    }
  };
  visit(workspace.root);
  return names;
}
