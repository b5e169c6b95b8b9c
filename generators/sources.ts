import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import type { Sources } from './core/plan.js';
import type { TemplateFile } from './core/render.js';
import type { Manifest } from './core/versions.js';
import { folderWith } from './folder-with.js';

/**
 * The folder of this package. It is looked for, since the bundled code is in another place than its
 * source, and the tests' in a third.
 */
export const packageRoot = folderWith('templates/package.json', import.meta.dirname) ?? '';

/** Gives access to the templates. They are read when they are asked for. */
export function readSources(): Sources {
  const root = join(packageRoot, 'templates');
  // The rooms of a workspace have some folders in common.
  const read = new Map<string, TemplateFile[]>();
  const require = createRequire(import.meta.url);
  return {
    filesIn: (name) => {
      const files = read.get(name) ?? filesBelow(join(root, name));
      read.set(name, files);
      return files;
    },
    manifest: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest,
    spdxText: (id) =>
      id === 'UNLICENSED'
        ? undefined
        : (require(`spdx-license-list/licenses/${id}.json`) as { licenseText: string }).licenseText,
    year: new Date().getFullYear(),
  };
}

function filesBelow(folder: string): TemplateFile[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({
          path: relative(folder, file).split(sep).join('/'),
          text: readFileSync(file, 'utf8'),
        }))
    : [];
}
