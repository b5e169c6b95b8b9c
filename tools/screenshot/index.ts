/*
 * `npm run screenshot`: makes docs/inspector.png and docs/inspector-python.png, the pictures in the readme and in the
 * tutorials, of real runs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyNoBrowser } from '../support/browser.js';
import { removeTemporary } from '../support/environment.js';
import { root } from '../support/files.js';
import { findPythons } from '../support/python.js';
import { checkIsFree } from '../support/server.js';
import { makePythonScreenshot, makeScreenshot } from './screenshot.js';

const PORT = 7071;

async function main(): Promise<void> {
  const reason = whyNoBrowser();
  if (reason) {
    throw new Error(`No screenshot can be made: ${reason}.`);
  }
  const python = (await findPythons()).get('3.13');
  if (python === undefined) {
    throw new Error('No screenshot can be made in Python: there is no Python 3.13.');
  }
  await checkIsFree(PORT);
  writeFileSync(join(root, 'docs/inspector.png'), await makeScreenshot(PORT));
  writeFileSync(join(root, 'docs/inspector-python.png'), await makePythonScreenshot(python, PORT));
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(removeTemporary);
