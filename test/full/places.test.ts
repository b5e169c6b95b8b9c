import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { npm } from '../../tools/support/processes.js';

describe('a project in a folder that is hard to name', () => {
  for (const name of ["Größe & it's $HOME", '空 間 😀 (1)']) {
    it(`is installed, tested, run and packaged in ${name}`, async () => {
      const cwd = join(newFolder(), name);
      mkdirSync(cwd);
      await scaffold(['.', '--name', 'timer', '--yes', '--no-git'], cwd);
      await npm(['install'], cwd);
      await npm(['test'], cwd);
      await npm(['run', 'package'], cwd);
      assert.ok(existsSync(join(cwd, 'function-app/deploy.zip')));
    });
  }
});
