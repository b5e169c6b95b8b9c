import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { InspectorEvent } from '../../src/inspector/events.js';
import { startHost, type RunningHost } from '../../../tools/support/local-host.js';
import { Output } from '../../../tools/support/watch.js';
import { freePort } from '../../../tools/support/ports.js';
import { appWithHost } from '../support/app-with-host.js';

/** An extension as the contract has it: shown to the observer, and run by hooks of its own. */
const APP = `const { app } = require('@azure/functions');

class Counting {
  constructor(options) { this.options = options; }
  async aroundInvocation(context, next) {
    const { functionName } = context.invocationContext;
    if (functionName === 'Refused') { return { status: 401, body: 'no' }; }
    if (functionName === 'Skips') { throw new Error('of the extension'); }
    const result = await next();
    return functionName === 'Counted' ? { ...result, body: result.body + ' 1' } : result;
  }
  log(context) {
    context.message = context.message.replace('mark', 'marked');
  }
}
const observer = globalThis[Symbol.for('azfunc-worker-extension.observer')];
const hookUp = (extension, instances) => {
  const { find } = observer(extension, instances);
  app.hook.preInvocation((context) => {
    const hooks = find(context.invocationContext);
    if (hooks) {
      const { functionHandler, invocationContext } = context;
      context.functionHandler = async (...inputs) => {
        const next = async () => functionHandler(...inputs);
        try {
          return await hooks.aroundInvocation({ invocationContext, inputs: inputs.slice(0, -1) }, next);
        } catch (error) {
          if (error.message !== 'of the extension') { throw error; }
          return next();
        }
      };
    }
  });
  app.hook.log((context) => find(context.invocationContext)?.log(context));
};
const one = new Counting({ limit: 3, apiKey: 'do not show', allow: () => true });
const hookUpAll = () => {
  const instances = {
    all: () => [one],
    find: () => one,
    has: (hook) => one[hook] !== undefined,
  };
  hookUp({ name: 'Counting', failClosed: false, place: 200, packageName: 'counting' }, instances);
};
hookUpAll();

app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName === 'Posted') { context.result = { body: 'posted' }; }
});

app.http('Counted', { handler: (request, context) => {
  context.warn('<script>');
  context.log('mark');
  console.log('to the console');
  return { body: 'one' };
} });
for (const name of ['Refused', 'Skips', 'Posted']) {
  app.http(name, { handler: () => ({ body: name }) });
}
app.http('Ends', { handler: () => process.exit(3) });
app.http('Fails', { handler: () => { throw new Error('no luck'); } });
app.storageQueue('Orders', { queueName: 'orders', connection: '', handler: () => {} });
`;

const FILES = {
  'package.json': '{"name":"my-app","version":"1.2.3","main":"index.js"}',
  'host.json': '{"version":"2.0"}',
  'index.js': APP,
};

type Of<Type> = Extract<InspectorEvent, { type: Type }>;

/** What an inspector of its own prints, event by event. */
class Inspecting {
  readonly #lines: AsyncIterator<string>;
  readonly #process;
  readonly #messages: Output;

