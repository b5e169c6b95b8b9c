import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'jsonc-parser';
import { minimatch } from 'minimatch';
import { upFrom } from './folders.js';

/** An npm workspace that exists. */
export interface Workspace {
  /** Its folder, absolute. */
  root: string;
  /** Text of its package.json. */
  text: string;
  /** Where in package.json the globs of its members are. */
  path: string[];
  globs: readonly string[];
}

/** The npm workspace in a folder, or in the nearest one above it. */
export function findWorkspace(folder: string): Workspace | undefined {
  for (const root of upFrom(folder)) {
    const file = join(root, 'package.json');
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8');
      const { workspaces } = (parse(text) ?? {}) as {
        workspaces?: string[] | { packages?: string[] };
      };
      if (Array.isArray(workspaces)) {
        return { root, text, path: ['workspaces'], globs: workspaces };
      }
      if (workspaces) {
        const { packages = [] } = workspaces;
        return { root, text, path: ['workspaces', 'packages'], globs: packages };
      }
    }
  }
  return undefined;
}

/** Whether a folder is one of a workspace's members already. */
export function covers({ root, globs }: Workspace, folder: string): boolean {
  const path = relative(root, folder).split(sep).join('/');
  return globs.some((glob) => minimatch(path, glob.replace(/^\.\/|\/$/g, '')));
}
