import assert from 'node:assert/strict';
import { parseTarget } from '../../src/routing/target.js';

/** Targets with the path that Kestrel makes of them; undefined: 400. */
const PATHS: Record<string, string | undefined> = {
  '/': '/',
  '/api/a': '/api/a',
  '/api/a?x=1': '/api/a',
  '/api/a%20b': '/api/a b',
  '/api/a+b': '/api/a+b',
  '/api/%61': '/api/a',
  '/api/%2F': '/api/%2F',
  '/api/%2f': '/api/%2f',
  '/api/%252F': '/api/%2F',
  '/api/%25': '/api/%',
  '/api/%2561': '/api/%61',
  '/api/%C3%A9': '/api/é',
  '/api/%c3%a9': '/api/é',
  '/api/%F0%9F%98%80': '/api/😀',
  '/api/%E2%82%AC': '/api/€',
  '/api/%E9': '/api/%E9',
  '/api/%C3': '/api/%C3',
  '/api/%C3x': '/api/%C3x',
  '/api/%C3%41': '/api/%C3A',
  '/api/%E2%82%41': '/api/%E2%82A',
  '/api/%C0%AF': '/api/%C0%AF',
  '/api/%ED%A0%80': '/api/%ED%A0%80',
  '/api/%F5%80%80%80': '/api/%F5%80%80%80',
  '/api/%F4%90%80%80': '/api/%F4%90%80%80',
  '/api/%80': '/api/%80',
  '/api/%': '/api/%',
  '/api/%4': '/api/%4',
  '/api/%zz': '/api/%zz',
  '/api/%%41': '/api/%A',
  '/api/%00': undefined,
  '/api/a%00b': undefined,
  '/api/%01': '/api/\x01',
  '/api/%3F%23': '/api/?#',
  '/api/a#b': '/api/a#b',
  '/api/./a': '/api/a',
  '/api/../a': '/a',
  '/../../a': '/a',
  '/api/%2e%2E/a': '/a',
  '/api/a/..': '/api/',
  '/api/a/.': '/api/a/',
  '/..': '/',
  '/.': '/',
  '/api/.../a': '/api/.../a',
  '/api/a..': '/api/a..',
  '/api/..%2Fa': '/api/..%2Fa',
  '//a': '//a',
  '/a//../b': '/a/b',
  'http://localhost:7071/api/a?x': '/api/a',
  'http://localhost:7071': '/',
  'HTTP://localhost/a%20b': '/a b',
  'http:///a': undefined,
  'ftp://localhost/a': undefined,
  'api/a': undefined,
  'localhost:80': undefined,
  '*': undefined,
  '': undefined,
  '/api/é': undefined,
};

describe('target of a request', () => {
  for (const [target, path] of Object.entries(PATHS)) {
    it(`${JSON.stringify(target)} is ${path === undefined ? 'refused' : JSON.stringify(path)}`, () =>
      assert.equal(parseTarget(target)?.path, path));
  }

  it('keeps the query as it is', () => {
    assert.deepEqual(parseTarget('/a%20b?x=%20&y?z'), {
      path: '/a b',
      rawPath: '/a%20b',
      rawQuery: '?x=%20&y?z',
    });
  });

  it('may be * for OPTIONS', () => assert.equal(parseTarget('*', 'OPTIONS')?.path, ''));
});
