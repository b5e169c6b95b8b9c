import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, type Mock, mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { switchOff, switchOn } from './switch-on';
import { type Invocation, invoke, type Outcome } from './worker';
import { app, HttpRequest } from '@azure/functions';
import { GuardExtension, type GuardOptions } from '../src/guard';

function guardWith(options?: GuardOptions): void {
  switchOn(GuardExtension, options);
}

const KEY = 'a-secret-key';
const ANSWER = Object.freeze({ body: 'done' });

interface Answered extends Outcome {
  handler: Mock<() => unknown>;
}

/** Invokes a function that answers with `ANSWER` for a request with these headers. */
async function request(
  headers: Record<string, string> = {},
  invocation: Partial<Invocation> = {},
): Promise<Answered> {
  const handler = mock.fn(() => ANSWER);
  const inputs = [new HttpRequest({ method: 'GET', url: 'http://localhost/api', headers })];
  return { handler, ...(await invoke({ handler, inputs, ...invocation })) };
}

function assertPassed({ handler, result, error }: Answered): void {
  assert.equal(handler.mock.callCount(), 1);
  assert.equal(result, ANSWER);
  assert.equal(error, null);
}

function assertRefused(
  { handler, result, error }: Answered,
  status: 401 | 403,
  challenge = 'ApiKey header="x-api-key"',
): void {
  const { body, ...head } = result as { body: string };
  assert.equal(handler.mock.callCount(), 0);
  assert.equal(error, null);
  assert.deepEqual(head, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': challenge }),
    },
  });
  assert.deepEqual(JSON.parse(body), {
    type: 'about:blank',
    title: status === 401 ? 'Unauthorized' : 'Forbidden',
    status,
  });
}

