import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  CookieError,
  hasBoundBody,
  headersFrom,
  httpTriggerMetadata,
  negotiate,
  parseQuery,
  reasonAgainstHeader,
  toSetCookie,
  traceContextFrom,
  type CookieData,
} from '../../src/http-rules/index.js';

const bytes = (text: string) => Buffer.from(text).toString('latin1');

describe('query', () => {
  for (const [raw, expected] of [
    ['', {}],
    ['?', {}],
    ['?a=1', { a: '1' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['?a=1&A=2', { a: '1,2' }],
    ['?A=2&a=1&a=', { A: '2,1,' }],
    ['?é=1&É=2', { é: '1,2' }],
    ['?a', { a: '' }],
    ['?a=', { a: '' }],
    ['?=1', { '': '1' }],
    ['?&&a=1&', { a: '1' }],
    ['?a=b=c', { a: 'b=c' }],
    ['?a=1+2%2B3', { a: '1 2+3' }],
    ['?a%20b=%C3%A9', { 'a b': 'é' }],
    ['?a=%2F%00', { a: '/\0' }],
    ['?a=%', { a: '%' }],
    ['?a=%zz%41', { a: '%zzA' }],
    ['?a=%E9', { a: '%E9' }],
    ['?a=%C3%A9%E9%41%F0%9F%98%80', { a: 'é%E9A😀' }],
    ['?a=%EF%BB%BFx', { a: '\uFEFFx' }],
    ['?a=%25E9', { a: '%E9' }],
    ['?a=1?b=2', { a: '1?b=2' }],
    ['?__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ] as const) {
    it(`${raw || '(none)'} is as ASP.NET has it`, () => {
      assert.deepEqual(parseQuery(raw), expected);
    });
  }

  it('comes back from its escaped form', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (key, value) => {
        const raw = `?${encodeURIComponent(key)}=${encodeURIComponent(value)}`;
        assert.deepEqual(parseQuery(raw), Object.fromEntries([[key, value]]));
      }),
    );
  });
});

describe('request headers', () => {
  for (const [what, raw, expected] of [
    ['names in lower case', ['X-A', '1'], { 'x-a': '1' }],
    ['repeated ones', ['A', '1', 'a', '2, 3', 'B', ''], { a: '1,2, 3', b: '' }],
    ['cookies', ['Cookie', 'a=1', 'Cookie', 'b=2'], { cookie: 'a=1,b=2' }],
    ['UTF-8', ['a', bytes('é€😀')], { a: 'é€😀' }],
    ['latin1', ['a', 'é'], undefined],
    ['none', [], {}],
  ] as const) {
    it(`are as the worker gets them: ${what}`, () => {
      assert.deepEqual(headersFrom(raw), expected);
    });
  }
});

describe('body of a request', () => {
  for (const [headers, expected] of [
    [{ 'content-length': '5' }, true],
    [{ 'content-length': '0' }, false],
    [{ 'transfer-encoding': 'chunked' }, false],
    [{}, false],
  ] as const) {
    it(`${expected ? 'arrives' : 'is empty'} with ${JSON.stringify(headers)}`, () => {
      assert.equal(hasBoundBody(headers), expected);
    });
  }
});

describe('response header', () => {
  for (const [name, value, reason] of [
    ['x-a', 'plain "text"; ~', undefined],
    ['x-a', '', undefined],
    ['x-a', 'a\tb', undefined],
    ["!#$%&'*+-.^_`|~09azAZ", '', undefined],
    ['x-a', 'é', /U\+00E9/],
    ['x-a', '€', /U\+20AC/],
    ['x-a', 'a\nb', /U\+000A/],
    ['x-a', '\x7f', /U\+007F/],
    ['x-a', '\x00', /U\+0000/],
    ['x a', 'b', /U\+0020/],
    ['x:', 'b', /U\+003A/],
    ['é', 'b', /U\+00E9/],
    ['', 'b', /no name/],
    ['content-length', '5', undefined],
    ['Content-Length', 'x', /number/],
    ['content-length', '-1', /number/],
  ] as const) {
    it(`${JSON.stringify([name, value])} is ${reason ? 'refused' : 'accepted'}`, () => {
      const found = reasonAgainstHeader(name, value);
      if (reason) {
        assert.match(found ?? '', reason);
      } else {
        assert.equal(found, undefined);
      }
    });
  }
});

describe('cookie', () => {
  const cookie = (more: Partial<CookieData> = {}): CookieData => ({
    name: 'a',
    value: 'b',
    ...more,
  });

  for (const [data, expected] of [
    [cookie(), 'a=b; path=/'],
    [cookie({ value: '' }), 'a=; path=/'],
    [
      cookie({ value: 'a b;"é€😀\ud800' }),
      'a=a%20b%3B%22%C3%A9%E2%82%AC%F0%9F%98%80%EF%BF%BD; path=/',
    ],
    [cookie({ value: "-._~!*'()/" }), 'a=-._~%21%2A%27%28%29%2F; path=/'],
    [cookie({ path: { value: '/x' } }), 'a=b; path=/x'],
    [cookie({ path: { value: '' } }), 'a=b; path='],
    [
      cookie({
        path: null,
        domain: null,
        expires: null,
        maxAge: null,
        secure: null,
        httpOnly: null,
      }),
      'a=b; path=/',
    ],
    [cookie({ domain: { value: 'example.org' } }), 'a=b; domain=example.org; path=/'],
    [cookie({ maxAge: { value: 60.9 } }), 'a=b; max-age=60; path=/'],
    [cookie({ maxAge: { value: 0 } }), 'a=b; max-age=0; path=/'],
    [
      cookie({ expires: { value: { seconds: 784111777 } } }),
      'a=b; expires=Sun, 06 Nov 1994 08:49:37 GMT; path=/',
    ],
    [
      cookie({ secure: { value: true }, httpOnly: { value: true }, sameSite: 'lax' }),
      'a=b; path=/; secure; samesite=lax; httponly',
    ],
    [cookie({ secure: { value: false }, sameSite: 'strict' }), 'a=b; path=/; samesite=strict'],
    [cookie({ sameSite: 'explicitNone' }), 'a=b; path=/; samesite=none'],
    [cookie({ sameSite: 3 }), 'a=b; path=/; samesite=none'],
    [cookie({ sameSite: 'none' }), 'a=b; path=/'],
    [cookie({ sameSite: 0 }), 'a=b; path=/'],
  ] as const) {
    it(`is ${expected}`, () => assert.equal(toSetCookie(data), expected));
  }

  for (const data of [
    cookie({ name: '' }),
    cookie({ name: 'a b' }),
    cookie({ name: 'a=b' }),
    cookie({ name: 'a;b' }),
    cookie({ name: 'é' }),
    cookie({ name: 'a/b' }),
    cookie({ maxAge: { value: -1 } }),
    cookie({ maxAge: { value: NaN } }),
    cookie({ maxAge: { value: Infinity } }),
    cookie({ domain: { value: 'bücher.example' } }),
    cookie({ path: { value: '/a\nb' } }),
  ]) {
    it(`is refused: ${inspect(data)}`, () => {
      assert.throws(() => toSetCookie(data), CookieError);
    });
  }

  it('is a header that Kestrel accepts, for any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        assert.equal(reasonAgainstHeader('set-cookie', toSetCookie(cookie({ value }))), undefined);
      }),
    );
  });
});

