import assert from 'node:assert/strict';
import { whyNotOnWindows } from '../../generators/file-names.js';
import { shell } from '../../generators/templates/serialize.js';

describe('whyNotOnWindows', () => {
  for (const path of [
    'C:\\a b\\c',
    'c:',
    'C:/x',
    '.',
    '..\\..\\x',
    '.hidden',
    'a.b',
    'console',
    'Größe',
  ]) {
    it(`takes ${path}`, () => {
      assert.equal(whyNotOnWindows(path), undefined);
    });
  }

  for (const [path, reason] of [
    ['a|b', /has \|$/],
    ['x:y', /has :$/],
    ['C:\\what?', /has \?$/],
    ['aux', /aux is a device/],
    ['a/PRN.md/b', /PRN\.md is a device/],
    ['nul .txt', /is a device/],
    ['...', /full stop/],
    ['a \\b', /a space/],
  ] as const) {
    it(`refuses ${path}`, () => {
      assert.match(whyNotOnWindows(path) ?? '', reason);
    });
  }
});

describe('a path in a shell command', () => {
  for (const [path, posix, windows] of [
    ['plain/x', 'plain/x', 'plain/x'],
    ['-x', './-x', './-x'],
    ['a b', '"a b"', '"a b"'],
    ['a b\\c', '"a b\\\\c"', '"a b\\c"'],
    ["it's $5", '"it\'s \\$5"', "'it''s $5'"],
  ] as const) {
    it(`of ${path}`, () => {
      assert.equal(shell(path), posix);
      assert.equal(shell(path, 'win32'), windows);
    });
  }
});
