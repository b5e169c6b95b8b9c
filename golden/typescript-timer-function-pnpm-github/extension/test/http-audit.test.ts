import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { switchOff, switchOn } from './switch-on';
import { invoke } from './worker';
import { HttpResponse, type HttpResponseInit } from '@azure/functions';
import { HttpAuditExtension, type HttpAuditOptions } from '../src/http-audit';

function timeWith(options?: HttpAuditOptions): void {
  switchOn(HttpAuditExtension, options);
}

const ELAPSED = / \(TimeElapsed: (\d+\.\d{4}) sec\)$/;

function bodyOf({ result }: { result: unknown }): string {
  return String((result as { body?: unknown }).body);
}

describe('HttpAuditExtension', () => {
  beforeEach(() => switchOn(HttpAuditExtension));

  it('only logs by default', async () => {
    const answer = { body: 'done' };
    const { result, logs } = await invoke({ handler: () => answer });
    assert.equal(result, answer);
    assert.equal(logs.length, 2);
    assert.match(logs[0] ?? '', /^information: HttpAuditExtension: say-hello started$/);
    assert.match(
      logs[1] ?? '',
      /^information: HttpAuditExtension: say-hello succeeded after \d+\.\d{4} sec$/,
    );
  });

  it('appends the elapsed time to plain text', async () => {
    timeWith({ appendToHttpResponse: true });
    const outcome = await invoke({
      handler: async () => {
        await sleep(50);
        return { body: 'done' };
      },
    });
    const [, seconds] = ELAPSED.exec(bodyOf(outcome)) ?? [];
    assert.ok(Number(seconds) >= 0.045 && Number(seconds) < 5, bodyOf(outcome));
  });

  it('appends to an HttpResponse, which keeps its status, headers and cookies', async () => {
    timeWith({ appendToHttpResponse: true });
    const cookies = [{ name: 'a', value: 'b' }];
    const { result } = await invoke({
      handler: () =>
        new HttpResponse({ status: 201, headers: { 'x-kept': '1' }, cookies, body: 'done' }),
    });
    assert.ok(result instanceof HttpResponse);
    assert.equal(result.status, 201);
    assert.equal(result.headers.get('x-kept'), '1');
    assert.deepEqual(result.cookies, cookies);
    assert.match(await result.text(), ELAPSED);
  });

  it('leaves other bodies alone', async () => {
    timeWith({ appendToHttpResponse: true });
    for (const answer of [
      { jsonBody: { a: 1 } },
      { body: Buffer.from('a') },
      { status: 204 },
      undefined,
    ]) {
      assert.equal((await invoke({ handler: () => answer })).result, answer);
    }
  });

  it('adds Server-Timing to text and JSON alike', async () => {
    timeWith({ serverTiming: true });
    for (const answer of [{ body: 'done' }, { jsonBody: { a: 1 } }]) {
      const { result } = await invoke({ handler: () => answer });
      const { headers, ...rest } = result as { headers: Headers };
      assert.match(headers.get('server-timing') ?? '', /^total;dur=\d+\.\d$/);
      assert.deepEqual(rest, answer);
    }
  });

  it('tells Server-Timing in milliseconds', async () => {
    timeWith({ serverTiming: true });
    const { result } = await invoke({
      handler: async () => {
        await sleep(50);
        return {};
      },
    });
    const header = (result as { headers: Headers }).headers.get('server-timing') ?? '';
    assert.ok(Number(header.split('=')[1]) >= 45, header);
  });

  it('does not depend on the clock of the machine', async (test) => {
    timeWith({ appendToHttpResponse: true });
    const { now } = Date;
    const outcome = await invoke({
      handler: () => {
        test.mock.method(Date, 'now', () => now() + 3_600_000);
        return { body: 'done' };
      },
    });
    assert.ok(Number(ELAPSED.exec(bodyOf(outcome))?.[1]) < 60, bodyOf(outcome));
  });

  it('does both at once', async () => {
    timeWith({ appendToHttpResponse: true, serverTiming: true });
    const { result } = await invoke({ handler: () => ({ body: 'done' }) });
    const { headers, body } = result as { headers: Headers; body: string };
    assert.match(body, ELAPSED);
    assert.ok(headers.has('server-timing'));
  });

  it('leaves the result of other triggers alone', async () => {
    timeWith({ appendToHttpResponse: true, serverTiming: true });
    const answer = { body: 'a message' };
    const { result, logs } = await invoke({ triggerType: 'queueTrigger', handler: () => answer });
    assert.equal(result, answer);
    assert.equal(logs.length, 2);
  });

  it('logs the elapsed time of a function that fails, and lets its error pass', async () => {
    timeWith({ appendToHttpResponse: true, serverTiming: true });
    const failure = new Error('no luck');
    const { result, error, logs } = await invoke({ handler: () => Promise.reject(failure) });
    assert.equal(error, failure);
    assert.equal(result, null);
    assert.match(logs[1] ?? '', /HttpAuditExtension: say-hello failed after \d+\.\d{4} sec/);
  });

  it('times a streamed body to its last byte', async (test) => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      await sleep(50);
      yield Buffer.from('b');
    }
    const { result, logs } = await invoke({ handler: () => ({ body: body() }) });
    assert.equal(logs.length, 1);
    const log = test.mock.method(console, 'log', () => {});
    assert.equal(await new HttpResponse(result as HttpResponseInit).text(), 'ab');
    log.mock.restore();
    const line = String(log.mock.calls[0]?.arguments[0]);
    const [, seconds] = /say-hello succeeded after (\d+\.\d{4}) sec$/.exec(line) ?? [];
    assert.ok(Number(seconds) >= 0.045, line);
  });

  it('tells a streamed body that breaks off', async (test) => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      throw new Error('broken off');
    }
    const { result } = await invoke({ handler: () => ({ body: body() }) });
    const log = test.mock.method(console, 'log', () => {});
    await assert.rejects(new HttpResponse(result as HttpResponseInit).text());
    log.mock.restore();
    assert.match(String(log.mock.calls[0]?.arguments[0]), /say-hello broke off after/);
  });

  it('keeps 50 concurrent invocations apart', async () => {
    timeWith({ appendToHttpResponse: true });
    const delays = Array.from({ length: 50 }, (_, index) => index * 4);
    const outcomes = await Promise.all(
      delays.map((delay) =>
        invoke({
          handler: async () => {
            await sleep(delay);
            return { body: `slept ${delay} ms` };
          },
        }),
      ),
    );
    outcomes.forEach((outcome, index) => {
      const delay = delays[index] ?? 0;
      const [, seconds] = ELAPSED.exec(bodyOf(outcome)) ?? [];
      assert.ok(bodyOf(outcome).startsWith(`slept ${delay} ms (`), bodyOf(outcome));
      assert.ok(Number(seconds) >= (delay - 2) / 1000, bodyOf(outcome));
    });
  });

  it('times once, however often it is switched on, and by the last options', async () => {
    timeWith({ serverTiming: true });
    timeWith({ appendToHttpResponse: true });
    const outcome = await invoke({ handler: () => ({ body: 'done' }) });
    assert.match(bodyOf(outcome), /^done \(TimeElapsed: [^()]+\)$/);
    assert.equal((outcome.result as { headers?: unknown }).headers, undefined);
    assert.equal(outcome.logs.length, 2);
  });

  it('does nothing for an invocation whose start it has not seen', async () => {
    switchOff(HttpAuditExtension);
    const answer = { body: 'done' };
    const { result, logs } = await invoke({
      handler: () => {
        timeWith({ appendToHttpResponse: true });
        return answer;
      },
    });
    assert.equal(result, answer);
    assert.deepEqual(logs, []);
  });
});
