/*
 * `npm run screenshot`: makes docs/inspector.png, the picture in the readme and in the tutorial, of a real run.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyNoBrowser } from '../support/browser.js';
import { removeTemporary } from '../support/environment.js';
import { root } from '../support/files.js';
import { checkIsFree } from '../support/server.js';
import { makeScreenshot } from './screenshot.js';

const PORT = 7071;

async function main(): Promise<void> {
  const reason = whyNoBrowser();
  if (reason) {
    throw new Error(`No screenshot can be made: ${reason}.`);
  }
  await checkIsFree(PORT);
  writeFileSync(join(root, 'docs/inspector.png'), await makeScreenshot(PORT));
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(removeTemporary);
