import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { HttpResponse, type HttpResponseInit } from '@azure/functions';
import { withHeader, withText } from '../src/http-result';

/** What the caller of a function receives for its result, made by the code that the worker uses. */
function received(result: unknown): HttpResponse {
  return result instanceof HttpResponse ? result : new HttpResponse(result as HttpResponseInit);
}

const plain = { 'content-type': 'text/plain; charset=utf-8' };

describe('withText', () => {
  const appendable: [string, () => unknown][] = [
    ['a string', () => ({ body: 'text' })],
    ['a string with its own text/plain', () => ({ body: 'text', headers: plain })],
    ['a string beside jsonBody null', () => ({ jsonBody: null, body: 'text' })],
    ['a frozen result', () => Object.freeze({ body: 'text' })],
    ['an HttpResponse in text/plain', () => new HttpResponse({ body: 'text' })],
    ['a global Response in text/plain', () => new Response('text')],
    [
      'an HttpResponse that streams text/plain',
      () =>
        new HttpResponse({
          body: Readable.toWeb(Readable.from([Buffer.from('text')])),
          headers: plain,
        }),
    ],
  ];
  for (const [name, make] of appendable) {
    it(`appends to ${name}`, async () => {
      const result = make();
      const extended = withText(result, ' (end)');
      assert.notEqual(extended, result);
      assert.equal(await received(extended).text(), 'text (end)');
    });
  }

  const untouchable: [string, unknown][] = [
    ['jsonBody', { jsonBody: { a: 1 } }],
    ['jsonBody beside a body', { jsonBody: { a: 1 }, body: 'text' }],
    ['a falsy jsonBody', { jsonBody: false, body: 'text' }],
    ['an empty string', { body: '' }],
    ['a part of a body', { status: 206, headers: plain, body: 'te' }],
    [
      'a type that only begins with text/plain',
      { body: 'a', headers: { 'content-type': 'text/plainer' } },
    ],
    ['a string of another type', { body: '<p>', headers: { 'Content-Type': 'text/html' } }],
    ['a string of JSON', { body: '{}', headers: [['content-type', 'application/json']] }],
    ['a string in another encoding', { body: 'text', headers: { 'Content-Encoding': 'br' } }],
    ['a Buffer', { body: Buffer.from('text') }],
    ['a Uint8Array', { body: new Uint8Array([1]) }],
    ['an ArrayBuffer', { body: new ArrayBuffer(1) }],
    ['a stream', { body: Readable.from(['text']) }],
    ['a Blob', { body: new Blob(['text'], { type: 'text/plain' }) }],
    ['FormData', { body: new FormData() }],
    ['URLSearchParams', { body: new URLSearchParams('a=1') }],
    ['a number as body', { body: 1 }],
    ['an object as body', { body: { a: 1 } }],
    ['an HttpResponse in JSON', new HttpResponse({ jsonBody: { a: 1 } })],
    ['an HttpResponse of bytes', new HttpResponse({ body: Buffer.from('text') })],
    [
      'an HttpResponse in UTF-16',
      new HttpResponse({
        headers: { 'content-type': 'text/plain; charset=UTF-16LE' },
        body: Buffer.from('t\0'),
      }),
    ],
    ['an HttpResponse without a body', new HttpResponse({ status: 204 })],
    ['a Response in JSON', Response.json({ a: 1 })],
    ['an empty result', {}],
    ['204', { status: 204 }],
    ['204 with a body, which the worker drops', { status: 204, body: 'text' }],
    ['304', { status: 304, body: 'text' }],
    ['undefined', undefined],
    ['null', null],
    ['a bare string', 'text'],
    ['a bare number', 1],
  ];
  for (const [name, result] of untouchable) {
    it(`leaves alone ${name}`, () => {
      assert.equal(withText(result, ' (end)'), result);
    });
  }

  it('leaves alone a response that has been read', async () => {
    const response = new HttpResponse({ body: 'text' });
    await response.text();
    assert.equal(withText(response, ' (end)'), response);
  });

  it('appends nothing to the empty body of a response', async () => {
    for (const headers of [plain, { ...plain, 'content-length': '0' }]) {
      const response = new HttpResponse({ body: '', headers });
      assert.equal(await received(withText(response, ' (end)')).text(), '');
    }
  });

  it('knows a response of another copy of @azure/functions', async () => {
    const { status, headers, body, bodyUsed, cookies } = new HttpResponse({
      status: 201,
      body: 'text',
    });
    const foreign = { status, headers, body, bodyUsed, cookies, arrayBuffer: () => undefined };
    const response = received(withText(foreign, ' (end)'));
    assert.equal(response.status, 201);
    assert.equal(await response.text(), 'text (end)');
  });

  it('keeps status, headers and cookies', async () => {
    const parts = {
      enableContentNegotiation: true,
      status: 201,
      headers: { 'x-kept': 'yes' },
      cookies: [{ name: 'a', value: 'b' }],
      body: 'text',
    };
    for (const result of [parts, new HttpResponse(parts)]) {
      const response = received(withText(result, ' (end)'));
      assert.equal(response.status, 201);
      assert.equal(response.enableContentNegotiation, true);
      assert.equal(response.headers.get('x-kept'), 'yes');
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
      assert.deepEqual(response.cookies, [{ name: 'a', value: 'b' }]);
      assert.equal(await response.text(), 'text (end)');
    }
  });

  it('corrects Content-Length', () => {
    const parts = { headers: { 'Content-Length': '2' }, body: 'é' };
    for (const result of [
      parts,
      new HttpResponse({ ...parts, headers: { ...parts.headers, ...plain } }),
    ]) {
      assert.equal(received(withText(result, ' (end)')).headers.get('content-length'), '8');
    }
    assert.equal(received(withText({ body: 'é' }, ' (end)')).headers.get('content-length'), null);
  });

  it('does not change the result that it was given', () => {
    const result = { body: 'text', headers: { 'Content-Length': '4' } };
    withText(result, ' (end)');
    assert.deepEqual(result, { body: 'text', headers: { 'Content-Length': '4' } });
  });
});

