import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, root } from '../support/files.js';
import { execa } from 'execa';
import { temporary } from '../support/setup.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** What the README promises of a clean clone: `npm start` does it all, twice, and leaves nothing for git to see. */
describe('a clean clone', () => {
  for (const user of isRoot ? ['root', 'a plain user'] : ['a plain user']) {
    it(`runs npm start twice as ${user}`, async () => {
      chmodSync(temporary, 0o755);
      const home = newFolder('home');
      const identity = isRoot && user !== 'root' ? { uid: NOBODY, gid: NOBODY } : {};
      if (isRoot && user !== 'root') {
        chownSync(home, NOBODY, NOBODY);
      }
      const options = {
        cwd: home,
        ...identity,
        env: {
          HOME: home,
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'safe.directory',
          GIT_CONFIG_VALUE_0: '*',
        },
        all: true,
        stdin: 'ignore',
      } as const;
      await execa('git', ['clone', '--quiet', root, 'clone'], options);
      const clone = join(home, 'clone');
      for (const attempt of ['first', 'second']) {
        const { all } = await execa('npm', ['start'], { ...options, cwd: clone });
        assert.match(all, /\(TimeElapsed: \d+\.\d{4} sec\)/, `${attempt} run`);
      }
      assert.ok(
        existsSync(join(clone, 'playground/azfunc-extension-timer/function-app/host.json')),
      );
      const { stdout } = await execa('git', ['status', '--porcelain'], { ...options, cwd: clone });
      assert.equal(stdout, '');
    });
  }
});
