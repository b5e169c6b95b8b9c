import assert from 'node:assert/strict';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../support/apps.js';
import { filesIn, readJson } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { scaffold } from '../support/generated.js';
import { npm, run } from '../support/processes.js';

describe('npm run check:package, for real', function () {
  this.timeout(180_000);
  let folder: string;
  const temporary = newFolder('tmp');

  before(async () => {
    folder = await scaffold([':extension', '.', '--name', '@contoso/timer', '--yes', '--no-git']);
    await npm(['install', '--no-audit'], folder);
  });

  const check = (env: Record<string, string> = {}) =>
    run('npm', ['run', 'check:package'], { cwd: folder, env: { TMPDIR: temporary, ...env } });

  it('is content with the package, and leaves nothing behind', async () => {
    const files = filesIn(folder);
    const { exitCode, all } = await check();
    assert.equal(exitCode, 0, all);
    assert.match(all, /^ℹ pass 5$/m);
    assert.deepEqual(filesIn(folder), files);
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith('check-package-')),
      [],
    );
  });

  it('says what is wrong, without a network too', async () => {
    const pack = readJson(folder, 'package.json');
    pack.files.push('src');
    pack.exports['.'].types = './dist/indx.d.ts';
    writeJson(join(folder, 'package.json'), pack);
    appendFileSync(
      join(folder, 'src/hooks.ts'),
      "\nimport { version } from 'typescript';\nconsole.debug(version);\n",
    );
    const { exitCode, all } = await check({ npm_config_offline: 'true' });
    assert.equal(exitCode, 1);
    assert.match(all, /✖ has everything that users need, and nothing else/);
    assert.match(all, /^ *\+ +'src\/hooks\.ts'/m);
    assert.match(all, /✖ passes publint/);
    assert.match(
      all,
      /pkg\.exports\["\."\]\.types is \.\/dist\/indx\.d\.ts but the file does not exist/,
    );
    assert.match(all, /✖ has types that every kind of import finds \(attw\)/);
    assert.match(all, /✖ can be loaded with require/);
    assert.match(all, /✖ can be loaded with import/);
    assert.match(all, /Cannot find module 'typescript'/);
  });
});
