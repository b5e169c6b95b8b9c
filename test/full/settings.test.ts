import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { cli, npm, run } from '../../tools/support/processes.js';

/** Settings of npm and of a machine that others have, for real. */
describe('with the setting', () => {
  for (const [name, value] of [
    ['npm_config_ignore_scripts', 'true'],
    ['npm_config_engine_strict', 'true'],
    ['npm_config_omit', 'dev'],
    ['npm_config_min_release_age', '14'],
    ['NODE_ENV', 'production'],
    ['CI', 'true'],
  ] as const) {
    it(`${name}=${value}, a new project is installed, and tests itself`, async () => {
      const cwd = newFolder();
      const env = { [name]: value };
      const made = await cli(['.', '--name', 'timer', '--yes', '--no-git'], { cwd, env });
      assert.equal(made.exitCode, 0, made.all);
      assert.match(made.all, / 1\. npm test /);
      await npm(['test'], cwd, env);
    });
  }

  it('npm_config_ignore_scripts=true, what is published has been built', async () => {
    const env = { npm_config_ignore_scripts: 'true' };
    const cwd = newFolder();
    const made = await cli(['.', '--name', 'timer', '--yes', '--no-git'], { cwd, env });
    assert.equal(made.exitCode, 0, made.all);
    assert.ok(!existsSync(join(cwd, 'extension/dist')));
    const output = await npm(['publish', './extension', '--dry-run'], cwd, env);
    assert.match(output, / dist\/src\/index\.js$/m);
  });

  describe('on Node.js 24,', () => {
    let cwd: string;
    let PATH: string;
    before(async () => {
      const tool = newFolder('node');
      await npm(['install', '--no-audit', '--no-fund', '--prefix', tool, 'node@24'], tool);
      PATH = [join(tool, 'node_modules/node/bin'), process.env.PATH].join(delimiter);
      cwd = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
      await npm(['install', '--no-audit'], cwd);
    });

    it('NODE_USE_ENV_PROXY and a proxy, an app still tests itself', async () => {
      const proxy = 'http://127.0.0.1:9';
      const env = { PATH, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
      await npm(['test'], cwd, env);
    });

    it('none of these, the tests show what they cover', async () => {
      const output = await npm(['run', 'coverage', '--workspace', 'extension'], cwd, { PATH });
      assert.match(output, /timer\.ts .*\| +\d/);
    });
  });

  it('min-release-age that no version meets, what is advised installs', async () => {
    const cwd = newFolder();
    const env = { npm_config_min_release_age: '3650' };
    const made = await cli(['.', '--name', 'timer', '--yes', '--no-git'], { cwd, env });
    assert.equal(made.exitCode, 1);
    assert.match(
      made.all,
      /npm install has failed, a version is younger than your settings allow\./,
    );
    const [, advice = ''] = / 1\. (.*?) +#/.exec(made.all) ?? [];
    assert.notEqual(advice, 'npm install');
    const { exitCode, all } = await run('sh', ['-c', advice], { cwd, env });
    assert.equal(exitCode, 0, all);
    assert.ok(existsSync(join(cwd, 'node_modules/typescript')));
  });
});
