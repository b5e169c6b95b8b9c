import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { shown, shownBody, shownHeaders, SHOWN } from '../../src/inspector/shown.js';

describe('what the inspector shows of a value', () => {
  const circular: Record<string, unknown> = { name: 'one' };
  circular['self'] = circular;
  const hostile = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('no keys');
      },
    },
  );
  const getter = Object.defineProperty({ a: 1 }, 'b', {
    enumerable: true,
    get() {
      throw new Error('called');
    },
  });
  const rows: [what: string, value: unknown, shown: unknown][] = [
    ['plain values', [1, 'a', true, null, undefined], [1, 'a', true, null, '[undefined]']],
    ['numbers that JSON has not', [NaN, 7n], ['NaN', '7n']],
    ['functions', { authorize: () => true }, { authorize: '[function]' }],
    ['bytes', Buffer.from('abc'), '[3 bytes]'],
    ['streams', { body: Readable.from(['a']) }, { body: '[stream]' }],
    ['dates', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['maps and sets', { m: new Map([['a', 1]]), s: new Set([1]) }, { m: { a: 1 }, s: [1] }],
    ['headers', new Headers({ 'x-a': '1' }), { 'x-a': '1' }],
    ['addresses', new URL('http://a.example/b'), 'http://a.example/b'],
    ['what contains itself', circular, { name: 'one', self: '[circular]' }],
    ['what forbids to look at it', hostile, '[cannot be shown]'],
    ['getters, by not calling them', getter, { a: 1 }],
    [
      'a global response',
      new Response('text', { status: 202, headers: { 'set-cookie': 'a=b' } }),
      {
        status: 202,
        headers: { 'content-type': 'text/plain;charset=UTF-8', 'set-cookie': '[secret]' },
        body: '[stream]',
      },
    ],
  ];
  for (const [what, value, expected] of rows) {
    it(`shows ${what}`, () => {
      assert.deepEqual(shown(value), expected);
    });
  }

  it('keeps unknown depth and width in bounds', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 10_000; depth += 1) {
      deep = { deep };
    }
    assert.ok(JSON.stringify(shown(deep)).includes('[…]'));
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`name${at}`, at]));
    assert.ok(JSON.stringify(shown(wide)).length < 4 * SHOWN);
    const long = shown('x'.repeat(SHOWN + 1)) as string;
    assert.equal(long, `${'x'.repeat(SHOWN)}[…]`);
  });

  const secrets =
    'password dbPassword clientSecret access_token apiKey api-key x-api-key API_KEY key Keys sharedAccessKey Authorization cookie connectionString credentials pwd signature';
  for (const name of secrets.split(' ')) {
    it(`masks ${name}`, () => {
      assert.deepEqual(shown({ [name]: 'hidden' }), { [name]: '[secret]' });
    });
  }

  it('masks all that is within a secret, and secrets in a connection string', () => {
    assert.deepEqual(shown({ secrets: { a: 'b', c: [1] } }), {
      secrets: { a: '[secret]', c: ['[secret]'] },
    });
    assert.equal(
      shown('AccountName=a;AccountKey=abc==;EndpointSuffix=b'),
      'AccountName=a;AccountKey=[secret];EndpointSuffix=b',
    );
    assert.deepEqual(shownHeaders({ authorization: 'Bearer abc', accept: '*/*' }), {
      authorization: '[secret]',
      accept: '*/*',
    });
  });

  for (const name of ['monkey', 'partitionKey', 'header', 'authorize', 'keyboard', 'author']) {
    it(`does not mask ${name}`, () => {
      assert.deepEqual(shown({ [name]: 'seen' }), { [name]: 'seen' });
    });
  }

  it('shows bodies that are text, and cuts them at 64 kB', () => {
    assert.deepEqual(shownBody(Buffer.from('é')), { bytes: 2, text: 'é', isCut: false });
    assert.deepEqual(shownBody(Buffer.from([0, 255])), { bytes: 2, isCut: true });
    const { bytes, text, isCut } = shownBody(Buffer.from(`x${'é'.repeat(SHOWN)}`));
    assert.deepEqual([bytes, isCut], [1 + 2 * SHOWN, true]);
    // The character at the cut is left out.
    assert.equal(text, `x${'é'.repeat(SHOWN / 2 - 1)}`);
  });
});
