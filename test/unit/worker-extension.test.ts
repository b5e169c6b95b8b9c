import assert from 'node:assert/strict';
import { planExtension } from '../../generators/commands/create.js';
import { entryLines } from '../../generators/languages/typescript.js';
import { fromPackageJson, toField } from '../../generators/worker-extension.js';
import { decided, systemWith, templates } from '../support/decided.js';

describe('worker extension', () => {
  for (const template of ['timer', 'guard', 'blank']) {
    for (const scope of ['app', 'function'] as const) {
      it(`says of itself what an app has to know (${template}, ${scope})`, async () => {
        const { decision } = await decided('extension', { template, scope, name: '@contoso/a-b' });
        const { files } = await planExtension(decision, systemWith(), templates);
        const packageJson = files.find(({ path }) => path === 'package.json')?.contents ?? '';
        const readBack = await fromPackageJson(JSON.parse(packageJson), './x', 'file:./x');
        const { options, settings, headers } = templates
          .templatesIn('typescript')
          .find(({ id }) => id === template) ?? { options: undefined, settings: {}, headers: {} };
        assert.deepEqual(readBack, {
          packageName: '@contoso/azfunc-extension-a-b',
          className: 'ABExtension',
          scope,
          ...(options && { options }),
          settings,
          ...(Object.keys(headers).length > 0 && { headers }),
          version: '0.1.0',
          dependency: 'file:./x',
        });
        const { workerExtension } = JSON.parse(packageJson) as { workerExtension: object };
        assert.deepEqual(toField(readBack), workerExtension);
      });
    }
  }

  const timer = {
    packageName: '@contoso/timer',
    className: 'TimerExtension',
    scope: 'app',
    options: { appendToHttpResponse: true },
    settings: {},
    dependency: '^1.0.0',
  } as const;

  it('is switched on with two lines', () => {
    assert.deepEqual(entryLines(timer, 'Hello', true), [
      "import { TimerExtension } from '@contoso/timer';",
      'TimerExtension.configure({ appendToHttpResponse: true });',
    ]);
    assert.deepEqual(entryLines({ ...timer, scope: 'function' }, 'Hello', false), [
      "const { TimerExtension } = require('@contoso/timer');",
      "new TimerExtension('Hello', { appendToHttpResponse: true });",
    ]);
    const { options: _, ...plain } = timer;
    assert.equal(entryLines(plain, 'Hello', true)[1], 'TimerExtension.configure();');
    assert.equal(
      entryLines({ ...plain, scope: 'function' }, 'Hello', true)[1],
      "new TimerExtension('Hello');",
    );
  });

  it('names headers that a shell takes for nothing else, and no others', async () => {
    const headers = { 'x-api-key': 'local-key', a: "it's", "b'": 'x', c: 'x\n', d: 1, e: '$(x)' };
    const { headers: read } = await fromPackageJson(
      { name: 'a', workerExtension: { class: 'A', scope: 'app', request: { headers } } },
      './x',
      'file:./x',
    );
    assert.deepEqual(read, { 'x-api-key': 'local-key' });
  });

  for (const [what, packageJson] of [
    ['that is a list', []],
    ['without the field', { name: 'a' }],
    ['without a name', { workerExtension: { class: 'A', scope: 'app' } }],
    ['with a name that is a path', { name: '../a', workerExtension: { class: 'A', scope: 'app' } }],
    ['without a class', { name: 'a', workerExtension: { scope: 'app' } }],
    [
      'with code in place of a class',
      { name: 'a', workerExtension: { class: 'A }; process.exit(); ({ A', scope: 'app' } },
    ],
    ['with another scope', { name: 'a', workerExtension: { class: 'A', scope: 'both' } }],
  ] as const) {
    it(`is refused with a package.json ${what}`, async () => {
      await assert.rejects(
        fromPackageJson(packageJson, './x', 'file:./x'),
        /^Error: ".\/x" is no worker extension: /,
      );
    });
  }

  it('gets what it says into code as data only', async () => {
    const extension = await fromPackageJson(
      {
        name: 'a',
        workerExtension: {
          class: 'A',
          scope: 'app',
          options: { "a'b": "'); process.exit(); ('" },
          settings: { KEY: 1 },
        },
      },
      './x',
      'file:./x',
    );
    assert.equal(
      entryLines(extension, 'Hello', true)[1],
      "A.configure({ 'a\\'b': '\\'); process.exit(); (\\'' });",
    );
    assert.deepEqual(extension.settings, { KEY: '1' });
  });
});
