/*
 * `npm run picture`: makes docs/run.svg, the picture in the readme, of a run in a real terminal.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/files.js';
import { makePicture } from './picture.js';
import { removeTemporary } from '../support/environment.js';
import { whyNoTerminal } from '../support/emulator.js';

async function main(): Promise<void> {
  const reason = whyNoTerminal();
  if (reason) {
    throw new Error(`No picture can be made: ${reason}.`);
  }
  writeFileSync(join(root, 'docs/run.svg'), await makePicture());
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(removeTemporary);
