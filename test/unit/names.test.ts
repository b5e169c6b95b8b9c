import assert from 'node:assert/strict';
import { planExtension } from '../../generators/commands/create.js';
import { namesOf, withPrefix } from '../../generators/languages/names.js';
import { typescript } from '../../generators/languages/typescript.js';
import { decided, systemWith, templates } from '../support/decided.js';

const PREFIX = 'azfunc-extension-';

describe('names', () => {
  for (const [name, packageName] of [
    ['timer', 'azfunc-extension-timer'],
    ['azfunc-extension-timer', 'azfunc-extension-timer'],
    ['@contoso/timer', '@contoso/azfunc-extension-timer'],
    ['@contoso/azfunc-extension-timer', '@contoso/azfunc-extension-timer'],
  ] as const) {
    it(`makes the package ${packageName} of ${name}`, () => {
      assert.equal(withPrefix(name, PREFIX), packageName);
    });
  }

  for (const [packageName, folder, words, className, stem] of [
    ['azfunc-extension-timer', 'azfunc-extension-timer', ['timer'], 'TimerExtension', 'Timer'],
    [
      '@contoso/azfunc-extension-timer',
      'azfunc-extension-timer',
      ['timer'],
      'TimerExtension',
      'Timer',
    ],
    [
      'azfunc-extension-http-log',
      'azfunc-extension-http-log',
      ['http', 'log'],
      'HttpLogExtension',
      'HttpLog',
    ],
    ['azfunc-extension-a.b_c', 'azfunc-extension-a.b_c', ['a', 'b', 'c'], 'ABCExtension', 'ABC'],
    ['azfunc-extension-my-extension', 'azfunc-extension-my-extension', ['my'], 'MyExtension', 'My'],
    [
      'azfunc-extension-extension',
      'azfunc-extension-extension',
      ['extension'],
      'ExtensionExtension',
      'Extension',
    ],
  ] as const) {
    it(`derives the names of ${packageName}`, () => {
      assert.deepEqual(namesOf(packageName, PREFIX), {
        packageName,
        folder,
        words: [...words],
        className,
        stem,
      });
    });
  }

  for (const [functionName, identifier] of [
    ['HttpTrigger', 'HttpTrigger'],
    ['http-trigger', 'httpTrigger'],
    ['a--b_c-', 'aB_c'],
    ['delete', 'deleteFunction'],
    ['app', 'appFunction'],
    ['require', 'requireFunction'],
    ['exports', 'exportsFunction'],
    ['HttpRequest', 'HttpRequestFunction'],
  ] as const) {
    it(`names the function ${functionName} ${identifier} in TypeScript`, () => {
      assert.equal(typescript.toIdentifier(functionName, ''), identifier);
    });
  }

  for (const [language, name, path] of [
    ['typescript', 'con', 'extension/src/con-extension.ts'],
    ['typescript', 'lpt1', 'extension/src/lpt1-extension.ts'],
    ['typescript', 'console', 'extension/src/console.ts'],
  ] as const) {
    it(`makes ${path}, which Windows takes, of ${name}`, async () => {
      const { decision } = await decided('app', { language, name });
      const { files } = await planExtension(decision, systemWith(), templates);
      const paths = files.map((file) => file.path);
      assert.ok(paths.includes(path), paths.join('\n'));
    });
  }
});
