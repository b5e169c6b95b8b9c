import assert from 'node:assert/strict';
import { decideCors, toCorsPolicy, type CorsRequest } from '../../src/config/index.js';

function decide(origins: string[], request: Partial<CorsRequest>, credentials = false) {
  return decideCors(
    {
      method: 'GET',
      origin: undefined,
      requestMethod: undefined,
      requestHeaders: undefined,
      ...request,
    },
    toCorsPolicy({ origins, credentials }),
  );
}

const preflight = { method: 'OPTIONS', origin: 'http://a', requestMethod: 'PUT' };

describe('CORS', () => {
  for (const [what, origins, request, expected] of [
    ['off', [], preflight, { kind: 'continue', headers: {} }],
    ['no origin', ['*'], {}, { kind: 'continue', headers: {} }],
    [
      'no origin in OPTIONS',
      ['*'],
      { ...preflight, origin: undefined },
      { kind: 'continue', headers: {} },
    ],
    [
      'any origin',
      ['*'],
      { origin: 'http://a' },
      { kind: 'continue', headers: { 'access-control-allow-origin': '*' } },
    ],
    [
      'the origin',
      ['http://a'],
      { origin: 'http://a' },
      { kind: 'continue', headers: { 'access-control-allow-origin': 'http://a' } },
    ],
    [
      'one of two origins',
      ['http://a', 'http://b'],
      { origin: 'http://b' },
      { kind: 'continue', headers: { 'access-control-allow-origin': 'http://b', vary: 'Origin' } },
    ],
    ['another origin', ['http://a'], { origin: 'http://b' }, { kind: 'continue', headers: {} }],
    ['another port', ['http://a'], { origin: 'http://a:80' }, { kind: 'continue', headers: {} }],
    [
      'another case in the policy',
      ['HTTP://A'],
      { origin: 'http://a' },
      { kind: 'continue', headers: { 'access-control-allow-origin': 'http://a' } },
    ],
    [
      'another case in the request',
      ['http://a'],
      { origin: 'HTTP://A' },
      { kind: 'continue', headers: {} },
    ],
    [
      'a space before the origin',
      [' http://a'],
      { origin: 'http://a' },
      { kind: 'continue', headers: {} },
    ],
    [
      'a slash after the origin',
      ['http://a/'],
      { origin: 'http://a' },
      { kind: 'continue', headers: {} },
    ],
    [
      'a name with umlauts',
      ['http://Bücher.example:8080'],
      { origin: 'http://xn--bcher-kva.example:8080' },
      {
        kind: 'continue',
        headers: { 'access-control-allow-origin': 'http://xn--bcher-kva.example:8080' },
      },
    ],
    [
      'a name with umlauts and the default port',
      ['https://bücher.example:443'],
      { origin: 'https://xn--bcher-kva.example' },
      {
        kind: 'continue',
        headers: { 'access-control-allow-origin': 'https://xn--bcher-kva.example' },
      },
    ],
    [
      'a star among others is an origin',
      ['*', 'http://a'],
      { origin: 'http://b' },
      { kind: 'continue', headers: {} },
    ],
    [
      'a preflight',
      ['http://a'],
      preflight,
      {
        kind: 'preflight',
        headers: {
          'access-control-allow-origin': 'http://a',
          'access-control-allow-methods': 'PUT',
        },
      },
    ],
    [
      'a preflight with headers',
      ['*'],
      { ...preflight, requestHeaders: 'x-a,  X-B ,' },
      {
        kind: 'preflight',
        headers: {
          'access-control-allow-origin': '*',
          'access-control-allow-headers': 'x-a,X-B',
          'access-control-allow-methods': 'PUT',
        },
      },
    ],
    ['a preflight from elsewhere', ['http://b'], preflight, { kind: 'preflight', headers: {} }],
    [
      'a preflight without an origin text',
      ['*'],
      { ...preflight, origin: '' },
      { kind: 'preflight', headers: {} },
    ],
    [
      'OPTIONS without a method to ask for',
      ['http://a'],
      { method: 'OPTIONS', origin: 'http://a' },
      { kind: 'continue', headers: { 'access-control-allow-origin': 'http://a' } },
    ],
    [
      'a method to ask for without OPTIONS',
      ['http://a'],
      { ...preflight, method: 'GET' },
      { kind: 'continue', headers: { 'access-control-allow-origin': 'http://a' } },
    ],
  ] as const) {
    it(`answers as Core Tools: ${what}`, () => {
      assert.deepEqual(decide([...origins], request), expected);
    });
  }

  it('may allow credentials', () => {
    assert.deepEqual(decide(['http://a'], { origin: 'http://a' }, true).headers, {
      'access-control-allow-origin': 'http://a',
      'access-control-allow-credentials': 'true',
    });
  });

  it('refuses credentials for any origin', () => {
    assert.throws(() => toCorsPolicy({ origins: ['*'], credentials: true }), /name the origins/);
  });

  it('is off without origins, also with credentials', () => {
    assert.equal(toCorsPolicy({ origins: [], credentials: true }), undefined);
  });
});
