import assert from 'node:assert/strict';
import { requestOf } from '../../generators/commands/request.js';
import { questionsOf } from '../../generators/questions/flags.js';
import { helpFor } from '../../generators/questions/help.js';
import { commandIds } from '../../generators/questions/question.js';
import { switchesOf } from '../../generators/questions/switches.js';
import { nextSteps, templates } from '../support/decided.js';

describe('help', () => {
  for (const id of commandIds) {
    it(`of ${id} has every flag, and examples`, () => {
      const help = helpFor(id, 'yo azfunc-extension', templates);
      for (const { flag } of [...questionsOf(id), ...switchesOf(id)]) {
        assert.match(help, new RegExp(`--(\\[no-\\])?${flag}\\b`));
      }
      assert.match(help, /^Usage: yo azfunc-extension \[destination\] \[options\]$/m);
      assert.match(help, /Examples:\n {2}yo azfunc-extension /);
    });
  }

  for (const id of ['app', 'extension'] as const) {
    it(`of ${id} describes every template in a line`, () => {
      for (const template of templates.templatesIn('typescript')) {
        const line = new RegExp(
          `^ {2}${template.id} +${template.summary.replace(/[()]/g, '\\$&')}$`,
          'm',
        );
        assert.match(helpFor(id, 'yo azfunc-extension', templates), line);
      }
    });
  }
});

describe('next steps', () => {
  it('are those of the workspace', async () => {
    assert.deepEqual(await nextSteps('app', { 'function-name': 'Hello' }), [
      'npm test',
      'npm start',
      'curl http://127.0.0.1:7071/api/Hello',
    ]);
  });

  it('are those of the package alone', async () => {
    assert.deepEqual(await nextSteps('extension'), ['npm test', 'npm run check:package']);
  });

  it('are in the words of the package manager', async () => {
    const [test, start] = await nextSteps('app', { 'package-manager': 'pnpm' });
    assert.deepEqual([test, start], ['pnpm test', 'pnpm start']);
  });

  it('have the headers that a request needs', async () => {
    assert.equal(
      (await nextSteps('app', { template: 'guard' })).at(-1),
      "curl -H 'x-api-key: local-key' http://127.0.0.1:7071/api/HttpTrigger",
    );
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
