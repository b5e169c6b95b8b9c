import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exists, nearestExisting } from '../found/folders.js';
import { Refusal } from '../refusal.js';
import { RECORD } from '../record.js';
import type { OutputFile } from '../templates/emit.js';

/** @throws Refusal, if a folder is none, or if it can neither be written to nor made. */
export function refuseUnwritable(folder: string): void {
  const existing = nearestExisting(folder);
  // A link to nowhere exists, and has no target.
  if (!existsSync(existing) || !statSync(existing).isDirectory()) {
    throw new Refusal(`${existing} is not a folder. Choose another destination.`);
  }
  if (!isAllowed(existing, constants.W_OK)) {
    throw new Refusal(
      `${existing} cannot be written to. Choose another destination, or change its permissions.`,
    );
  }
}

/**
 * Looks at all paths that are to be written to, so that nothing is written if one of them cannot be.
 *
 * @throws Refusal that names the first obstacle.
 */
export function refuseObstacles(root: string, files: readonly OutputFile[]): void {
  for (const folder of new Set(files.flatMap(({ path }) => foldersAbove(path)))) {
    const target = join(root, folder);
    if (exists(target) && !lstatSync(target).isDirectory()) {
      throw new Refusal(`${target} is in the way: it is not a folder. Move it, and try again.`);
    }
    refuseUnwritable(target);
  }
  for (const { path } of files) {
    const file = join(root, path);
    if (exists(file) && !isReplaceable(file)) {
      throw new Refusal(
        `${file} is in the way: it is no file that can be overwritten. Move it, and try again.`,
      );
    }
  }
}

/**
 * Refuses to overwrite files of the user's where nobody can be asked.
 *
 * @throws Refusal that names those with other contents.
 */
export function refuseOverwriting(root: string, files: readonly OutputFile[]): void {
  const others = files
    .filter(({ path, contents }) => {
      const file = join(root, path);
      return path !== RECORD && exists(file) && readFileSync(file, 'utf8') !== contents;
    })
    .map(({ path }) => path);
  if (others.length > 0) {
    throw new Refusal(
      `${others.join(', ')} would be overwritten, and there is no terminal to ask in. Add --force to overwrite, or --dry-run to see the difference.`,
    );
  }
}

/** `a/b/c.ts` is below `a` and `a/b`. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isReplaceable(file: string): boolean {
  return lstatSync(file).isFile() && isAllowed(file, constants.R_OK | constants.W_OK);
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
