import assert from 'node:assert/strict';
import { helpFor } from '../../generators/core/help.js';
import { nextSteps } from '../../generators/core/next-steps.js';
import { parametersOf } from '../../generators/core/parameters.js';
import { switches } from '../../generators/core/flags.js';
import { complete } from '../../generators/core/questions.js';
import { known } from '../support/known.js';

const answers = complete(known({ functionName: 'Hello' }));

describe('help', () => {
  for (const id of ['app', 'extension', 'function-app'] as const) {
    it(`of ${id} has every flag, and examples`, () => {
      const help = helpFor(id, 'yo azfunc-extension');
      for (const { flag } of [...parametersOf(id), ...switches]) {
        assert.match(help, new RegExp(`--(\\[no-\\])?${flag}\\b`));
      }
      assert.match(help, /^Usage: yo azfunc-extension \[destination\] \[options\]$/m);
      assert.match(help, /Examples:\n {2}yo azfunc-extension /);
    });
  }
});

describe('next steps', () => {
  it('are numbered, and begin with the folder', () => {
    const steps = nextSteps('workspace', answers, { folder: 'my folder', installed: true }).split(
      '\n',
    );
    assert.deepEqual(
      steps.map((step) => step.replace(/\s+#.*/, '').trim()),
      [
        '1. cd "my folder"',
        '2. npm test',
        '3. npm start',
        '4. curl http://127.0.0.1:7071/api/Hello',
      ],
    );
  });

  it('leave out the folder that one is in, and have npm install where it was skipped', () => {
    const steps = nextSteps('extension', answers, { folder: '', installed: false });
    assert.match(steps, /^ {2}1\. npm install\n {2}2\. npm test/);
  });
});
