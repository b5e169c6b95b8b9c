import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from './core/render.js';
import { Refusal } from './core/refusal.js';
import { nearestFolder } from './surroundings.js';

/** @throws Refusal, if a folder is none, or if it cannot be written to or made. */
export function refuseUnwritable(folder: string): void {
  const existing = nearestFolder(folder);
  if (!statSync(existing).isDirectory()) {
    throw new Refusal(`${existing} is a file. Choose another destination.`);
  }
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    throw new Refusal(
      `${existing} cannot be written to. Choose another destination, or change its permissions.`,
    );
  }
}

/** @throws Refusal, if a file is there already and has other contents. */
export function refuseOverwriting(folder: string, files: readonly OutputFile[]): void {
  const [first, ...others] = files
    .filter(({ path, contents }) => {
      const file = join(folder, path);
      return existsSync(file) && readFileSync(file, 'utf8') !== contents;
    })
    .map(({ path }) => path);
  if (first !== undefined) {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    throw new Refusal(
      `${first}${more} would be overwritten, and there is no terminal to ask in. Add --force to overwrite.`,
    );
  }
}
