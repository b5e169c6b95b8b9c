import assert from 'node:assert/strict';
import { join } from 'node:path';
import { filesIn, readJson, writeJson } from '../../tools/support/files.js';
import { scaffold } from '../../tools/support/generated.js';
import { npm, run } from '../../tools/support/processes.js';

describe('npm run check:package, for real', function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = await scaffold([':extension', '.', '--name', '@contoso/timer', '--yes', '--no-git']);
    await npm(['install', '--no-audit'], folder);
  });

  const check = (env: Record<string, string> = {}) =>
    run('npm', ['run', 'check:package'], { cwd: folder, env });

  it('is content with the package, and leaves nothing behind', async () => {
    const files = filesIn(folder);
    const { exitCode, all } = await check();
    assert.equal(exitCode, 0, all);
    assert.deepEqual(filesIn(folder), files);
  });

  it('says what is wrong, without a network too', async () => {
    const pack = readJson(folder, 'package.json');
    pack.exports['.'].types = './dist/src/indx.d.ts';
    writeJson(join(folder, 'package.json'), pack);
    const { exitCode, all } = await check({ npm_config_offline: 'true' });
    assert.equal(exitCode, 1);
    assert.match(
      all,
      /pkg\.exports\["\."\]\.types is \.\/dist\/src\/indx\.d\.ts but the file does not exist/,
    );
  });
});
