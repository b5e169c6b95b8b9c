import assert from 'node:assert/strict';
import { languages } from '../../generators/languages/languages.js';
import * as checks from '../../generators/questions/checks.js';
import { questions } from '../../generators/questions/questions.js';
import { Refusal } from '../../generators/refusal.js';
import { templates } from '../support/decided.js';

type Check = (value: string) => unknown;

/** The check of a question of `yo azfunc-extension`, without other answers. */
function checkOf(key: string): Check {
  const question = questions.find((one) => one.key === key);
  assert.ok(question);
  const context = { command: 'app', language: 'typescript', templates, answers: {} } as const;
  return (value) => question.check(value, context);
}

const packageName: Check = (value) => checks.packageName(value, languages.typescript);

function accepts(check: Check, values: Record<string, string>): void {
  for (const [typed, used] of Object.entries(values)) {
    it(`takes ${JSON.stringify(typed)} as ${JSON.stringify(used)}`, async () => {
      assert.equal(await check(typed), used);
    });
  }
}

function refuses(check: Check, values: Record<string, RegExp>): void {
  for (const [typed, reason] of Object.entries(values)) {
    it(`refuses ${JSON.stringify(typed.length > 40 ? `${typed.slice(0, 40)}…` : typed)}`, async () => {
      await assert.rejects(
        async () => check(typed),
        (error: unknown) => {
          assert.ok(error instanceof Refusal);
          assert.match(error.message, reason);
          assert.ok(!error.message.includes('\n'));
          return true;
        },
      );
    });
  }
}

describe('checks', () => {
  describe('package name', () => {
    accepts(packageName, {
      timer: 'azfunc-extension-timer',
      ' timer ': 'azfunc-extension-timer',
      '@contoso/timer': '@contoso/azfunc-extension-timer',
      'a.b_c': 'azfunc-extension-a.b_c',
      'My  Timer': 'azfunc-extension-my-timer',
      HTTPGuard2: 'azfunc-extension-http-guard2',
      '@Contoso/MyTimer': '@contoso/azfunc-extension-my-timer',
    });
    refuses(packageName, {
      '': /needs a name/,
      'a/b': /URL-friendly/,
      '../up': /URL-friendly/,
      "it's": /special characters|URL-friendly/,
      '@contoso': /URL-friendly/,
      '@/timer': /URL-friendly/,
      '2fa': /start it with a letter/,
      '--': /start it with a letter/,
      [`a${'b'.repeat(214)}`]: /214/,
    });
  });

  describe('template and scope', () => {
    accepts(checkOf('template'), { timer: 'timer' });
    refuses(checkOf('template'), {
      tmier: /no template "tmier".*timer/,
      '../timer': /no template/,
    });
    accepts(checkOf('scope'), { app: 'app', function: 'function' });
    refuses(checkOf('scope'), {
      'a\nb\u001b[31m': /not "a\\nb\\u001b\[31m"/,
      ['x'.repeat(100)]: /not "x{60}…"/,
      application: /app or function/,
      '': /app or function/,
    });
  });

  describe('text', () => {
    accepts(checks.line, {
      ' two\nlines\tand\u0000more ': 'two lines and more',
      'kept: <b> `x` "y" é 😀': 'kept: <b> `x` "y" é 😀',
    });
  });

  describe('email', () => {
    accepts(checks.email, { 'ada@example.com': 'ada@example.com', '': '' });
    refuses(checks.email, {
      ada: /not an email/,
      'a@b@c': /not an email/,
      'a@b>': /not an email/,
    });
  });

  describe('license', () => {
    accepts(checks.license, {
      MIT: 'MIT',
      'apache-2.0': 'Apache-2.0',
      unlicensed: 'UNLICENSED',
      Unlicense: 'Unlicense',
    });
    refuses(checks.license, {
      MTI: /not an SPDX license id/,
      '': /SPDX/,
      '(MIT OR ISC)': /SPDX/,
    });
  });

  describe('repository', () => {
    accepts(checks.repository, {
      '': '',
      'owner/repo': 'https://github.com/owner/repo',
      'github:owner/repo': 'https://github.com/owner/repo',
      'git@github.com:owner/repo.git': 'https://github.com/owner/repo',
      'https://github.com/owner/repo.git': 'https://github.com/owner/repo',
      'https://user:token@github.com/owner/repo': 'https://github.com/owner/repo',
      'owner/repo#main': 'https://github.com/owner/repo',
      'https://github.com/owner/repo/tree/main/x': 'https://github.com/owner/repo',
      'https://gitlab.com/group/sub/repo': 'https://gitlab.com/group/sub/repo',
      'https://gitlab.com/group/repo/-/tree/main': 'https://gitlab.com/group/repo',
      'https://user:token@dev.azure.com/org/project/_git/repo':
        'https://dev.azure.com/org/project/_git/repo',
      'git@git.example.com:team/repo.git': 'https://git.example.com/team/repo',
      'https://git.example.com:8443/team/repo': 'https://git.example.com:8443/team/repo',
      'ssh://git@git.example.com:2222/team/repo': 'https://git.example.com/team/repo',
    });
    refuses(checks.repository, {
      '/srv/git/repo': /not the address/,
      'constructor/repo@host': /not the address/,
      'file:///srv/git/repo': /not the address/,
      'javascript:alert(1)': /not the address/,
      'not a url': /not the address/,
      repo: /not the address/,
      'gist:11081aaa281': /not the address/,
      'https://x.y': /not the address/,
      'https://x.y/$(id)': /not the address/,
      'a/b;ls': /not the address/,
    });
  });

  describe('functions range', () => {
    accepts(checks.functionsRange, {
      '^4.1.0': '^4.1.0',
      '4': '4',
      '4.x': '4.x',
      '>=4.2\n <4.9': '>=4.2 <4.9',
      '^4.0.0': '^4.0.0',
    });
    refuses(checks.functionsRange, {
      four: /not a version range/,
      '': /not a version range/,
      '*': /not within/,
      '>=4': /not within/,
      '^3.5.0': /not within/,
      '^3 || ^4': /not within/,
      '4.0.x': /not within/,
      '>4.9 <4.1': /not within/,
    });
  });

  describe('function name', () => {
    accepts(checks.functionName, {
      HttpTrigger: 'HttpTrigger',
      'a-b_c9': 'a-b_c9',
      [`a${'b'.repeat(127)}`]: `a${'b'.repeat(127)}`,
    });
    refuses(checks.functionName, {
      '': /letter first/,
      '9lives': /letter first/,
      'a b': /letter first/,
      'a.b': /letter first/,
      '../a': /letter first/,
      é: /letter first/,
      [`a${'b'.repeat(128)}`]: /at most 128/,
      con: /Windows/,
    });
  });
});
