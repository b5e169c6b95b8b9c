import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { temporary } from '../../tools/support/environment.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** What the README promises of a clean clone: `npm start` does it all, and leaves nothing for git to see. */
describe('a clean clone', () => {
  for (const [user, attempts] of [
    ['a plain user', ['first', 'second']],
    ...(isRoot ? [['root', ['first']] as const] : []),
  ] as const) {
    it(`runs npm start as ${user}, attempts: ${attempts.join(', ')}`, async () => {
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
      for (const attempt of attempts) {
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
