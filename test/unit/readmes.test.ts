import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { golden } from '../../tools/golden/golden.js';
import { filesIn, read } from '../../tools/support/files.js';

/** Files that are there once something has been built or run. */
const LATER = /(^|\/)(dist|deploy|coverage|node_modules)\//;

const FILE = /`([\w.@-]+(?:\/[\w.@-]+)+\.(?:cjs|js|json|md|py|toml|ts|txt|yml))`/g;

describe('readmes of what is made', () => {
  for (const readme of filesIn(golden).filter((path) => basename(path) === 'README.md')) {
    it(`${readme} names files that are there`, () => {
      const [project = ''] = readme.split(/[\\/]/);
      const missing = [...read(golden, readme).matchAll(FILE)]
        .map(([, path = '']) => path)
        .filter((path) => !LATER.test(path))
        .filter((path) =>
          [dirname(readme), project].every((folder) => !existsSync(join(golden, folder, path))),
        );
      assert.deepEqual(missing, []);
    });
  }
});
