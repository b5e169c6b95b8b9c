import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OutputFile } from './core/render.js';
import { Refusal } from './core/refusal.js';

/** The folder itself, or the nearest one above it that exists. */
export function nearestFolder(folder: string): string {
  return exists(folder) ? folder : nearestFolder(dirname(folder));
}

/** @throws Refusal, if a folder is none, or if it can neither be written to nor made. */
export function refuseUnwritable(folder: string): void {
  const existing = nearestFolder(folder);
  // A link to nowhere is there, and has no target.
  if (!existsSync(existing) || !statSync(existing).isDirectory()) {
    throw new Refusal(`${existing} is not a folder. Choose another destination.`);
  }
  if (!isAllowed(existing, constants.W_OK)) {
    throw new Refusal(
      `${existing} cannot be written to. Choose another destination, or change its permissions.`,
    );
  }
}

/** Whether one of the files is there already. */
export function hasAny(destination: string, files: readonly OutputFile[]): boolean {
  return files.some(({ path }) => exists(join(destination, path)));
}

/**
 * Looks at all places that are to be written to, so that nothing is written if one of them cannot be.
 *
 * @param mayOverwrite Whether files with other contents may be there.
 * @throws Refusal that names the first obstacle.
 */
export function refuseObstacles(
  destination: string,
  files: readonly OutputFile[],
  mayOverwrite: boolean,
): void {
  for (const folder of new Set(files.flatMap(({ path }) => foldersAbove(path)))) {
    const target = join(destination, folder);
    if (exists(target) && !lstatSync(target).isDirectory()) {
      throw new Refusal(`${target} is in the way: it is not a folder. Move it, and try again.`);
    }
    refuseUnwritable(target);
  }
  const changed: string[] = [];
  for (const { path, contents, isEdit } of files) {
    const file = join(destination, path);
    if (!exists(file)) {
      continue;
    }
    if (!lstatSync(file).isFile() || !isAllowed(file, constants.R_OK | constants.W_OK)) {
      throw new Refusal(
        `${file} is in the way: it is no file that can be overwritten. Move it, and try again.`,
      );
    }
    if (!isEdit && readFileSync(file, 'utf8') !== contents) {
      changed.push(path);
    }
  }
  const [first, ...others] = changed;
  if (first !== undefined && !mayOverwrite) {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    throw new Refusal(
      `${first}${more} would be overwritten, and there is no terminal to ask in. Add --force to overwrite.`,
    );
  }
}

/** `a/b/c.ts` is below `a` and `a/b`. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Unlike `existsSync`, this finds links to nowhere too. */
function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG') {
      throw new Refusal('The path of the destination is too long. Choose a shorter one.');
    }
    if (['ENOENT', 'ENOTDIR'].includes(code)) {
      return false;
    }
    throw error;
  }
}

export function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
