/*
 * `npm run golden`: makes the outputs in golden/ again. What has changed in them is for the review of
 * the commit.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporary } from '../support/environment.js';
import { cases } from './cases.js';
import { golden, makeGolden } from './golden.js';

try {
  rmSync(golden, { recursive: true, force: true });
  for (const one of cases) {
    await makeGolden(one, join(golden, one.name));
    console.log(`golden/${one.name}`);
  }
} finally {
  removeTemporary();
}
