import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpResponse } from '@azure/functions';
import { type Problem, problemOf, toResponse } from '../src/problem';

const failure = (properties: object) => Object.assign(new Error('a message'), properties);

describe('problemOf', () => {
  for (const [properties, status] of [
    [{ status: 404, expose: false }, 404],
    [{ statusCode: 409, expose: false }, 409],
    [{ status: 400, statusCode: 409, expose: false }, 400],
    [{ status: 'failed', statusCode: 409, expose: false }, 409],
    [{ status: 400, expose: false }, 400],
    [{ status: 599, expose: false }, 599],
    [{ status: 404 }, 500],
    [{ statusCode: 401 }, 500],
    [{ status: 401, expose: 'yes' }, 500],
    [{ status: 399, expose: false }, 500],
    [{ status: 600, expose: false }, 500],
    [{ status: 200, expose: false }, 500],
    [{ status: '404', expose: false }, 500],
    [{ status: 404.5, expose: false }, 500],
    [{ status: NaN, expose: false }, 500],
    [{ status: null, expose: false }, 500],
    [{}, 500],
  ] as const) {
    it(`takes ${JSON.stringify(properties)} for status ${status}, and keeps the message in`, () => {
      assert.deepEqual(problemOf(failure(properties)), { status });
    });
  }

  it('lets out message and headers if the error says so', () => {
    const headers = { 'retry-after': '30' };
    for (const status of [429, 503]) {
      assert.deepEqual(problemOf(failure({ status, headers, expose: true })), {
        status,
        detail: 'a message',
        headers,
      });
    }
  });

  for (const expose of [false, undefined, null, 1, 'true']) {
    it(`lets out neither if expose is ${JSON.stringify(expose) ?? 'undefined'}`, () => {
      const error = failure({ status: 401, headers: { 'x-internal': '1' }, expose });
      assert.deepEqual(problemOf(error), { status: expose === false ? 401 : 500 });
    });
  }

  for (const thrown of ['text', '', 0, false, 1n, Symbol('a'), null, undefined, [], () => {}]) {
    it(`takes ${typeof thrown} ${String(thrown)} for status 500`, () => {
      assert.deepEqual(problemOf(thrown), { status: 500 });
    });
  }

  it('takes what is no Error at its word', () => {
    const thrown = { status: 404, expose: true, message: 'Gone fishing.' };
    assert.deepEqual(problemOf(thrown), {
      status: 404,
      detail: 'Gone fishing.',
      headers: undefined,
    });
  });

  it('looks neither at causes nor at the parts of an AggregateError', () => {
    const error = new AggregateError([failure({ status: 404, expose: true })], 'all failed');
    error.cause = error;
    assert.deepEqual(problemOf(error), { status: 500 });
  });
});

describe('toResponse', () => {
  const bodyOf = (response: { body: string }) => JSON.parse(response.body) as unknown;

  it('is a response in application/problem+json that is not stored', async () => {
    const response = new HttpResponse(toResponse({ status: 404, detail: 'Not here.' }, 'id'));
    assert.equal(response.status, 404);
    assert.deepEqual(Object.fromEntries(response.headers), {
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
    assert.deepEqual(await response.json(), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Not here.',
      correlationId: 'id',
    });
  });

  it('has no title for a status without a reason phrase', () => {
    assert.deepEqual(bodyOf(toResponse({ status: 599 }, 'id')), {
      type: 'about:blank',
      status: 599,
      correlationId: 'id',
    });
  });

  it('has all members of the problem, but its own correlation id', () => {
    const problem = {
      type: 'https://example.com/problems/out-of-stock',
      title: 'Out of stock',
      status: 409,
      instance: '/orders/7',
      available: [1, 2],
    };
    const response = toResponse({ ...problem, correlationId: 'another' }, 'id');
    assert.deepEqual(bodyOf(response), { ...problem, correlationId: 'id' });
  });

  it('has the headers of the problem, but not those that are for another body', () => {
    const headers = {
      'Retry-After': '30',
      'Content-Type': 'text/html',
      'Content-Length': '3',
      'Content-Encoding': 'br',
      'Transfer-Encoding': 'chunked',
      'Set-Cookie': 'a=1',
      ETag: '"1"',
      'Cache-Control': 'public',
    };
    const response = toResponse({ status: 503, headers }, 'id');
    assert.deepEqual(response.headers, {
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
      'retry-after': '30',
    });
    assert.ok(!response.body.includes('30'), response.body);
  });

  it('does not change the problem', () => {
    const problem = Object.freeze({ status: 429, headers: Object.freeze({ 'retry-after': '30' }) });
    assert.equal(toResponse(problem, 'id').status, 429);
    assert.deepEqual(problem, { status: 429, headers: { 'retry-after': '30' } });
  });

  for (const status of [200, 399, 600, 404.5, NaN, '404', undefined]) {
    it(`refuses the status ${JSON.stringify(status) ?? 'undefined'}`, () => {
      assert.throws(() => toResponse({ status: status as number }, 'id'), RangeError);
    });
  }

  it('refuses what cannot be sent', () => {
    const circular = { status: 400, self: {} };
    circular.self = circular;
    const problems: Problem[] = [
      circular,
      { status: 400, big: 1n },
      { status: 400, headers: { 'a\nb': '1' } },
      { status: 400, headers: { a: '1\r\nb: 2' } },
    ];
    for (const problem of problems) {
      assert.throws(() => toResponse(problem, 'id'), TypeError);
    }
  });
});
