import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';

/** The files of a local host, as they have been built: an app gets them as they are. */
export function localHost({ root }: Templates, paths: readonly string[]): OutputFile[] {
  return paths.map((path) => ({
    path,
    contents: readFileSync(join(root, '../dist', path), 'utf8'),
  }));
}
