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

/**
 * What has to change in the npm workspace around a new package, so that the package is a member.
 *
 * @param isMember Whether it is to be one, as opposed to a workspace itself.
 * @returns The change, if there is a workspace around, and if it does not have the folder already.
 * @throws Refusal, if a workspace would be a member of another one, which npm does not support.
 */
export function workspaceEdit(destination: string, isMember: boolean): OutputFile[] {
  const workspace = workspaceAround(dirname(destination));
  if (!workspace) {
    return [];
  }
  const { root, text, globs, path } = workspace;
  const folder = relative(root, destination).split(sep).join('/');
  const isCovered = globs.some((glob) => minimatch(folder, glob.replace(/^\.\/|\/$/g, '')));
  if (!isMember) {
    if (isCovered) {
      throw new Refusal(
        `${destination} is in the npm workspace ${root}, and npm has no workspaces in workspaces. Make the package there: --no-function-app`,
      );
    }
    return [];
  }
  return isCovered
    ? []
    : [
        {
          path: relative(destination, join(root, 'package.json')).split(sep).join('/'),
          contents: withField(text, [...path, -1], folder),
          isEdit: true,
        },
      ];
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
