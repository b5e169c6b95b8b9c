import { existsSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../refusal.js';

/** A folder, and those above it. */
export function* upFrom(folder: string): Generator<string, undefined> {
  yield folder;
  if (dirname(folder) !== folder) {
    yield* upFrom(dirname(folder));
  }
}

/** The folder itself, or the nearest one above it, of which something holds. */
export function nearest(folder: string, test: (folder: string) => boolean): string | undefined {
  for (const one of upFrom(folder)) {
    if (test(one)) {
      return one;
    }
  }
  return undefined;
}

/** The folder itself, or the nearest one above it, that has something at a path below it. */
export function nearestWith(path: string, folder: string): string | undefined {
  return nearest(folder, (one) => existsSync(join(one, path)));
}

/** The folder itself, or the nearest one above it that exists. */
export function nearestExisting(folder: string): string {
  return nearest(folder, exists) ?? folder;
}

/** Unlike `existsSync`, this finds links to nowhere too. */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG') {
      throw new Refusal('The path of the destination is too long. Choose a shorter one.');
    }
    if (code === 'ENOTDIR') {
      return false;
    }
    throw error;
  }
}
