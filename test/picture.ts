/*
 * `npm run picture`: makes docs/run.svg, the picture in the readme, of a run in a real terminal.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/files.js';
import { makePicture } from './support/picture.js';
import { mochaGlobalTeardown } from './support/setup.js';
import { whyNoTerminal } from './support/terminal.js';

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
  .finally(mochaGlobalTeardown);
