import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { switchOff, switchOn } from './switch-on';
import { hooks, invoke } from './worker';
import {
  app,
  HttpResponse,
  type HttpResponseInit,
  type PreInvocationContext,
} from '@azure/functions';
import { FuncExtensionBase } from '../src/worker-extension/func-extension-base';
import type { Instances } from '../src/worker-extension/hooks';
import {
  type Interruption,
  whenSent,
  withHeader,
  withText,
} from '../src/worker-extension/http-result';
import {
  type AroundInvocationContext,
  failureOf,
  hasRun,
  inMiddle,
  InvocationData,
  join,
  type Next,
} from '../src/worker-extension/invocation';

type Around = (context: AroundInvocationContext, next: Next) => unknown;

/** Invokes a function with hooks that are there for this one invocation. */
async function withHooks(
  before: readonly ((context: PreInvocationContext) => void | Promise<void>)[],
  invocation: Parameters<typeof invoke>[0],
) {
  const registered = before.map((hook) => app.hook.preInvocation(hook));
  try {
    return await invoke(invocation);
  } finally {
    registered.forEach((hook) => hook.dispose());
  }
}

const joining =
  (place: number, around: Around) =>
  (context: PreInvocationContext): void =>
    join(context, { place, around });

describe('chain', () => {
  it('has lower places further out, and of equals the first', async () => {
    const calls: string[] = [];
    const named = (name: string, place: number) =>
      joining(place, async (_, next) => {
        calls.push(`${name} before`);
        const result = await next();
        calls.push(`${name} after`);
        return `${name}(${String(result)})`;
      });
    const { result } = await withHooks(
      [named('c', 300), named('a', 100), named('b', 200), named('b2', 200)],
      { handler: () => 'f' },
    );
    assert.equal(result, 'a(b(b2(c(f))))');
    assert.deepEqual(calls, [
      ...['a', 'b', 'b2', 'c'].map((name) => `${name} before`),
      ...['c', 'b2', 'b', 'a'].map((name) => `${name} after`),
    ]);
  });

  it('changes what the function gets, runs it again, or answers in its place', async () => {
    const inputs = joining(1, (context, next) => {
      context.inputs = ['changed'];
      return next();
    });
    const twice = joining(2, async (_, next) => [await next(), await next()]);
    const early = joining(3, () => 'early');
    const handler = (input: unknown) => input;
    assert.deepEqual((await withHooks([inputs, twice], { handler })).result, [
      'changed',
      'changed',
    ]);
    assert.deepEqual((await withHooks([twice, early], { handler })).result, ['early', 'early']);
  });

  it('knows a failure that was answered further in', async () => {
    const failure = new Error('no luck');
    const seen: unknown[] = [];
    const outer = joining(1, async ({ invocationContext }, next) => {
      const result = await next();
      seen.push(result, failureOf(invocationContext));
      return result;
    });
    const inner = joining(2, (_, next) => next().catch(() => 'answered'));
    const { result, error } = await withHooks([inner, outer], {
      handler: () => Promise.reject(failure),
    });
    assert.equal(result, 'answered');
    assert.equal(error, null);
    assert.deepEqual(seen, ['answered', { error: failure }]);
  });

  it('has in its middle what a hook puts in the place of the function', async () => {
    const outer = joining(1, async (_, next) => `outer(${String(await next())})`);
    for (const hook of [
      (context: PreInvocationContext) => {
        context.functionHandler = () => 'early';
      },
      async (context: PreInvocationContext) => {
        await Promise.resolve();
        context.functionHandler = () => 'early';
      },
    ]) {
      const { result } = await withHooks(
        [outer, (context) => inMiddle(context, () => hook(context))],
        {
          handler: () => 'function',
        },
      );
      assert.equal(result, 'outer(early)');
    }
  });

  it('can tell that a foreign hook has put a handler around it, or in its place', async () => {
    const link = joining(1, (_, next) => next());
    for (const [replace, expected] of [
      [(context: PreInvocationContext) => void (context.functionHandler = () => 'foreign'), false],
      [
        (context: PreInvocationContext) => {
          const { functionHandler } = context;
          context.functionHandler = (...args) => functionHandler(...args);
        },
        true,
      ],
    ] as const) {
      let ran: boolean | undefined;
      const after = app.hook.postInvocation(({ invocationContext }) => {
        ran = hasRun(invocationContext);
      });
      await withHooks([link, replace], { handler: () => 'ok' });
      after.dispose();
      assert.equal(ran, expected);
    }
  });

  it('is joined by packages with another version of this file', async () => {
    const key = Symbol.for('azfunc-worker-extension.chain');
    // As a later version might begin it.
    const later = (context: PreInvocationContext) => {
      const chain = {
        version: 2,
        links: [] as { place: number; around: Around }[],
        handler: context.functionHandler,
        run: async (...args: unknown[]) => {
          const own = { invocationContext: context.invocationContext, inputs: args.slice(0, -1) };
          return `later(${String(await chain.links[0]?.around(own, () => Promise.resolve('f')))})`;
        },
        hasRun: false,
        more: true,
      };
      Object.defineProperty(context.invocationContext, key, { value: chain });
      context.functionHandler = chain.run as never;
    };
    const link = joining(1, async (_, next) => `own(${String(await next())})`);
    assert.equal((await withHooks([later, link], { handler: () => 'f' })).result, 'later(own(f))');
  });

  it('cannot be seen by those who print a context', async () => {
    const link = joining(1, (_, next) => next());
    const { result } = await withHooks([link], { handler: (_, context) => inspect(context) });
    assert.doesNotMatch(String(result), /links|chain/);
  });
});

