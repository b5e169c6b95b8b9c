import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cases } from '../../tools/golden/cases.js';
import { difference, makeGolden } from '../../tools/golden/golden.js';
import { temporary } from '../../tools/support/environment.js';
import { filesIn, readJson, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { npm, pack, run } from '../../tools/support/processes.js';

const scopes = ['app', 'function'] as const;

describe('versions of @azure/functions', () => {
  // The lowest of the default peer range, the first one with streams, and one in between.
  for (const version of ['4.1.0', '4.3.0', '4.8.0']) {
    for (const scope of scopes) {
      it(`scope ${scope} builds and passes with ${version}`, async () => {
        const options = ['--name=timer', `--scope=${scope}`, `--functions-range=${version}`];
        const cwd = await scaffold(['.', ...options, '--yes', '--no-git']);
        await npm(['install'], cwd);
        assert.equal(readJson(cwd, 'node_modules/@azure/functions/package.json').version, version);
        await npm(['test'], cwd);
      });
    }
  }
});

/** An environment in which `node` is a certain version. */
async function environmentWith(version: string): Promise<Record<string, string>> {
  const folder = newFolder('node');
  // A test has another user who runs it.
  chmodSync(temporary, 0o755);
  chmodSync(folder, 0o755);
  await npm(['install', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`], folder);
  const PATH = [join(folder, 'node_modules/node/bin'), process.env.PATH].join(delimiter);
  const { stdout } = await run('node', ['--version'], { cwd: folder, env: { PATH } });
  assert.ok(stdout.startsWith(`v${version}`), stdout);
  return { PATH };
}

/** Whether the tests themselves run on a version. */
function isRunning(version: string): boolean {
  return process.version.startsWith(`v${version}.`);
}

/*
 * `npm test` has run everything on one version of Node.js. Here are those parts that can differ on
 * another one: the program, alone and under yo, the project that it makes, and the local host.
 */
describe('versions of Node.js', () => {
  for (const version of ['16', '18', '20.18']) {
    it(`${version} is refused in one line`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await run('node', [join(root, 'bin.cjs'), '--yes'], {
        cwd,
        env: await environmentWith(version),
      });
      assert.equal(exitCode, 1);
      assert.match(
        all,
        /^generator-azfunc-extension needs Node\.js 20\.19 or later\. This is [\d.]+\.$/,
      );
      assert.deepEqual(filesIn(cwd), []);
    });
  }

  let installed: string;
  before(async () => {
    installed = newFolder('yo');
    const { file } = await pack(root, installed, '--ignore-scripts');
    await npm(
      ['install', '--no-audit', '--no-fund', '--prefix', installed, 'yo@7', file],
      installed,
    );
    chmodSync(temporary, 0o755);
    chmodSync(installed, 0o755);
  });

  it('yo 4 is told to be too old, and how to go on', async () => {
    const old = newFolder('yo');
    await npm(['install', '--no-audit', '--no-fund', '--prefix', old, 'yo@4'], old);
    const cwd = newFolder('work');
    chmodSync(old, 0o755);
    chmodSync(cwd, 0o777);
    const yo = join(old, 'node_modules/yo/lib/cli.js');
    const { all } = await run('node', [yo, 'azfunc-extension', '--yes'], {
      cwd,
      env: { HOME: cwd, NODE_PATH: join(installed, 'node_modules') },
    });
    assert.match(
      all,
      /requires yeoman-environment at least 4.*try reinstalling latest version of 'yo'/,
    );
    assert.deepEqual(
      filesIn(cwd).filter((path) => !/^\.(config|npm)\//.test(path)),
      [],
    );
  });

  const { tested } = readJson(root, 'templates/support.json').node as { tested: number[] };
  // The first one is the oldest that runs the generator.
  const versions = tested.map((one, index) => (index === 0 ? `${one}.19` : `${one}`));
  for (const version of versions.filter((one) => !isRunning(one))) {
    describe(version, () => {
      let env: Record<string, string>;
      before(async () => {
        env = await environmentWith(version);
      });
      const succeed = async (command: string, args: string[], cwd: string, more = {}) => {
        const { exitCode, all } = await run(command, args, { cwd, env: { ...env, ...more } });
        assert.equal(exitCode, 0, all);
      };

      for (const one of cases.filter(({ name }) => /^(typescript|python)-timer-app$/.test(name))) {
        it(`makes ${one.name} as golden/ has it`, async () => {
          const made = join(newFolder('made'), one.name);
          await makeGolden(one, made, { env });
          assert.equal(await difference(one.name, made), '');
        });
      }

      it('runs the generator under yo', async () => {
        const cwd = newFolder('work');
        chmodSync(cwd, 0o777);
        const yo = join(installed, 'node_modules/yo/lib/cli.js');
        const args = ['out', '--name=timer', '--yes', '--skip-install', '--no-git'];
        await succeed('node', [yo, 'azfunc-extension', ...args], cwd, {
          HOME: cwd,
          NODE_PATH: join(installed, 'node_modules'),
        });
        assert.ok(filesIn(join(cwd, 'out')).includes('extension/package.json'));
      });

      for (const scope of scopes) {
        it(`builds and tests a project of scope ${scope}`, async () => {
          const options = ['--name=timer', `--scope=${scope}`, '--yes', '--no-git'];
          const cwd = await scaffold(['.', ...options]);
          await succeed('npm', ['install', '--no-audit', '--no-fund'], cwd);
          await succeed('npm', ['test'], cwd);
        });
      }

      it('passes the tests of the local host', async () => {
        const mocha = [
          'node_modules/mocha/bin/mocha.js',
          '--no-config',
          '--require=build/test/support/setup.js',
          '--timeout=60000',
          '--ignore=build/local-host/test/full/**',
          'build/local-host/test/**/*.test.js',
        ];
        await succeed('node', mocha, root, { TEST_FOLDER: '' });
      });
    });
  }
});
