import assert from 'node:assert/strict';
import { complete } from '../../generators/core/questions.js';
import {
  extensionFrom,
  fromPackageJson,
  toField,
  twoLines,
} from '../../generators/core/worker-extension.js';
import { known } from '../support/known.js';

describe('worker extension', () => {
  for (const template of ['timer', 'guard', 'blank']) {
    for (const scope of ['app', 'function'] as const) {
      it(`says of itself what an app has to know (${template}, ${scope})`, () => {
        const extension = extensionFrom(complete(known({ template, scope, name: '@contoso/a-b' })));
        const packageJson = { name: extension.packageName, workerExtension: toField(extension) };
        const readBack = fromPackageJson(
          JSON.parse(JSON.stringify(packageJson)),
          './x',
          extension.dependency,
        );
        assert.deepEqual(readBack, extension);
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
    assert.deepEqual(twoLines(timer, 'Hello'), [
      "import { TimerExtension } from '@contoso/timer';",
      'TimerExtension.configure({ appendToHttpResponse: true });',
    ]);
    assert.deepEqual(twoLines({ ...timer, scope: 'function' }, 'Hello', false), [
      "const { TimerExtension } = require('@contoso/timer');",
      "new TimerExtension('Hello', { appendToHttpResponse: true });",
    ]);
    const { options: _, ...plain } = timer;
    assert.equal(twoLines(plain, 'Hello')[1], 'TimerExtension.configure();');
    assert.equal(
      twoLines({ ...plain, scope: 'function' }, 'Hello')[1],
      "new TimerExtension('Hello');",
    );
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
    it(`is refused with a package.json ${what}`, () => {
      assert.throws(
        () => fromPackageJson(packageJson, './x', 'file:./x'),
        /^Error: ".\/x" is no worker extension: /,
      );
    });
  }

  it('gets what it says into code as data only', () => {
    const extension = fromPackageJson(
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
      twoLines(extension, 'Hello')[1],
      "A.configure({ 'a\\'b': '\\'); process.exit(); (\\'' });",
    );
    assert.deepEqual(extension.settings, { KEY: '1' });
  });
});
