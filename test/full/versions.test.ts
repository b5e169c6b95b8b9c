import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { filesIn, read, readJson, root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { scaffold } from '../support/generated.js';
import { npm, run } from '../support/processes.js';
import { temporary } from '../support/setup.js';

const scopes = ['app', 'function'] as const;

describe('versions of @azure/functions', () => {
  // The lowest of the default peer range, the first one with streams, and one in between.
  for (const version of ['4.1.0', '4.3.0', '4.8.0']) {
    for (const scope of scopes) {
      it(`scope ${scope} builds and passes with ${version}`, async () => {
        const cwd = await scaffold([
          '.',
          '--name',
          'timer',
          '--scope',
          scope,
          '--functions-range',
          version,
          '-y',
          '--no-git',
        ]);
        await npm(['install'], cwd);
        assert.equal(readJson(cwd, 'node_modules/@azure/functions/package.json').version, version);
        await npm(['test'], cwd);
      });
    }
  }
});

/** A PATH on which `node` is a certain version. */
async function pathWith(version: string): Promise<string> {
  const folder = newFolder('node');
  // A test has another user who runs it.
  chmodSync(temporary, 0o755);
  chmodSync(folder, 0o755);
  await npm(['install', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`], folder);
  const path = [join(folder, 'node_modules/node/bin'), process.env.PATH].join(delimiter);
  const { stdout } = await run('node', ['--version'], { cwd: folder, env: { PATH: path } });
  assert.ok(stdout.startsWith(`v${version}`), stdout);
  return path;
}

/** The yeoman-test that runs on Node.js 20 aborts on 26. There, the test of the real `yo` takes its place. */
function runsOn(version: string, test: string): boolean {
  return version !== '26' || !read(root, test).includes('/support/generator.js');
}

describe('versions of Node.js', () => {
  for (const version of ['16', '18', '20.18']) {
    it(`${version} is refused in one line`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await run('node', [join(root, 'bin.cjs'), '--yes'], {
        cwd,
        env: { PATH: await pathWith(version) },
      });
      assert.equal(exitCode, 1);
      assert.match(
        all,
        /^generator-azfunc-extension needs Node\.js 20\.19 or later\. This is [\d.]+\.$/,
      );
      assert.deepEqual(filesIn(cwd), []);
    });
  }

  for (const version of ['20.19', '22', '24', '26']) {
    it(`${version} scaffolds, builds and passes both scopes, and our own tests`, async () => {
      const env = { TEST_FOLDER: '', PATH: await pathWith(version) };
      const succeed = async (command: string, args: string[], cwd: string) => {
        const { exitCode, all } = await run(command, args, { cwd, env });
        assert.equal(exitCode, 0, all);
      };
      for (const scope of scopes) {
        const cwd = newFolder('made');
        await succeed(
          'node',
          [join(root, 'bin.cjs'), '.', '--name', 'timer', '--scope', scope, '-y', '--no-git'],
          cwd,
        );
        assert.ok(filesIn(cwd).length > 30);
        await succeed('npm', ['test'], cwd);
      }
      const tests = ['unit', 'generators']
        .flatMap((folder) =>
          filesIn(join(root, 'build/test', folder)).map((file) => join(folder, file)),
        )
        .filter((file) => file.endsWith('.test.js'))
        .map((file) => join('build/test', file))
        .filter((file) => runsOn(version, file));
      await succeed(
        'node',
        [
          'node_modules/mocha/bin/mocha.js',
          '--no-config',
          '--require',
          'build/test/support/setup.js',
          '--timeout',
          '60000',
          ...tests,
          ...(version === '26' ? ['build/test/generated/yo.test.js'] : []),
        ],
        root,
      );
    });
  }
});
