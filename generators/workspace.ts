import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parse } from 'jsonc-parser';
import { minimatch } from 'minimatch';
import { withField } from './core/edits.js';
import { Refusal } from './core/refusal.js';
import type { OutputFile } from './core/render.js';

interface PackageJson {
  workspaces?: string[] | { packages?: string[] };
}

interface Workspace {
  root: string;
  /** Text of its package.json. */
  text: string;
  globs: readonly string[];
  /** Where in package.json they are. */
  path: string[];
}

/** What the npm workspace around a new package, if there is one, has to do with it. */
export interface Membership {
  /** Whether the package becomes a member of a workspace. */
  isMember: boolean;
  /** What has to change in the workspace for that. */
  edits: OutputFile[];
}

/**
 * Finds out what becomes of a package in the npm workspace around it.
 *
 * @param isWorkspace Whether it is a workspace itself.
 * @throws Refusal, if a workspace would be a member of another one, which npm does not support.
 */
export function membershipOf(destination: string, isWorkspace: boolean): Membership {
  const workspace = workspaceAround(dirname(destination));
  if (!workspace) {
    return { isMember: false, edits: [] };
  }
  const { root, text, globs, path } = workspace;
  const folder = relative(root, destination).split(sep).join('/');
  const isCovered = globs.some((glob) => minimatch(folder, glob.replace(/^\.\/|\/$/g, '')));
  if (isWorkspace) {
    if (isCovered) {
      throw new Refusal(
        `${destination} is in the npm workspace ${root}, and npm has no workspaces in workspaces. Make the package there: --no-function-app`,
      );
    }
    return { isMember: false, edits: [] };
  }
  const edit = {
    path: relative(destination, join(root, 'package.json')).split(sep).join('/'),
    contents: withField(text, [...path, -1], folder),
    isEdit: true,
  };
  return { isMember: true, edits: isCovered ? [] : [edit] };
}

function workspaceAround(folder: string): Workspace | undefined {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    const { workspaces } = (parse(text) ?? {}) as PackageJson;
    if (workspaces) {
      return Array.isArray(workspaces)
        ? { root: folder, text, globs: workspaces, path: ['workspaces'] }
        : {
            root: folder,
            text,
            globs: workspaces.packages ?? [],
            path: ['workspaces', 'packages'],
          };
    }
  }
  return dirname(folder) === folder ? undefined : workspaceAround(dirname(folder));
}