describe('withHeader', () => {
  const objects: [string, () => unknown, string][] = [
    ['a string', () => ({ body: 'text' }), 'text'],
    ['jsonBody', () => ({ jsonBody: { a: 1 } }), '{"a":1}'],
    ['a Buffer', () => ({ body: Buffer.from('text') }), 'text'],
    ['a frozen result', () => Object.freeze({ body: 'text' }), 'text'],
    ['an HttpResponse', () => new HttpResponse({ jsonBody: { a: 1 } }), '{"a":1}'],
    ['a global Response', () => Response.json({ a: 1 }), '{"a":1}'],
    ['204', () => ({ status: 204 }), ''],
    ['an HttpResponse with 204', () => new HttpResponse({ status: 204 }), ''],
    ['an empty result', () => ({}), ''],
  ];
  for (const [name, make, body] of objects) {
    it(`adds to ${name}`, async () => {
      const result = make();
      const extended = withHeader(result, 'X-Test', '1');
      assert.notEqual(extended, result);
      const response = received(extended);
      assert.equal(response.headers.get('x-test'), '1');
      assert.equal(response.status, received(make()).status);
      assert.equal(
        response.headers.get('content-type'),
        received(make()).headers.get('content-type'),
      );
      assert.equal(await response.text(), body);
    });
  }

  for (const result of [undefined, null, 'text', 1]) {
    it(`leaves ${JSON.stringify(result) ?? 'undefined'} alone`, () => {
      assert.equal(withHeader(result, 'X-Test', '1'), result);
    });
  }

  it('keeps what other code has set in the same header', () => {
    const result = withHeader({ headers: { 'X-Test': 'a' } }, 'X-Test', 'b');
    assert.equal(received(result).headers.get('x-test'), 'a, b');
  });
});
