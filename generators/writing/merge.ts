import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { OutputFile } from '../templates/emit.js';
import { changesBetween, type Fields, isFields, SORTED } from '../templates/package-json.js';
import { placeOf, withField } from './json-edits.js';

/** Fields that are the user's from the first version on. */
const KEPT: ReadonlySet<string> = new Set(['version', 'packageManager']);

/** The files, where each package.json keeps what the user has added to the one that exists. */
export function mergedWithExisting(root: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map((file) => {
    const existing = join(root, file.path);
    return posix.basename(file.path) === 'package.json' && existsSync(existing)
      ? { ...file, contents: laidOver(readFileSync(existing, 'utf8'), file.contents) }
      : file;
  });
}

/**
 * Lays what is emitted over a package.json of the user's, which keeps its own fields and its format.
 *
 * @returns The user's text, if it has all that is emitted; what is emitted, if the user's is no JSON.
 */
export function laidOver(existing: string, emitted: string): string {
  const own = parsed(existing);
  return isFields(own)
    ? changesBetween(own, JSON.parse(emitted) as Fields, KEPT).reduce((text, { path, value }) => {
        const [list, name] = path.map(String);
        const isDependency = path.length === 2 && list !== undefined && SORTED.has(list);
        return withField(text, path, value, isDependency ? placeOf(`${name}`) : undefined);
      }, existing)
    : emitted;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
