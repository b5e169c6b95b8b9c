import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import type { Sources } from './core/plan.js';
import type { Manifest } from './core/versions.js';

/**
 * The folder of this package. It is looked for, since the compiled code is one folder deeper than
 * its source.
 */
export const packageRoot = findUp(import.meta.dirname);

function findUp(folder: string): string {
  return existsSync(join(folder, 'templates', 'package.json')) ? folder : findUp(dirname(folder));
}

/** Gives access to the templates. They are read when they are asked for. */
export function readSources(): Sources {
  const root = join(packageRoot, 'templates');
  const require = createRequire(import.meta.url);
  return {
    filesIn: (name) => {
      const folder = join(root, name);
      return existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
            .map((file) => ({
              path: relative(folder, file).split(sep).join('/'),
              text: readFileSync(file, 'utf8'),
            }))
        : [];
    },
    manifest: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest,
    spdxText: (id) =>
      id === 'UNLICENSED'
        ? undefined
        : (require(`spdx-license-list/licenses/${id}.json`) as { licenseText: string }).licenseText,
    year: new Date().getFullYear(),
  };
}
