import assert from 'node:assert/strict';
import { Refusal } from '../../generators/core/refusal.js';
import * as validate from '../../generators/core/validation.js';

type Check = (value: string) => string;

function accepts(check: Check, values: Record<string, string>): void {
  for (const [typed, used] of Object.entries(values)) {
    it(`takes ${JSON.stringify(typed)} as ${JSON.stringify(used)}`, () => {
      assert.equal(check(typed), used);
    });
  }
}

function refuses(check: Check, values: Record<string, RegExp>): void {
  for (const [typed, reason] of Object.entries(values)) {
    it(`refuses ${JSON.stringify(typed.length > 40 ? `${typed.slice(0, 40)}…` : typed)}`, () => {
      assert.throws(
        () => check(typed),
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

describe('validation', () => {
  describe('package name', () => {
    accepts(validate.packageName, {
      timer: 'azfunc-extension-timer',
      ' timer ': 'azfunc-extension-timer',
      '@contoso/timer': '@contoso/azfunc-extension-timer',
      'a.b_c': 'azfunc-extension-a.b_c',
    });
    refuses(validate.packageName, {
      '': /needs a name/,
      Timer: /capital letters/,
      'my timer': /URL-friendly/,
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
    accepts(validate.template, { timer: 'timer' });
    refuses(validate.template, { tmier: /no template "tmier".*timer/, '../timer': /no template/ });
    accepts(validate.scope, { app: 'app', function: 'function' });
    refuses(validate.scope, {
      'a\nb\u001b[31m': /not "a\\nb\\u001b\[31m"/,
      ['x'.repeat(100)]: /not "x{60}…"/,
      application: /app or function/,
      '': /app or function/,
    });
  });

  describe('text', () => {
    accepts(validate.text, {
      ' two\nlines\tand\u0000more ': 'two lines and more',
      'kept: <b> `x` "y" é 😀': 'kept: <b> `x` "y" é 😀',
    });
  });

  describe('email', () => {
    accepts(validate.email, { 'ada@example.com': 'ada@example.com', '': '' });
    refuses(validate.email, {
      ada: /not an email/,
      'a@b@c': /not an email/,
      'a@b>': /not an email/,
    });
  });

  describe('license', () => {
    accepts(validate.license, {
      MIT: 'MIT',
      'apache-2.0': 'Apache-2.0',
      unlicensed: 'UNLICENSED',
      Unlicense: 'Unlicense',
    });
    refuses(validate.license, {
      MTI: /not an SPDX license id/,
      '': /SPDX/,
      '(MIT OR ISC)': /SPDX/,
    });
  });

  describe('repository', () => {
    accepts(validate.repository, {
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
    refuses(validate.repository, {
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
    accepts(validate.functionsRange, {
      '^4.1.0': '^4.1.0',
      '4': '4',
      '4.x': '4.x',
      '>=4.2\n <4.9': '>=4.2 <4.9',
      '^4.0.0': '^4.0.0',
    });
    refuses(validate.functionsRange, {
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
    accepts(validate.functionName, {
      HttpTrigger: 'HttpTrigger',
      'a-b_c9': 'a-b_c9',
      [`a${'b'.repeat(127)}`]: `a${'b'.repeat(127)}`,
    });
    refuses(validate.functionName, {
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
