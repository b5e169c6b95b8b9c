import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { temporary } from '../support/setup.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** What the README promises of a clean clone: `npm start` does it all, and leaves nothing for git to see. */
describe('a clean clone', () => {
  for (const user of isRoot ? ['root', 'a plain user'] : ['a plain user']) {
    it(`runs npm start twice as ${user}`, async () => {
      const home = newFolder('home');
      const clone = join(home, 'clone');
      await execa('git', ['-c', 'safe.directory=*', 'clone', '--quiet', root, clone]);
      const becomes = isRoot && user !== 'root';
      if (becomes) {
        chmodSync(temporary, 0o755);
        await execa('chown', ['-R', `${NOBODY}:${NOBODY}`, home]);
      }
      const options = {
        cwd: clone,
        env: { HOME: home },
        ...(becomes && { uid: NOBODY, gid: NOBODY }),
        all: true,
        stdin: 'ignore',
      } as const;
      for (const attempt of ['first', 'second']) {
        const { all } = await execa('npm', ['start'], options);
        assert.match(all, /\n[^\n]*\(TimeElapsed: \d+\.\d{4} sec\)\n\nIt works\./, attempt);
      }
      assert.ok(
        existsSync(join(clone, 'playground/azfunc-extension-timer/function-app/host.json')),
      );
      const { stdout } = await execa('git', ['status', '--porcelain'], options);
      assert.equal(stdout, '');
    });
  }
});