describe('GuardExtension', () => {
  beforeEach(() => {
    process.env.GUARD_API_KEY = KEY;
    switchOn(GuardExtension);
  });

  afterEach(() => {
    delete process.env.GUARD_API_KEY;
  });

  it('compares the API key by default', async () => {
    assertPassed(await request({ 'X-Api-Key': KEY }));
    assertRefused(await request(), 401);
    assertRefused(await request({ authorization: KEY }), 401);
    for (const key of ['', KEY.slice(1), KEY.toUpperCase(), `${KEY}, ${KEY}`]) {
      assertRefused(await request({ 'x-api-key': key }), 401);
    }
  });

  it('logs a refusal, and no key', async () => {
    const { logs } = await request({ 'x-api-key': 'a-wrong-key' });
    assert.match(logs.join('\n'), /^information: .*HttpTrigger refused a request with 401$/);
    assert.deepEqual((await request({ 'x-api-key': KEY })).logs, []);
  });

  for (const [what, settings] of [
    ['missing', {}],
    ['empty', { GUARD_API_KEY: '' }],
  ] as const) {
    it(`refuses all and warns while the setting is ${what}`, async () => {
      delete process.env.GUARD_API_KEY;
      Object.assign(process.env, settings);
      for (const key of ['', 'undefined', KEY]) {
        const outcome = await request({ 'x-api-key': key });
        assertRefused(outcome, 401);
        assert.match(outcome.logs[0] ?? '', /^warning: .*GUARD_API_KEY is missing or empty/);
      }
    });
  }

  it('takes each of several keys, with blanks around them', async () => {
    process.env.GUARD_API_KEY = ` ${KEY},\n another-key\n`;
    for (const key of [KEY, 'another-key', ` ${KEY} `]) {
      assertPassed(await request({ 'x-api-key': key }));
    }
    for (const key of ['', ',', `${KEY},another-key`, 'other']) {
      assertRefused(await request({ 'x-api-key': key }), 401);
    }
  });

  for (const setting of ['schlüssel', 'two words', `${KEY},ключ`, 'tab\there']) {
    it(`refuses all and warns while the setting is "${setting}", which no header can carry`, async () => {
      process.env.GUARD_API_KEY = setting;
      const outcome = await request({ 'x-api-key': KEY });
      assertRefused(outcome, 401);
      assert.match(outcome.logs[0] ?? '', /has a key with other characters/);
    });
  }

  it('leaves out the functions in except', async () => {
    guardWith({ except: ['Health', 'httptrigger'] });
    assertPassed(await request());
    guardWith({ except: ['Http'] });
    assertRefused(await request(), 401);
  });

  it('lets a preflight pass only if it is told to', async () => {
    const preflight = (headers: Record<string, string>, method = 'OPTIONS') => ({
      inputs: [new HttpRequest({ method, url: 'http://localhost/api', headers })],
    });
    const headers = { origin: 'https://x.example', 'access-control-request-method': 'PUT' };
    assertRefused(await request({}, preflight(headers)), 401);
    guardWith({ allowPreflight: true });
    assertPassed(await request({}, preflight(headers)));
    assertRefused(await request({}, preflight(headers, 'GET')), 401);
    assertRefused(await request({}, preflight({ origin: 'https://x.example' })), 401);
  });

  it('can look at the body of a clone, which leaves the function its own', async () => {
    guardWith({ authorize: async (one) => (await one.clone().text()) === 'signed' });
    const inputs = [
      new HttpRequest({ method: 'POST', url: 'http://localhost/', body: { string: 'signed' } }),
    ];
    const { result } = await invoke({
      inputs,
      handler: async (one: HttpRequest) => ({ body: await one.text() }),
    });
    assert.deepEqual(result, { body: 'signed' });
  });

  for (const off of ['0', 'false']) {
    it(`stays on while NODE_ENABLE_WORKER_EXTENSIONS is "${off}"`, async () => {
      process.env.NODE_ENABLE_WORKER_EXTENSIONS = off;
      class Copy extends GuardExtension {}
      const warn = mock.method(console, 'warn', () => {});
      switchOn(Copy, { authorize: () => 401 });
      warn.mock.restore();
      delete process.env.NODE_ENABLE_WORKER_EXTENSIONS;
      assert.match(String(warn.mock.calls[0]?.arguments[0]), /^Copy stays on/);
      // The other one is content.
      const outcome = await request({ 'x-api-key': KEY });
      switchOff(Copy);
      assertRefused(outcome, 401, 'Bearer');
    });
  }

  it('takes a new key at once', async () => {
    process.env.GUARD_API_KEY = 'a-new-key';
    assertRefused(await request({ 'x-api-key': KEY }), 401);
    assertPassed(await request({ 'x-api-key': 'a-new-key' }));
  });

  it('takes the key from another header and compares it with another setting', async () => {
    guardWith({ header: 'X-Key', setting: 'OTHER_API_KEY' });
    process.env.OTHER_API_KEY = 'another-key';
    assertPassed(await request({ 'x-key': 'another-key' }));
    assertRefused(await request({ 'x-key': KEY }), 401, 'ApiKey header="X-Key"');
    delete process.env.OTHER_API_KEY;
  });

  it('shows the request and its context to authorize, and lets pass what that allows', async () => {
    guardWith({
      authorize: ({ headers }, { functionName }) =>
        functionName === 'HttpTrigger' && headers.get('x-user') === 'known',
    });
    assertPassed(await request({ 'x-user': 'known' }));
    assertRefused(await request({ 'x-user': 'unknown' }), 403);
  });

  it('answers as authorize says, at once or later', async () => {
    for (const [decision, status] of [
      [401, 401],
      [403, 403],
      [false, 403],
    ] as const) {
      guardWith({ authorize: () => decision });
      assertRefused(await request(), status, 'Bearer');
      guardWith({ authorize: () => sleep(5, decision) });
      assertRefused(await request(), status, 'Bearer');
    }
    guardWith({ authorize: () => sleep(5, true) });
    assertPassed(await request());
  });

  it('asks for other credentials as the challenge says', async () => {
    guardWith({ challenge: 'ApiKey realm="orders"' });
    assertRefused(await request(), 401, 'ApiKey realm="orders"');
    guardWith({ authorize: () => 401, challenge: 'DPoP algs="ES256"' });
    assertRefused(await request(), 401, 'DPoP algs="ES256"');
  });

  for (const decision of [undefined, null, 0, 1, 200, '', 'true', {}, Promise.resolve('true')]) {
    it(`refuses where authorize returns ${inspect(decision)}`, async () => {
      guardWith({ authorize: () => decision as never });
      assertRefused(await request(), 403);
    });
  }

  for (const [how, authorize] of [
    [
      'throws',
      () => {
        throw new Error('no luck');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no luck'))],
    ['is no function', 'no luck' as never],
  ] as const) {
    it(`refuses where authorize ${how}, and logs the error`, async () => {
      guardWith({ authorize });
      const outcome = await request();
      assertRefused(outcome, 403);
      assert.match(outcome.logs[0] ?? '', /^error: .*authorize failed.*Error/);
    });
  }

  it('refuses even where the error of authorize cannot be logged', async () => {
    const error = {
      [inspect.custom]: () => {
        throw new Error('cannot be printed');
      },
    };
    guardWith({ authorize: () => Promise.reject(error) });
    assertRefused(await request(), 403);
  });

  it('does not ask about other triggers', async () => {
    const authorize = mock.fn(() => false);
    guardWith({ authorize });
    const outcome = await request({}, { triggerType: 'queueTrigger', inputs: ['a message'] });
    assertPassed(outcome);
    assert.deepEqual(outcome.logs, []);
    assert.equal(authorize.mock.callCount(), 0);
  });

  it('lets the error of a function pass', async () => {
    guardWith({ authorize: () => true });
    const failure = new Error('no luck');
    const { error, logs } = await request({}, { handler: () => Promise.reject(failure) });
    assert.equal(error, failure);
    assert.deepEqual(logs, []);
  });

  it('lets later hooks run, which may wrap what it guards and see the result', async () => {
    guardWith({ authorize: () => 401 });
    const results: unknown[] = [];
    const hooks = [
      app.hook.preInvocation((context) => {
        const { functionHandler } = context;
        context.functionHandler = async (...args) => ({
          ...(await functionHandler(...args)),
          cookies: [],
        });
      }),
      app.hook.postInvocation(({ result }) => void results.push(result)),
    ];
    const { handler, result } = await request();
    hooks.forEach((hook) => hook.dispose());
    const { status, cookies } = result as { status: number; cookies: unknown };
    assert.equal(handler.mock.callCount(), 0);
    assert.equal(status, 401);
    assert.deepEqual(cookies, []);
    assert.deepEqual(results, [result]);
  });

  it('keeps 50 concurrent requests apart', async () => {
    const decisions = [true, 401, 403] as const;
    const decisionOn = (index: number) => decisions[index % 3] ?? false;
    guardWith({
      authorize: async ({ headers }) => {
        const index = Number(headers.get('x-index'));
        await sleep((50 - index) * 2);
        return decisionOn(index);
      },
    });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => request({ 'x-index': String(index) })),
    );
    outcomes.forEach((outcome, index) => {
      const decision = decisionOn(index);
      if (decision === 401 || decision === 403) {
        assertRefused(outcome, decision, 'Bearer');
      } else {
        assertPassed(outcome);
      }
    });
  });

  it('goes by the last options, and by none of the earlier ones', async () => {
    guardWith({ authorize: () => true, challenge: 'Bearer realm="orders"' });
    guardWith({ authorize: () => 401 });
    assertRefused(await request(), 401, 'Bearer');
    guardWith();
    assertRefused(await request(), 401);
    assertPassed(await request({ 'x-api-key': KEY }));
  });
});
