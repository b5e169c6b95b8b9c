import assert from 'node:assert/strict';
import { join } from 'node:path';
import { extensionFiles, functionAppFiles } from '../support/expected-files.js';
import { filesIn, read, readJson } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { runGenerator, withTerminal } from '../support/generator.js';

const yes = { yes: true, git: false };

describe('generator extension', () => {
  for (const scope of ['app', 'function'] as const) {
    it(`writes exactly the package of scope ${scope}`, async () => {
      const { cwd } = await runGenerator('extension', { options: { ...yes, scope } });
      assert.deepEqual(
        filesIn(join(cwd, 'azfunc-extension-timer')),
        ['.gitignore', ...extensionFiles(scope)].sort(),
      );
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
        options: { git: false },
        answers: {
          scope: 'app',
          name: 'timer',
          description: 'x',
          author: '',
          email: '',
          license: 'MIT',
          repository: '',
          functionsRange: '^4.1.0',
        },
      });
      assert.equal(askedQuestions.length, 8);
    });
  });
});

describe('generator function-app', () => {
  for (const scope of ['app', 'function'] as const) {
    it(`writes exactly an app for an extension of scope ${scope}`, async () => {
      const { cwd } = await runGenerator('function-app', {
        args: ['my-app'],
        options: { ...yes, scope, name: '@contoso/timer' },
      });
      const folder = join(cwd, 'my-app');
      assert.deepEqual(filesIn(folder), ['.gitignore', 'README.md', ...functionAppFiles].sort());
      assert.deepEqual(readJson(folder, 'package.json').dependencies, {
        '@azure/functions': '^4.1.0',
        '@contoso/azfunc-extension-timer': '^0.1.0',
      });
      assert.match(
        read(folder, 'src/index.ts'),
        scope === 'app' ? /TimerExtension\.configure\(/ : /new TimerExtension\('HttpTrigger', /,
      );
    });
  }

  it('goes by default to a folder of its own', async () => {
    const { cwd } = await runGenerator('function-app', { options: { ...yes, name: 'timer' } });
    assert.ok(filesIn(cwd).includes('azfunc-extension-timer-app/host.json'));
  });

  it('refuses a wrong flag, and writes nothing', async () => {
    const cwd = newFolder();
    await assert.rejects(
      runGenerator('function-app', { options: { ...yes, 'function-name': '1' }, cwd }),
      /not a function name/,
    );
    assert.deepEqual(filesIn(cwd), []);
  });

  describe('questions', () => {
    withTerminal();

    it('are those of an app, and its name is that of the extension', async () => {
      const { askedQuestions } = await runGenerator('function-app', {
        options: { git: false },
        answers: { scope: 'app', name: 'timer', functionsRange: '^4.1.0', functionName: 'Hello' },
      });
      assert.equal(askedQuestions.length, 4);
    });
  });
});
