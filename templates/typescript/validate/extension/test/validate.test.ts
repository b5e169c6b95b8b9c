import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { switchOn } from './switch-on';
import { invoke } from './worker';
import { HttpRequest, type HttpRequestInit, type InvocationContext } from '@azure/functions';
import type { Result, StandardSchema } from '../src/standard-schema';
import { ValidateExtension } from '../src/validate';

/** A schema by hand. */
function schemaOf<Output>(validate: (value: unknown) => Result<Output>): StandardSchema<Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

const named = schemaOf<{ name: string }>((value) => {
  const { name } = (value ?? {}) as { name?: unknown };
  return typeof name === 'string'
    ? { value: { name: name.trim() } }
    : { issues: [{ message: 'is missing', path: ['name'] }] };
});

const input = ValidateExtension.check('HttpTrigger', {
  query: named,
  body: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value) => {
        await sleep(1);
        if (value === 'throw') {
          throw new Error('broken schema');
        }
        return value === undefined || typeof value === 'object'
          ? { value: value as object | undefined }
          : {
              issues: [{ message: 'is no object' }, { message: 'is odd', path: ['a', { key: 0 }] }],
            };
      },
    },
  } satisfies StandardSchema<object | undefined>,
});

let calls = 0;

/** Requests a function that has schemas for query and body. */
async function request(init: Partial<HttpRequestInit> = {}, functionName = 'HttpTrigger') {
  calls = 0;
  const inputs = [new HttpRequest({ method: 'POST', url: 'http://localhost/', ...init })];
  return invoke({
    functionName,
    inputs,
    handler: async (one: HttpRequest, context: InvocationContext) => {
      calls += 1;
      const { query, body } = input(context);
      return { jsonBody: [query.name, body, await one.text()] };
    },
  });
}

describe('ValidateExtension', () => {
  beforeEach(() => switchOn(ValidateExtension));

  it('hands to the function what comes out of the schemas, and leaves it the body', async () => {
    const { result } = await request({ query: { name: ' Ada ' }, body: { string: '{"a":1}' } });
    assert.deepEqual(result, { jsonBody: ['Ada', { a: 1 }, '{"a":1}'] });
  });

  it('takes no body for undefined', async () => {
    const { result } = await request({ query: { name: 'Ada' } });
    assert.deepEqual(result, { jsonBody: ['Ada', undefined, ''] });
  });

  it('answers with all that is wrong, and the function does not run', async () => {
    const { result, error } = await request({ body: { string: '7' } });
    const { status, headers, body } = result as { status: number; headers: object; body: string };
    assert.equal(error, null);
    assert.equal(calls, 0);
    assert.equal(status, 400);
    assert.deepEqual(headers, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    assert.deepEqual(JSON.parse(body), {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      errors: [
        { in: 'query', path: 'name', message: 'is missing' },
        { in: 'body', path: '', message: 'is no object' },
        { in: 'body', path: 'a.0', message: 'is odd' },
      ],
    });
  });

  it('answers a body that is no JSON', async () => {
    const { result } = await request({ query: { name: 'Ada' }, body: { string: '{"a":' } });
    const { body } = result as { body: string };
    assert.match(body, /"errors":\[\{"in":"body","path":"","message":"It is not valid JSON."\}\]/);
  });

  it('answers with the status of its options', async () => {
    switchOn(ValidateExtension, { status: 422 });
    assert.equal(((await request()).result as { status: number }).status, 422);
  });

  it('does not let the function run where a schema throws', async () => {
    const { result, error, logs } = await request({
      query: { name: 'Ada' },
      body: { string: '"throw"' },
    });
    assert.equal(calls, 0);
    assert.equal(result, null);
    assert.match(String(error), /ValidateExtension failed, so the invocation is refused/);
    assert.match(logs.join(), /broken schema/);
  });

  it('leaves functions without schemas alone, which cannot read what was not looked at', async () => {
    const { result } = await invoke({ functionName: 'Other', handler: () => 'ok' });
    assert.equal(result, 'ok');
    const { error } = await request({}, 'Other');
    assert.match(String(error), /ValidateExtension is not on for Other/);
  });

  it('gives what it has found to whoever has the context', async () => {
    const { result } = await invoke({
      inputs: [
        new HttpRequest({ method: 'GET', url: 'http://localhost/', query: { name: 'Ada' } }),
      ],
      handler: (_, context) => ValidateExtension.value(context),
    });
    assert.deepEqual(result, { query: { name: 'Ada' }, body: undefined });
  });

  it('refuses schemas for a function that has some', () => {
    assert.throws(() => ValidateExtension.check('httptrigger', {}), /has schemas already/);
  });
});
