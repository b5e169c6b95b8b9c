import { constants, lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keepingOwnFields } from './core/own-fields.js';
import type { OutputFile } from './core/render.js';
import { isAllowed } from './destination.js';

/** The files, where each package.json keeps what the user has added to the one that is there. */
export function overOwnFields(destination: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map((file) => {
    const target = join(destination, file.path);
    const isOver = basename(target) === 'package.json' && !file.isEdit && isReadable(target);
    return isOver
      ? { ...file, contents: keepingOwnFields(readFileSync(target, 'utf8'), file.contents) }
      : file;
  });
}

function isReadable(file: string): boolean {
  return (
    lstatSync(file, { throwIfNoEntry: false })?.isFile() === true && isAllowed(file, constants.R_OK)
  );
}
