import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestWith } from './found/folders.js';
import { openTemplates, type Templates } from './templates/load.js';

/**
 * The folder of this package. It is looked for, since the bundled code is in another place than its
 * source, and the tests' in a third.
 */
export const packageRoot = nearestWith('templates/package.json', import.meta.dirname) ?? '';

/** The version of this package. */
export function versionOfPackage(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The templates of this package. */
export function ownTemplates(): Templates {
  return openTemplates(join(packageRoot, 'templates'));
}