/** An extension that does what a test wants. */
function extensionOf(around: Around, { failClosed = false } = {}) {
  class Testing extends FuncExtensionBase {
    static override readonly failClosed: boolean = failClosed;
    override aroundInvocation(context: AroundInvocationContext, next: Next): unknown {
      return around(context, next);
    }
  }
  return Testing;
}

describe('aroundInvocation', () => {
  const broken = new Error('broken extension');
  const failure = new Error('no luck');

  /** Invokes a function in an extension, which is on for that one invocation. */
  async function around(extension: Around, handler: () => unknown, options = {}) {
    let isOn = true;
    switchOn(extensionOf((context, next) => (isOn ? extension(context, next) : next()), options));
    try {
      return await invoke({ handler: handler as () => undefined });
    } finally {
      isOn = false;
    }
  }

  for (const [what, extension] of [
    [
      'throws at once',
      () => {
        throw broken;
      },
    ],
    [
      'rejects before the function',
      async () => {
        await Promise.resolve();
        throw broken;
      },
    ],
    [
      'throws after the function',
      async (_, next) => {
        await next();
        throw broken;
      },
    ],
    [
      'throws without waiting for the function',
      (_, next) => {
        void next();
        throw broken;
      },
    ],
    [
      'throws what cannot be printed',
      () => {
        throw {
          [inspect.custom]: () => {
            throw broken;
          },
        };
      },
    ],
  ] as [string, Around][]) {
    it(`spares the function where it ${what}`, async () => {
      let count = 0;
      const { result, error, logs } = await around(extension, () => ++count);
      assert.equal(result, 1);
      assert.equal(error, null);
      assert.match(logs.join(), /Testing\.aroundInvocation failed and was skipped/);
    });

    it(`refuses the invocation where it ${what}, if it is to fail closed`, async () => {
      const { result, error } = await around(extension, () => 'secret', { failClosed: true });
      assert.equal(result, null);
      assert.match(String(error), /Testing failed, so the invocation is refused/);
    });
  }

  it('lets the error of a function pass, also as the cause of another one', async () => {
    const fails = () => Promise.reject(failure);
    assert.equal((await around((_, next) => next(), fails)).error, failure);
    const wrapped = await around(async (_, next) => {
      try {
        return await next();
      } catch (cause) {
        throw new Error('wrapped', { cause });
      }
    }, fails);
    assert.match(String(wrapped.error), /wrapped/);
    const other = await around(async (_, next) => {
      await next().catch(() => {
        throw broken;
      });
    }, fails);
    assert.equal(other.error, failure);
    assert.match(other.logs.join(), /broken extension/);
  });

  it('keeps the result where it returns nothing, and returns what it says otherwise', async () => {
    assert.equal(
      (
        await around(
          async (_, next) => void (await next()),
          () => 'kept',
        )
      ).result,
      'kept',
    );
    assert.equal(
      (
        await around(
          (_, next) => void next(),
          () => 'kept',
        )
      ).result,
      'kept',
    );
    assert.equal(
      (
        await around(
          () => null,
          () => 'f',
        )
      ).result,
      null,
    );
    assert.equal(
      (
        await around(
          () => 'other',
          () => 'f',
        )
      ).result,
      'other',
    );
  });

  it('withholds the answer of a function that was called past a guard', async () => {
    const guard = extensionOf((_, next) => next(), { failClosed: true });
    switchOn(guard);
    const foreign = app.hook.preInvocation((context) => {
      context.functionHandler = () => 'past it';
    });
    const { result, error } = await invoke({ handler: () => 'f' });
    const message = await invoke({ triggerType: 'queueTrigger', handler: () => 'f' });
    foreign.dispose();
    switchOff(guard);
    assert.equal(message.error, null);
    assert.equal(result, undefined);
    assert.match(String(error), /Testing has been bypassed/);
  });

  it('guards although a foreign hook is disposed while it runs', async () => {
    const first = app.hook.preInvocation(() => first.dispose());
    // The worker skips the hook that moves to the place of the one that has gone.
    const all = hooks.preInvocation ?? [];
    const [own] = all.splice(all.length - 1, 1);
    all.unshift(own as never);
    const guard = extensionOf(() => 'refused', { failClosed: true });
    const others = all.length;
    switchOn(guard);
    const guards = all.splice(others);
    all.splice(1, 0, ...guards);
    const { result } = await invoke({ handler: () => 'f' });
    switchOff(guard);
    assert.equal(result, 'refused');
  });
});