  constructor(app: string, host: RunningHost) {
    this.#process = execa(
      process.execPath,
      [join(app, 'local-host.cjs'), 'inspect', '--json', '--port', new URL(host.url).port],
      { buffer: false, reject: false },
    );
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    this.#messages = new Output(this.#process.stderr);
  }

  /** Waits until it watches. */
  async begun(): Promise<void> {
    await this.#messages.matches(/^Inspecting /m);
  }

  async next<Type extends InspectorEvent['type']>(type: Type): Promise<Of<Type>> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      assert.ok(!done, `The inspector has ended without ${type}.`);
      const event = JSON.parse(value as string) as InspectorEvent;
      if (event.type === type) {
        return event as Of<Type>;
      }
    }
  }

  /** All events of the next invocation. */
  async invocation(): Promise<InspectorEvent[]> {
    const events: InspectorEvent[] = [await this.next('invocationStarted')];
    while (!events.some(({ type }) => type === 'responseEnded')) {
      events.push(JSON.parse((await this.#lines.next()).value as string) as InspectorEvent);
    }
    return events;
  }

  async ended(): Promise<number | undefined> {
    return (await this.#process).exitCode;
  }
}

function only<Type extends InspectorEvent['type']>(
  events: InspectorEvent[],
  type: Type,
): Of<Type>[] {
  return events.filter((event): event is Of<Type> => event.type === type);
}

describe('inspector', function () {
  this.timeout(30_000);
  let app: string;
  let host: RunningHost;
  let inspecting: Inspecting;
  let about: Of<'app'>;

  before(async () => {
    app = await appWithHost(FILES, '');
    host = await startHost(app, { args: ['--port', '0', '--inspect'] });
    inspecting = new Inspecting(app, host);
    await inspecting.begun();
    about = await (async () => {
      const response = await fetch(`${host.url}/admin/inspector/events`);
      const { value } = await (response.body as ReadableStream<Uint8Array>).getReader().read();
      return JSON.parse(/^data: (.*)$/m.exec(Buffer.from(value ?? []).toString())?.[1] ?? '');
    })();
  });
  after(async () => {
    assert.equal(await host.stop(), 0);
    // It goes with its host.
    assert.deepEqual(await inspecting.ended(), 0);
  });

  it('says which functions, extensions and other hooks there are', () => {
    assert.deepEqual(
      about.functions.map(({ name, trigger, route }) => [name, trigger, route]),
      [
        ['Counted', 'httpTrigger', 'api/Counted'],
        ['Ends', 'httpTrigger', 'api/Ends'],
        ['Fails', 'httpTrigger', 'api/Fails'],
        ['Orders', 'queueTrigger', undefined],
        ['Posted', 'httpTrigger', 'api/Posted'],
        ['Refused', 'httpTrigger', 'api/Refused'],
        ['Skips', 'httpTrigger', 'api/Skips'],
      ],
    );
    const own = { name: 'my-app', version: '1.2.3' };
    assert.deepEqual(about.extensions, [
      {
        id: 'counting/Counting',
        name: 'Counting',
        package: own,
        place: 200,
        failsClosed: false,
        hooks: ['aroundInvocation', 'log'],
        options: [{ limit: 3, apiKey: '[secret]', allow: '[function]' }],
        isOff: false,
      },
    ]);
    assert.deepEqual(
      about.hooks.map(({ hook, package: from }) => [hook, from]),
      [['postInvocation', own]],
    );
    assert.match(about.hooks[0]?.location ?? '', /^index\.js:\d+:\d+$/);
  });

  it('tells what happens in an invocation, and what hooks change', async () => {
    await fetch(`${host.url}/api/Counted?a=1`, {
      method: 'POST',
      body: 'sent',
      headers: {
        authorization: 'Bearer abc',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
    });
    const events = await inspecting.invocation();
    const [started] = only(events, 'invocationStarted');
    assert.equal(started?.request?.method, 'POST');
    assert.equal(started?.request?.headers['authorization'], '[secret]');
    assert.deepEqual(started?.request?.body, { bytes: 4, text: 'sent', isCut: false });
    assert.equal(started?.traceParent, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    // Of the extension, not of the hook by which the contract joins in.
    const [hook, ...others] = only(events, 'hookRan');
    assert.deepEqual(
      others.map(({ name }) => name),
      ['postInvocation'],
    );
    assert.equal(hook?.name, 'Counting.aroundInvocation');
    assert.deepEqual(hook?.changes, [
      { what: 'result', before: { body: 'one' }, after: { body: 'one 1' } },
    ]);
    const [ran] = only(events, 'functionRan');
    assert.deepEqual(ran?.result, { body: 'one' });
    assert.ok(hook && ran && hook.start <= ran.start && ran.end <= hook.end);
    assert.deepEqual(
      only(events, 'logged').map(({ level, message }) => [level, message]),
      [
        ['warning', '<script>'],
        ['information', 'marked'],
        ['information', 'to the console'],
      ],
    );
    assert.equal(only(events, 'responseStarted')[0]?.status, 200);
    assert.deepEqual(only(events, 'responseEnded')[0]?.body, {
      bytes: 5,
      text: 'one 1',
      isCut: false,
    });
    await host.printed(
      /Counted  POST \/api\/Counted\?a=1  200, .*\n.*Counting\.aroundInvocation .* changes result\n/,
    );
  });

  it('tells that an extension has answered in place of the function', async () => {
    assert.equal((await fetch(`${host.url}/api/Refused`)).status, 401);
    const events = await inspecting.invocation();
    assert.deepEqual(only(events, 'functionRan'), []);
    const [hook] = only(events, 'hookRan');
    assert.deepEqual(hook?.next, []);
    assert.deepEqual(hook?.changes, [{ what: 'result', after: { status: 401, body: 'no' } }]);
  });

  it('tells what an extension has failed with, and that it was skipped', async () => {
    assert.equal(await (await fetch(`${host.url}/api/Skips`)).text(), 'Skips');
    const events = await inspecting.invocation();
    const hook = only(events, 'hookRan').find(({ extension }) => extension);
    assert.equal(hook?.error?.message, 'of the extension');
    assert.equal(hook?.isSwallowed, true);
    assert.equal(only(events, 'invocationEnded')[0]?.outcome, 'succeeded');
  });

  it('tells what a function has failed with, which is no failure of the extension', async () => {
    assert.equal((await fetch(`${host.url}/api/Fails`)).status, 500);
    const events = await inspecting.invocation();
    const hook = only(events, 'hookRan').find(({ extension }) => extension);
    assert.deepEqual([hook?.error, hook?.changes], [undefined, []]);
    const [ended] = only(events, 'invocationEnded');
    assert.match(ended?.error?.detail ?? '', /no luck\n +at .*index\.js/);
  });

  it('tells what a hook without the contract changes, and where it is', async () => {
    assert.equal(await (await fetch(`${host.url}/api/Posted`)).text(), 'posted');
    const hook = only(await inspecting.invocation(), 'hookRan').find(({ extension }) => !extension);
    assert.equal(hook?.hook, 'postInvocation');
    assert.match(hook?.location ?? '', /^index\.js:/);
    assert.deepEqual(hook?.changes, [
      { what: 'result', before: { body: 'Posted' }, after: { body: 'posted' } },
    ]);
  });

  it('tells with what a function was run by hand', async () => {
    const response = await fetch(`${host.url}/admin/functions/Orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"input": "a message"}',
    });
    assert.equal(response.status, 202);
    const started = await inspecting.next('invocationStarted');
    assert.equal((started.trial as { input?: string }).input, 'a message');
    await host.printed(/Orders  queueTrigger  succeeded, /);
  });

  for (const [what, headers] of Object.entries({
    'another site': { origin: 'http://site.example' },
    'another server on this machine': { origin: 'http://localhost:3000' },
    'another site, without an Origin': { 'sec-fetch-site': 'cross-site' },
    'a name of another site': { host: 'site.example' },
  })) {
    it(`refuses ${what}`, async () => {
      const sent = request(`${host.url}/admin/inspector/events`, { headers });
      const [response] = await once(sent.end(), 'response');
      assert.equal(response.statusCode, 403);
      response.resume();
    });
  }

  it('has its page at /, as one file', async () => {
    const response = await fetch(host.url);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    const html = await response.text();
    assert.doesNotMatch(html, /<link[^>]+href="(?!data:)|<script[^>]+src|<img|@import|https?:\/\//);
    assert.equal((await fetch(host.url, { method: 'HEAD' })).status, 200);
    assert.equal((await fetch(host.url, { method: 'POST' })).status, 404);
  });

  it('has no page for another site, whose name leads here', async () => {
    const sent = request(host.url, { headers: { host: 'site.example' } });
    const [response] = await once(sent.end(), 'response');
    assert.equal(response.statusCode, 404);
    response.resume();
  });

  const post = (path: string, body: object, type = 'application/json') =>
    fetch(`${host.url}/admin/inspector/${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });

  it('sends a request, and says which invocation it was', async () => {
    const answer = await post('requests', {
      method: 'PUT',
      path: '/api/none',
      headers: { 'x-a': '1' },
    });
    const { status, body, invocation } = (await answer.json()) as {
      status: number;
      body: { text: string };
      invocation?: string;
    };
    assert.deepEqual([status, invocation], [404, undefined]);
    assert.match(body.text, /No function has the route/);
    const called = await post('requests', { path: '/api/Counted' });
    const { invocation: id } = (await called.json()) as { invocation: string };
    const started = await inspecting.next('invocationStarted');
    assert.equal(started.invocation, id);
    const again = await post('again', { invocation: id });
    const { invocation: second } = (await again.json()) as { invocation: string };
    assert.notEqual(second, id);
    assert.equal((await inspecting.next('invocationStarted')).invocation, second);
  });

  for (const [what, path, body, status, reason] of [
    ['a header that cannot be sent', 'requests', { headers: { 'a b': '1' } }, 400, /header name/i],
    ['a path that cannot be sent', 'requests', { path: '/a b' }, 400, /unescaped/i],
    ['a function that is not there', 'runs', { function: 'None' }, 400, /no function None/],
    ['an invocation that is not kept', 'again', { invocation: 'none' }, 404, /no longer kept/],
    ['an extension that is not there', 'extensions', { id: 'none' }, 404, /no extension none/],
    ['what it does not know', 'others', {}, 404, /nothing there/],
  ] as const) {
    it(`says that it refuses ${what}`, async () => {
      const response = await post(path, body);
      assert.equal(response.status, status);
      assert.match(await response.text(), reason);
    });
  }

  it('refuses what a form of another site could send', async () => {
    assert.equal((await post('again', {}, 'text/plain')).status, 415);
  });

  it('switches an extension off for this run, over a restart of the app, and on again', async () => {
    const counted = async () => (await fetch(`${host.url}/api/Counted`)).text();
    assert.equal((await post('extensions', { id: 'counting/Counting', isOn: false })).status, 200);
    assert.equal((await inspecting.next('app')).extensions[0]?.isOff, true);
    assert.equal(await counted(), 'one');
    await fetch(`${host.url}/api/Ends`).catch(() => {});
    assert.equal((await inspecting.next('app')).extensions[0]?.isOff, true);
    assert.equal(await counted(), 'one');
    await post('extensions', { id: 'counting/Counting', isOn: true });
    assert.equal((await inspecting.next('app')).extensions[0]?.isOff, false);
    assert.equal(await counted(), 'one 1');
    await host.printed(/Counting is off for this run, by the inspector/);
  });

  it('says in one line that there is nothing to inspect', async () => {
    const port = String(await freePort());
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(app, 'local-host.cjs'), 'inspect', '--port', port],
      { reject: false },
    );
    assert.equal(exitCode, 1);
    assert.match(stderr, /^No local host runs on http:\S+\. Start the app there first.*$/);
  });
});

describe('page of the inspector', function () {
  this.timeout(30_000);

  it('leaves its path to an app that serves it', async () => {
    const host = await startHost(
      await appWithHost(
        {
          ...FILES,
          'host.json': '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}',
          'index.js': `${APP}
app.http('Home', { route: '{*path}', handler: () => ({ body: 'of the app' }) });`,
        },
        '',
      ),
    );
    assert.equal(await (await fetch(host.url)).text(), 'of the app');
    assert.doesNotMatch(host.output(), /Inspector:/);
    await host.stop();
  });

  it('is not there where the app switches its home page off', async () => {
    const host = await startHost(await appWithHost(FILES, ''), {
      env: { AzureWebJobsDisableHomepage: 'true' },
    });
    assert.equal((await fetch(host.url)).status, 404);
    await host.stop();
  });
});

describe('inspector that nobody looks at', function () {
  this.timeout(30_000);

  it('keeps how the last 1,000 invocations have ended, and nothing of what was in them', async () => {
    const host = await startHost(await appWithHost(FILES, ''));
    for (let count = 0; count < 1010; count += 1) {
      await (await fetch(`${host.url}/api/Counted?number=${count}`)).text();
    }
    const response = await fetch(`${host.url}/admin/inspector/events`);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('"type":"app"') && text.endsWith('\n\n')) {
        break;
      }
    }
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, json]) => JSON.parse(json as string) as InspectorEvent,
    );
    const started = only(events, 'invocationStarted');
    assert.equal(started.length, 1000);
    assert.match(started[0]?.request?.url ?? '', /number=10$/);
    assert.deepEqual(started[0]?.request?.headers, {});
    assert.deepEqual(only(events, 'hookRan'), []);
    assert.equal(only(events, 'invocationEnded').length, 1000);
    await host.stop();
  });
});
