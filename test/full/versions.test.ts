import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import { filesIn, readJson, root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { scaffold } from '../support/generated.js';
import { npm, run } from '../support/processes.js';

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

describe('versions of Node.js', () => {
  for (const version of ['20.19', '22', '24']) {
    it(`${version} scaffolds, builds and passes both scopes, and our own tests`, async () => {
      const node = newFolder('node');
      await npm(['install', '--no-audit', '--no-fund', '--prefix', node, `node@${version}`], node);
      const env = {
        TEST_FOLDER: '',
        PATH: [join(node, 'node_modules/node/bin'), process.env.PATH].join(delimiter),
      };
      const { stdout } = await run('node', ['--version'], { cwd: node, env });
      assert.ok(stdout.startsWith(`v${version}`), stdout);
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
      const tests = ['unit', 'generators'].map((folder) => `build/test/${folder}/**/*.test.js`);
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
        ],
        root,
      );
    });
  }
});