describe('trace context', () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is the one of the client', () => {
    assert.deepEqual(traceContextFrom({ traceparent: parent, tracestate: 'a=1' }), {
      traceParent: parent,
      traceState: 'a=1',
    });
    assert.deepEqual(traceContextFrom({ traceparent: parent }), {
      traceParent: parent,
      traceState: undefined,
    });
  });

  for (const traceparent of [
    undefined,
    '',
    'x',
    parent.toUpperCase(),
    `${parent}-1`,
    `${parent},${parent}`,
    parent.replace(/^00/, 'ff'),
    parent.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    parent.replace('b7ad6b7169203331', '0'.repeat(16)),
  ]) {
    it(`is a new one for ${traceparent ?? 'none'}`, () => {
      const headers = { tracestate: 'a=1', ...(traceparent !== undefined && { traceparent }) };
      const first = traceContextFrom(headers);
      assert.match(first.traceParent, /^00-[\da-f]{32}-[\da-f]{16}-00$/);
      assert.equal(first.traceState, undefined);
      assert.notEqual(traceContextFrom(headers).traceParent, first.traceParent);
    });
  }
});

describe('content negotiation', () => {
  const body = Buffer.from('{}');
  const base64 = '"e30="';

  for (const [contentType, expected] of [
    [
      'text/plain;charset=UTF-8',
      { status: 406, contentType: 'text/plain;charset=UTF-8', body: '' },
    ],
    ['text/html', { status: 406, contentType: 'text/html', body: '' }],
    [
      'application/json',
      { status: 201, contentType: 'application/json; charset=utf-8', body: base64 },
    ],
    [
      'Application/JSON',
      { status: 201, contentType: 'application/json; charset=utf-8', body: base64 },
    ],
    ['text/json', { status: 201, contentType: 'text/json; charset=utf-8', body: base64 }],
    [
      'application/problem+json',
      { status: 201, contentType: 'application/problem+json; charset=utf-8', body: base64 },
    ],
    [
      'application/octet-stream',
      { status: 406, contentType: 'application/octet-stream', body: '' },
    ],
    [undefined, { status: 201, contentType: 'application/json; charset=utf-8', body: base64 }],
    ['nothing', { status: 201, contentType: 'application/json; charset=utf-8', body: base64 }],
  ] as const) {
    it(`of ${contentType ?? 'bytes without a type'} is ${expected.status}`, () => {
      assert.deepEqual(negotiate({ status: 201, contentType, body }), expected);
    });
  }

  it('of no body is 204', () => {
    const response = { status: 200, contentType: undefined, body: undefined };
    assert.equal(negotiate(response).status, 204);
    assert.equal(negotiate({ ...response, status: 202 }).status, 202);
  });
});

