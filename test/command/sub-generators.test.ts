import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { runGenerator, withTerminal } from '../support/generator.js';
import { cli } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';

const yes = { yes: true, git: false };

describe('generator extension', () => {
  for (const scope of ['app', 'function'] as const) {
    it(`writes the same package of scope ${scope} as --no-function-app`, async () => {
      const own = await runGenerator('extension', { options: { ...yes, scope } });
      const app = await runGenerator('app', { options: { ...yes, scope, functionApp: false } });
      assert.ok(filesIn(own.cwd).length > 15);
      assert.deepEqual(treeOf(own.cwd), treeOf(app.cwd));
    });
  }

  it('refuses a wrong flag, and writes nothing', async () => {
    const cwd = newFolder();
    await assert.rejects(
      runGenerator('extension', { options: { ...yes, license: 'MTI' }, cwd }),
      /SPDX/,
    );
    assert.deepEqual(filesIn(cwd), []);
  });

  describe('questions', () => {
    withTerminal();

    it('are those of a package', async () => {
      const { askedQuestions } = await runGenerator('extension', {
        options: { git: false, askAll: true },
        answers: {
          template: 'timer',
          scope: 'app',
          name: 'timer',
          description: 'x',
          author: '',
          email: '',
          license: 'MIT',
          repository: '',
          functionsRange: '^4.1.0',
          ci: 'none',
        },
      });
      assert.equal(askedQuestions.length, 10);
    });
  });
});

describe('generator function-app', () => {
  const extensions = new Map<string, string>();
  before(async () => {
    for (const scope of ['app', 'function']) {
      const { cwd } = await runGenerator('extension', {
        args: ['my-extension'],
        options: { ...yes, scope, name: '@contoso/timer' },
      });
      extensions.set(scope, join(cwd, 'my-extension'));
    }
  });

  for (const scope of ['app', 'function'] as const) {
    it(`writes an app for an extension of scope ${scope}`, async () => {
      const { cwd } = await runGenerator('function-app', {
        args: ['my-app'],
        options: { ...yes, extension: extensions.get(scope) },
      });
      const folder = join(cwd, 'my-app');
      const { dependencies } = readJson(folder, 'package.json');
      assert.deepEqual(Object.keys(dependencies), [
        '@azure/functions',
        '@contoso/azfunc-extension-timer',
      ]);
      assert.match(
        dependencies['@contoso/azfunc-extension-timer'],
        /^file:\.\.\/\.\.\/.*\/my-extension$/,
      );
      assert.equal(
        read(folder, 'src/index.ts'),
        `import { TimerExtension } from '@contoso/azfunc-extension-timer';\n\n${
          scope === 'app' ? 'TimerExtension.configure(' : "new TimerExtension('HttpTrigger', "
        }{ appendToHttpResponse: true });\n`,
      );
    });
  }

  it('goes by default to a folder of its own', async () => {
    const { cwd } = await runGenerator('function-app', {
      options: { ...yes, extension: extensions.get('app') },
    });
    assert.ok(filesIn(cwd).includes('azfunc-extension-timer-app/host.json'));
  });

  for (const [options, reason] of [
    [{ 'function-name': '1', extension: 'x' }, /not a function name/],
    [{}, /Which extension\? Give --extension/],
    [{ extension: './none' }, /There is no .*none/],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}, and writes nothing`, async () => {
      const cwd = newFolder();
      await assert.rejects(
        runGenerator('function-app', { options: { ...yes, ...options }, cwd }),
        reason,
      );
      assert.deepEqual(filesIn(cwd), []);
    });
  }

  describe('questions', () => {
    withTerminal();

    it('are those of an app, and the extension that it uses', async () => {
      const answers = {
        extension: extensions.get('app'),
        functionsRange: '^4.1.0',
        functionName: 'Hello',
      };
      const { askedQuestions } = await runGenerator('function-app', {
        options: { git: false, askAll: true },
        answers,
      });
      assert.deepEqual(
        askedQuestions.map(({ name }) => name),
        Object.keys(answers),
      );
    });
  });
});

describe('in an npm workspace', () => {
  function workspace(workspaces: unknown): string {
    const cwd = newFolder('workspace');
    writeFileSync(
      join(cwd, 'package.json'),
      `${JSON.stringify({ name: 'root', workspaces, private: true }, null, 2)}\n`,
    );
    return cwd;
  }

  for (const [before, after] of [
    [['apps/*'], ['apps/*', 'packages/timer']],
    [['packages/*'], ['packages/*']],
    [['./packages/timer/'], ['./packages/timer/']],
    [{ packages: ['a'] }, { packages: ['a', 'packages/timer'] }],
  ] as const) {
    it(`an extension becomes a member of ${JSON.stringify(before)}`, async () => {
      const cwd = workspace(before);
      await runGenerator('extension', { args: ['packages/timer'], options: yes, cwd });
      assert.deepEqual(readJson(cwd, 'package.json'), {
        name: 'root',
        workspaces: after,
        private: true,
      });
      assert.ok(filesIn(cwd).includes('packages/timer/src/timer.ts'));
    });
  }

  it('so does the package that --no-function-app leaves, without a question', async () => {
    const cwd = workspace(['apps/*']);
    const { exitCode, all } = await cli(
      ['timer', '--no-function-app', '--yes', '--skip-install', '--no-git'],
      { cwd },
    );
    assert.equal(exitCode, 0, all);
    assert.deepEqual(readJson(cwd, 'package.json').workspaces, ['apps/*', 'timer']);
  });

  it('a workspace is refused where it would be a member, and writes nothing', async () => {
    const cwd = workspace(['packages/*']);
    await assert.rejects(
      runGenerator('app', { args: ['packages/timer'], options: yes, cwd }),
      /npm has no workspaces in workspaces\. Make the package there: --no-function-app/,
    );
    assert.deepEqual(filesIn(cwd), ['package.json']);
    await runGenerator('app', { args: ['elsewhere'], options: yes, cwd });
    assert.deepEqual(readJson(cwd, 'package.json').workspaces, ['packages/*']);
  });
});
