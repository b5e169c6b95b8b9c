import { dirname, join, relative, sep } from 'node:path';
import { nearestWith } from '../found/folders.js';
import { Refusal } from '../refusal.js';
import type { OutputFile } from '../templates/emit.js';

/** What the npm workspace around a new package, if there is one, has to do with it. */
export interface Membership {
  /** Whether the package becomes a member of a workspace. */
  member: boolean;
  /** What has to change in the workspace for that. */
  edits: OutputFile[];
}

/**
 * Finds out what becomes of a package in the npm workspace around it.
 *
 * @param isWorkspace Whether it is a workspace itself.
 * @throws Refusal, if a workspace would be a member of another one, which npm does not support.
 */
export async function membershipOf(root: string, isWorkspace: boolean): Promise<Membership> {
  const none = { member: false, edits: [] };
  if (nearestWith('package.json', dirname(root)) === undefined) {
    return none;
  }
  const { covers, findWorkspace } = await import('../found/workspace.js');
  const workspace = findWorkspace(dirname(root));
  if (!workspace) {
    return none;
  }
  const isCovered = covers(workspace, root);
  if (isWorkspace) {
    if (isCovered) {
      throw new Refusal(
        `${root} is in the npm workspace ${workspace.root}, and npm has no workspaces in workspaces. Make the package there: --no-function-app`,
      );
    }
    return none;
  }
  if (isCovered) {
    return { member: true, edits: [] };
  }
  const { withField } = await import('../writing/json-edits.js');
  const { text, path } = workspace;
  const edit = {
    path: toPath(root, join(workspace.root, 'package.json')),
    contents: withField(text, [...path, -1], toPath(workspace.root, root)),
  };
  return { member: true, edits: [edit] };
}

function toPath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}
