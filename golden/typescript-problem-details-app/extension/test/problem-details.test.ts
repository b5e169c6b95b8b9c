import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { switchOn } from './switch-on';
import { type Invocation, invoke, type Outcome } from './worker';
import { HttpRequest } from '@azure/functions';
import { ProblemDetailsExtension, type ProblemDetailsOptions } from '../src/problem-details';

function answerWith(options?: ProblemDetailsOptions): void {
  switchOn(ProblemDetailsExtension, options);
}

const failure = (properties: object = {}) => Object.assign(new Error('a message'), properties);

/** Invokes a function that throws. */
async function fail(
  error: unknown,
  invocation?: Omit<Invocation, 'handler'>,
): Promise<Outcome & { id: string }> {
  let id = '';
  const outcome = await invoke({
    ...invocation,
    handler: (_, context) => {
      id = context.invocationId;
      throw error;
    },
  });
  return { ...outcome, id };
}

function bodyOf({ result }: Outcome): unknown {
  return JSON.parse((result as { body: string }).body);
}

function internalServerError(correlationId: string) {
  return { type: 'about:blank', title: 'Internal Server Error', status: 500, correlationId };
}

describe('ProblemDetailsExtension', () => {
  beforeEach(() => answerWith());

  it('leaves alone what a function returns, also an error response', async () => {
    for (const returned of [
      { status: 404, body: 'not here' },
      Object.freeze({ status: 500, jsonBody: { a: 1 } }),
      new Error('returned, not thrown'),
      undefined,
      null,
    ]) {
      const { result, error, logs } = await invoke({ handler: () => returned });
      assert.equal(result, returned);
      assert.equal(error, null);
      assert.deepEqual(logs, []);
    }
  });

  it('answers an error with 500 and nothing of its inside', async () => {
    const outcome = await fail(failure({ code: 'ECONNREFUSED', headers: { 'x-internal': '1' } }));
    assert.equal(outcome.error, null);
    assert.deepEqual(outcome.result, {
      status: 500,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: JSON.stringify(internalServerError(outcome.id)),
    });
  });

  it('logs the whole error with the correlation id', async () => {
    const { id, logs } = await fail(new Error('a message', { cause: new Error('a cause') }));
    assert.equal(logs.length, 1);
    const [log = ''] = logs;
    assert.ok(
      log.startsWith(
        `error: ProblemDetailsExtension: HttpTrigger failed, answered with status 500, correlation id ${id}:`,
      ),
      log,
    );
    assert.match(log, /Error: a message\n +at /);
    assert.match(log, /\[cause\]: Error: a cause/);
  });

  it('respects what an error says of itself', async () => {
    const error = failure({ status: 429, expose: true, headers: { 'retry-after': '30' } });
    const outcome = await fail(Object.freeze(error));
    const { status, headers } = outcome.result as { status: number; headers: object };
    assert.equal(status, 429);
    assert.equal((headers as { 'retry-after'?: string })['retry-after'], '30');
    assert.deepEqual(bodyOf(outcome), {
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'a message',
      correlationId: outcome.id,
    });
  });

  it('keeps the message of an error that has a status only', async () => {
    const outcome = await fail(failure({ statusCode: 404, expose: false }));
    assert.deepEqual(bodyOf(outcome), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      correlationId: outcome.id,
    });
  });

  it('takes no status from an error that does not say whether it is for the caller', async () => {
    for (const status of [401, 403, 404, 503]) {
      const outcome = await fail(failure({ status }));
      assert.deepEqual(bodyOf(outcome), internalServerError(outcome.id));
    }
  });

  it('answers a body that is no JSON with 400', async () => {
    const request = new HttpRequest({
      method: 'POST',
      url: 'http://x/',
      body: { string: '{"a":' },
    });
    const { result } = await invoke({
      inputs: [request],
      handler: (one: HttpRequest) => one.json() as never,
    });
    assert.equal((result as { status: number }).status, 400);
    const own = await invoke({ handler: () => JSON.parse('{') as never });
    assert.equal((own.result as { status: number }).status, 500);
  });

  it('answers a result of which the worker can make no response', async () => {
    for (const result of ['text', 7, true]) {
      const { result: answer, error } = await invoke({ handler: () => result as never });
      assert.equal(error, null);
      assert.equal((answer as { status: number }).status, 500);
    }
    const empty = await invoke({ handler: () => undefined });
    assert.equal(empty.result, undefined);
  });

  it('logs a warning if the status is below 500', async () => {
    const { id, logs } = await fail(failure({ status: 404, expose: false }));
    assert.equal(logs.length, 1);
    assert.match(logs[0] ?? '', new RegExp(`^warning: .* ${id}: Error: a message`));
  });

  for (const thrown of ['text', '', 0, false, { secret: 'text' }, Symbol('text'), [1]]) {
    it(`answers if ${typeof thrown} ${JSON.stringify(thrown) ?? ''} is thrown`, async () => {
      const outcome = await fail(thrown);
      assert.equal(outcome.error, null);
      assert.deepEqual(bodyOf(outcome), internalServerError(outcome.id));
      assert.equal(outcome.logs.length, 1);
    });
  }

  it('answers an error that cannot be read, or whose headers cannot be sent', async () => {
    class Unreadable extends Error {
      get status(): number {
        throw new Error('unreadable');
      }
    }
    for (const error of [
      new Unreadable('a message'),
      failure({ expose: true, headers: { 'a b': '1' } }),
    ]) {
      const outcome = await fail(error);
      assert.equal(outcome.error, null);
      assert.deepEqual(bodyOf(outcome), internalServerError(outcome.id));
      assert.match(outcome.logs[0] ?? '', /^error: \w+: the error could not be described/);
      assert.match(outcome.logs[1] ?? '', /a message/);
    }
  });

  it('answers an error that cannot be logged', async () => {
    const error = failure();
    Object.defineProperty(error, 'stack', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    const outcome = await fail(error);
    assert.equal(outcome.error, null);
    assert.deepEqual(bodyOf(outcome), internalServerError(outcome.id));
    assert.match(outcome.logs[0] ?? '', /an error that cannot be printed/);
  });

  it('leaves the failures of other triggers alone', async () => {
    for (const triggerType of ['queueTrigger', 'timerTrigger']) {
      const error = failure({ status: 404, expose: true });
      const outcome = await fail(error, { triggerType });
      assert.equal(outcome.error, error);
      assert.equal(outcome.result, null);
      assert.deepEqual(outcome.logs, []);
    }
  });

  it('answers with what toProblem makes of an error', async () => {
    answerWith({
      toProblem: (error) =>
        error instanceof RangeError
          ? { status: 422, detail: 'Too much.', limit: 10, headers: { 'x-limit': '10' } }
          : undefined,
    });
    const outcome = await fail(new RangeError('a message'));
    assert.equal((outcome.result as { status: number }).status, 422);
    assert.equal((outcome.result as { headers: Record<string, string> }).headers['x-limit'], '10');
    assert.deepEqual(bodyOf(outcome), {
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'Too much.',
      limit: 10,
      correlationId: outcome.id,
    });
    const other = await fail(failure({ status: 404, expose: false }));
    assert.equal((other.result as { status: number }).status, 404);
  });

  it('answers with 500 if toProblem fails, and logs both errors', async () => {
    for (const toProblem of [
      () => {
        throw new Error('broken');
      },
      () => ({ status: 200 }),
      () => ({ status: 400, big: 1n }),
    ]) {
      answerWith({ toProblem });
      const outcome = await fail(failure({ status: 404 }));
      assert.deepEqual(bodyOf(outcome), internalServerError(outcome.id));
      assert.match(outcome.logs[0] ?? '', /could not be described: \w*Error: /);
      assert.match(outcome.logs[1] ?? '', /a message/);
    }
  });

  it('keeps 50 concurrent invocations apart', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        let id = '';
        const outcome = await invoke({
          handler: async (__, context) => {
            id = context.invocationId;
            await sleep((index * 7) % 50);
            throw failure({ status: 400 + index, expose: true, message: `number ${index}` });
          },
        });
        return { ...outcome, id };
      }),
    );
    outcomes.forEach((outcome, index) => {
      const { status, detail, correlationId } = bodyOf(outcome) as Record<string, unknown>;
      assert.equal(status, 400 + index);
      assert.equal(detail, `number ${index}`);
      assert.equal(correlationId, outcome.id);
      assert.equal(outcome.logs.length, 1);
      assert.ok(outcome.logs[0]?.includes(outcome.id));
    });
    assert.equal(new Set(outcomes.map(({ id }) => id)).size, 50);
  });

  it('answers once, however often it is switched on, and by the last options', async () => {
    answerWith({ toProblem: () => ({ status: 410 }) });
    answerWith({ toProblem: () => ({ status: 418 }) });
    const { result, logs } = await fail(failure());
    assert.equal((result as { status: number }).status, 418);
    assert.equal(logs.length, 1);
    answerWith({});
    assert.equal(((await fail(failure())).result as { status: number }).status, 500);
  });
});
