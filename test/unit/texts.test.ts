import assert from 'node:assert/strict';
import { helpFor } from '../../generators/core/help.js';
import { catalogue } from '../../generators/core/catalogue.js';
import { numbered, requestOf, stepsFor } from '../../generators/core/next-steps.js';
import { commandsOf } from '../../generators/core/package-manager.js';
import { generatorIds, parametersOf } from '../../generators/core/parameters.js';
import { switches } from '../../generators/core/flags.js';
import { complete } from '../../generators/core/questions.js';
import { known } from '../support/known.js';

const answers = complete(known({ functionName: 'Hello' }));

describe('help', () => {
  for (const id of generatorIds) {
    it(`of ${id} has every flag, and examples`, () => {
      const help = helpFor(id, 'yo azfunc-extension');
      for (const { flag } of [...parametersOf(id), ...switches]) {
        assert.match(help, new RegExp(`--(\\[no-\\])?${flag}\\b`));
      }
      assert.match(help, /^Usage: yo azfunc-extension \[destination\] \[options\]$/m);
      assert.match(help, /Examples:\n {2}yo azfunc-extension /);
    });
  }

  for (const id of ['app', 'extension'] as const) {
    it(`of ${id} describes every template in a line`, () => {
      for (const template of catalogue) {
        const line = new RegExp(
          `^ {2}${template.id} +${template.summary.replace(/[()]/g, '\\$&')}$`,
          'm',
        );
        assert.match(helpFor(id, 'yo azfunc-extension'), line);
      }
    });
  }
});

describe('next steps', () => {
  it('are numbered, and begin with the folder', () => {
    const steps = numbered(stepsFor('workspace', answers, false), { folder: 'my folder' });
    assert.deepEqual(
      steps.split('\n').map((step) => step.replace(/\s+#.*/, '').trim()),
      [
        '1. cd "my folder"',
        '2. npm test',
        '3. npm start',
        '4. curl http://127.0.0.1:7071/api/Hello',
      ],
    );
  });

  it('leave out the folder that one is in, and have npm install where it was skipped', () => {
    const steps = numbered(stepsFor('extension', answers, false), {
      folder: '',
      install: 'npm install',
    });
    assert.match(steps, /^ {2}1\. npm install\n {2}2\. npm test/);
  });

  it('are in the words of the package manager', () => {
    const steps = numbered(
      stepsFor('function-app', { ...answers, packageManager: 'pnpm' }, false),
      {
        folder: '',
        install: commandsOf('pnpm').install,
      },
    );
    assert.match(steps, /1\. pnpm install\n +2\. pnpm test .*\n +3\. pnpm run start:local/);
  });

  it('call a function as its trigger wants it', () => {
    assert.equal(requestOf('Hello', 'http')[0], 'curl http://127.0.0.1:7071/api/Hello');
    assert.equal(
      requestOf('Orders', 'queue')[0],
      `curl --json '{"input": "a message"}' http://127.0.0.1:7071/admin/functions/Orders`,
    );
    assert.equal(
      requestOf('Nightly', 'timer')[0],
      `curl --json '{}' http://127.0.0.1:7071/admin/functions/Nightly`,
    );
  });
});
