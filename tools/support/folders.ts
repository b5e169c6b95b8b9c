import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './environment.js';

/** A new, empty folder. */
export function newFolder(name = 'folder'): string {
  return mkdtempSync(join(temporary, `${name}-`));
}