describe('trigger metadata', () => {
  const metadata = (more: object) =>
    httpTriggerMetadata({ params: {}, rawQuery: '', headers: { a: '1' }, ...more });
  const always = { Query: { json: '{}' }, Headers: { json: '{"a":"1"}' } };

  it('has the query and the headers', () => {
    assert.deepEqual(metadata({}), always);
    assert.deepEqual(metadata({ rawQuery: '?x=1&X=2&code=key' }), {
      x: { string: '1,2' },
      Query: { json: '{"x":"1,2","code":"key"}' },
      Headers: always.Headers,
    });
  });

  it('has the members of a JSON object', () => {
    const body = Buffer.from(
      ' {"s":"x","n":1.5,"t":true,"f":false,"z":null,"l":[1],"o":{"p":1}}\n',
    );
    assert.deepEqual(metadata({ body }), {
      s: { string: 'x' },
      n: { string: '1.5' },
      t: { string: 'True' },
      f: { string: 'False' },
      o: { json: '{"p":1}' },
      ...always,
    });
  });

  for (const text of ['', '[1]', '"x"', '{', '{"a":}', 'text', 'null']) {
    it(`has nothing of a body ${JSON.stringify(text)}`, () => {
      assert.deepEqual(metadata({ body: Buffer.from(text) }), always);
    });
  }

  it('prefers the route to the query, and the query to the body', () => {
    assert.deepEqual(
      metadata({
        params: { id: 'route' },
        absentParams: ['gone'],
        rawQuery: '?ID=query&x=query&gone=query',
        body: Buffer.from('{"id":"body","x":"body","y":"body"}'),
      }),
      {
        id: { string: 'route' },
        x: { string: 'query' },
        y: { string: 'body' },
        Query: { json: '{"ID":"query","x":"query","gone":"query"}' },
        Headers: always.Headers,
      },
    );
  });
});