describe('observer', () => {
  it('gets each extension and its instances, and says which of them act', async () => {
    const key = Symbol.for('azfunc-worker-extension.observer');
    const shown: unknown[] = [];
    let isOff = false;
    const host = globalThis as { [key]?: (extension: object, instances: Instances) => Instances };
    host[key] = (extension, instances) => {
      shown.push(extension);
      return { ...instances, find: (context) => (isOff ? undefined : instances.find(context)) };
    };
    const extension = extensionOf(() => 'acts');
    switchOn(extension);
    delete host[key];
    const { result } = await invoke({ handler: () => 'f' });
    isOff = true;
    const without = await invoke({ handler: () => 'f' });
    switchOff(extension);
    assert.deepEqual(shown, [extension]);
    assert.deepEqual([result, without.result], ['acts', 'f']);
  });
});

describe('InvocationData', () => {
  it('keeps what belongs to an invocation, where nobody sees it who prints the context', async () => {
    const data = new InvocationData<string>();
    const { result } = await invoke({
      handler: (_, context) => {
        data.set(context, 'a secret');
        return [data.get(context), inspect(context), JSON.stringify(context)];
      },
    });
    const [kept, ...shown] = result as string[];
    assert.equal(kept, 'a secret');
    assert.doesNotMatch(shown.join(), /secret|InvocationData/);
  });
});

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
    ['a string that is JSON', { body: '{"a":1}' }],
    ['a string that is a number', { body: ' 42 ' }],
    ['a string with an ETag', { body: 'text', headers: { ETag: '"1"' } }],
    ['a string with a digest', { body: 'text', headers: { 'Content-Digest': 'sha-256=:x:' } }],
    ['a string with an MD5', { body: 'text', headers: { 'Content-MD5': 'x' } }],
    ['a file', { body: 'text', headers: { 'Content-Disposition': 'attachment' } }],
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

/** Has a result observed, and what has been told of its end. */
function observed(result: unknown): { result: unknown; ends: (Interruption | 'end')[] } {
  const ends: (Interruption | 'end')[] = [];
  return { result: whenSent(result, (interruption) => ends.push(interruption ?? 'end')), ends };
}

async function* chunks(failure?: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  await sleep(1);
  if (failure) {
    throw failure;
  }
  yield Buffer.from('b');
}

describe('whenSent', () => {
  for (const result of [
    undefined,
    null,
    'text',
    { body: 'text' },
    { jsonBody: {} },
    { body: Buffer.from('a') },
  ]) {
    it(`calls back at once for ${JSON.stringify(result) ?? 'nothing'}`, () => {
      const { result: same, ends } = observed(result);
      assert.equal(same, result);
      assert.deepEqual(ends, ['end']);
    });
  }

  for (const [what, make] of [
    ['a generator', () => ({ body: chunks(), status: 201 })],
    ['a stream of Node.js', () => ({ body: Readable.from(chunks()), status: 201 })],
    ['a stream of the web', () => ({ body: ReadableStream.from(chunks()), status: 201 })],
    [
      'an HttpResponse',
      () => new HttpResponse({ body: ReadableStream.from(chunks()) as never, status: 201 }),
    ],
    [
      'a global Response',
      () => new Response(ReadableStream.from(chunks()) as never, { status: 201 }),
    ],
  ] as [string, () => unknown][]) {
    it(`calls back when ${what} has been read to its end`, async () => {
      const { result, ends } = observed(make());
      const response = received(result);
      assert.deepEqual(ends, []);
      assert.equal(response.status, 201);
      assert.equal(await response.text(), 'ab');
      assert.deepEqual(ends, ['end']);
    });
  }

  it('calls back with what a body fails with, once', async () => {
    const failure = new Error('broken off');
    const { result, ends } = observed({ body: chunks(failure) });
    await assert.rejects(received(result).text());
    assert.deepEqual(ends, [{ error: failure }]);
  });

  it('calls back when the reader gives up', async () => {
    const { result, ends } = observed({ body: chunks() });
    for await (const _ of (result as { body: AsyncIterable<unknown> }).body) {
      break;
    }
    assert.deepEqual(ends, [{ error: undefined }]);
  });

  it('keeps the asynchronous context while a body is read', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    async function* body(): AsyncGenerator<Uint8Array> {
      seen.push(storage.getStore());
      yield Buffer.from('a');
      await sleep(1);
      seen.push(storage.getStore());
    }
    const result = storage.run('of the invocation', () =>
      whenSent({ body: body() }, () => seen.push(storage.getStore())),
    );
    await storage.run('of the reader', () => received(result).text());
    assert.deepEqual(seen, ['of the invocation', 'of the invocation', 'of the invocation']);
  });
});
