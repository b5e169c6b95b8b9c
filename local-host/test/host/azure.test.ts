import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { appWithHost } from '../support/app-with-host.js';
import { type RunningHost, startHost } from '../../../tools/support/local-host.js';

const PACKAGE = '{"main":"index.js"}';
const HOST_JSON = '{ "version": "2.0" }';

/** Starts an app of one file. */
async function startApp(
  code: string,
  files: Record<string, string> = {},
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<RunningHost> {
  const app = await appWithHost(
    {
      'package.json': PACKAGE,
      'host.json': HOST_JSON,
      'index.js': `const { app, input, output } = require('@azure/functions');\n${code}`,
      ...files,
    },
    '',
  );
  return startHost(app, { args: ['--port', '0', ...args], env });
}

/** Sends bytes, and returns the answer as it comes. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes, 'latin1');
  let answer = '';
  for await (const chunk of socket) {
    answer += (chunk as Buffer).toString('latin1');
  }
  return answer;
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(new RegExp(pattern, 'g'))].length;
}

describe('local host, as Azure: the life of an app', function () {
  this.timeout(60_000);

  it('gives one hookData to all hooks of the app, and one appHookData to all hooks', async () => {
    const host = await startApp(`
      const seen = [];
      app.hook.appStart((context) => { context.hookData.count = 1;  });
      app.hook.appStart((context) => { context.hookData.count += 1; });
      app.hook.appTerminate((context) => { console.log('count ' + context.hookData.count); });
      app.hook.preInvocation((context) => { seen.push(Object.keys(context.hookData).length); });
      app.http('Seen', { handler: () => ({ jsonBody: seen }) });`);
    assert.deepEqual(await (await fetch(`${host.url}/api/Seen`)).json(), [0]);
    await host.stop();
    assert.match(host.output(), /^count 2$/m);
  });

  it('runs hooks from a list that changes, and one that is registered twice runs twice', async () => {
    const host = await startApp(`
      let seen = [];
      const twice = () => { seen.push('twice'); };
      const first = app.hook.preInvocation(() => { seen.push('first'); first.dispose(); });
      app.hook.preInvocation(() => { seen.push('skipped once'); });
      app.hook.preInvocation(twice);
      app.hook.preInvocation(twice);
      app.http('Seen', { handler: () => { const all = seen; seen = []; return { jsonBody: all }; } });`);
    const seen = async () => (await fetch(`${host.url}/api/Seen`)).json();
    assert.deepEqual(await seen(), ['first', 'twice', 'twice']);
    assert.deepEqual(await seen(), ['skipped once', 'twice', 'twice']);
    await host.stop();
  });

  it('takes functions in an appStart hook, and none after the start', async () => {
    const host = await startApp(`
      let late = 'nothing';
      app.hook.appStart(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        app.http('Early', { handler: () => {
          try { app.http('Late', { handler: () => ({}) }); } catch (error) { late = error.message; }
          return { body: late };
        } });
      });`);
    const answer = await (await fetch(`${host.url}/api/Early`)).text();
    assert.match(answer, /can only be registered during app startup/);
    await host.stop();
  });

  for (const [what, code] of [
    ['an uncaught exception', "setTimeout(() => { throw new Error('late'); }, 5)"],
    ['an unhandled rejection', "Promise.reject(new Error('late'))"],
    ['process.exit', 'process.exit(7)'],
    ['a cyclic object that is thrown', 'const cyclic = {}; cyclic.self = cyclic; throw cyclic'],
    ['an object with a BigInt that is thrown', 'throw { count: 1n }'],
    ['a frozen error that is thrown', "throw Object.freeze(new Error('frozen'))"],
  ] as const) {
    it(`starts the app again after ${what}, and keeps its port`, async () => {
      const host = await startApp(`
        process.on('uncaughtException', () => {});
        process.on('unhandledRejection', () => {});
        app.http('Pid', { handler: () => ({ body: String(process.pid) }) });
        app.http('End', { handler: async () => {
          ${code};
          await new Promise((resolve) => setTimeout(resolve, 10_000));
        } });`);
      const pid = async () => (await fetch(`${host.url}/api/Pid`)).text();
      const first = await pid();
      assert.equal((await fetch(`${host.url}/api/End`)).status, 500);
      assert.notEqual(await pid(), first);
      assert.match(host.output(), /The app has ended \(code [17]\)\. It is started again\./);
      assert.match(host.output(), /Executed End \(failed/);
      assert.equal(await host.stop(), 0);
    });
  }

  it('answers 503 while the app does not start again, and tries at each request', async () => {
    const host = await startApp(`
      const { existsSync, writeFileSync, rmSync } = require('node:fs');
      if (existsSync('broken')) { rmSync('broken'); throw new Error('does not load'); }
      app.http('End', { handler: () => { writeFileSync('broken', ''); process.exit(1); } });
      app.http('Well', { handler: () => ({ body: 'well' }) });`);
    assert.equal((await fetch(`${host.url}/api/End`)).status, 500);
    await host.printed(
      /The app does not start\. The next request tries again\. Error: does not load/,
    );
    assert.equal(await (await fetch(`${host.url}/api/Well`)).text(), 'well');
    await host.stop();
  });

  it('says that nothing is registered, and what has been loaded', async () => {
    const host = await startApp('', { 'index.js': 'module.exports = 1;' });
    assert.match(
      host.output(),
      /registered no function\. Loaded: \S+index\.js\. @azure\/functions has not reached/,
    );
    await host.stop();
    const connected = await startApp('app.hook.appStart(() => {});');
    assert.match(connected.output(), /registered no function\. Loaded: \S+index\.js\.\n/);
    await connected.stop();
  });

  it('has a function in error where its name or route is wrong, and the others not', async () => {
    const host = await startApp(`
      app.http('well', { handler: () => ({ body: 'well' }) });
      app.http('Well', { handler: () => ({ body: 'other' }) });
      app.http('1st', { handler: () => ({}) });
      app.http('reserved', { route: 'admin/x', handler: () => ({}) });`);
    assert.equal(await (await fetch(`${host.url}/api/WELL`)).text(), 'well');
    for (const line of [
      /^ {2}well: \[GET,POST\] http/m,
      /^ {2}Well: in error: Its name differs from "well" in case only\.$/m,
      /^ {2}1st: in error: "1st" is not a valid name/m,
      /^ {2}reserved: in error: Its route "admin\/x" begins with "admin"/m,
    ]) {
      assert.match(host.output(), line);
    }
    await host.stop();
  });

  it('ends an app whose function takes longer than functionTimeout', async () => {
    const host = await startApp(
      `app.http('Loop', { handler: () => { while (true); } });
       app.http('Well', { handler: () => ({ body: 'well' }) });`,
      { 'host.json': '{"version":"2.0","functionTimeout":"00:00:01"}' },
    );
    assert.equal((await fetch(`${host.url}/api/Loop`)).status, 500);
    assert.match(
      host.output(),
      /Loop takes longer than functionTimeout in host\.json allows \(1 s\)/,
    );
    assert.equal(await (await fetch(`${host.url}/api/Well`)).text(), 'well');
    await host.stop();
  });
});

describe('local host, as Azure: settings', function () {
  this.timeout(60_000);

  it('answers CORS as Core Tools does', async () => {
    const host = await startApp("app.http('Hello', { handler: () => ({ body: 'hello' }) });", {
      'local.settings.json': JSON.stringify({
        IsEncrypted: false,
        Host: { CORS: 'http://localhost:3000,https://portal.example', CORSCredentials: true },
      }),
    });
    const preflight = await fetch(`${host.url}/api/Hello`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://portal.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-key',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://portal.example');
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'PUT');
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-key');
    const known = await fetch(`${host.url}/api/Hello`, {
      headers: { origin: 'http://localhost:3000' },
    });
    assert.equal(known.headers.get('access-control-allow-origin'), 'http://localhost:3000');
    assert.equal(known.headers.get('access-control-allow-credentials'), 'true');
    assert.equal(known.headers.get('vary'), 'Origin');
    const foreign = await fetch(`${host.url}/api/Hello`, {
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(await foreign.text(), 'hello');
    assert.equal(foreign.headers.get('access-control-allow-origin'), null);
    await host.stop();
  });

  it('adds the headers of host.json to what does not have them, also to errors', async () => {
    const host = await startApp(
      `app.http('Own', { handler: () => ({ headers: { 'x-frame-options': 'own' } }) });
       app.http('Fails', { handler: () => { throw new Error('no'); } });`,
      {
        'host.json': JSON.stringify({
          version: '2.0',
          extensions: { http: { customHeaders: { 'X-Frame-Options': 'DENY' } } },
        }),
      },
    );
    const header = async (path: string) =>
      (await fetch(host.url + path)).headers.get('x-frame-options');
    assert.equal(await header('/api/Own'), 'own');
    assert.equal(await header('/api/Fails'), 'DENY');
    assert.equal(await header('/nowhere'), 'DENY');
    await host.stop();
  });

  it('logs what logLevel in host.json allows, console included', async () => {
    const code = `app.http('Logs', { handler: (_, context) => {
      context.debug('a detail'); context.log('a line'); context.error('an error'); console.log('of the console');
      return {};
    } });`;
    const levels = (logLevel: object) => ({
      'host.json': JSON.stringify({ version: '2.0', logging: { logLevel } }),
    });
    const printedWith = async (logLevel: object) => {
      const host = await startApp(code, levels(logLevel));
      await fetch(`${host.url}/api/Logs`);
      await host.stop();
      return ['a detail', 'a line', 'an error', 'of the console', 'Executing Logs'].filter((one) =>
        host.output().includes(one),
      );
    };
    assert.deepEqual(await printedWith({}), [
      'a line',
      'an error',
      'of the console',
      'Executing Logs',
    ]);
    assert.deepEqual(await printedWith({ default: 'Warning' }), ['an error']);
    assert.deepEqual(await printedWith({ default: 'None', 'Function.Logs.User': 'Trace' }), [
      'a detail',
      'a line',
      'an error',
    ]);
  });

  it('has settings switch functions off, and host.json overridden', async () => {
    const host = await startApp(
      `app.http('Off', { handler: () => ({}) });
       app.http('On', { handler: () => ({ body: process.env.WEBSITE_HOSTNAME }) });`,
      {
        'local.settings.json': JSON.stringify({
          IsEncrypted: false,
          Values: {
            'AzureWebJobs.Off.Disabled': 'true',
            AzureFunctionsJobHost__extensions__http__routePrefix: 'v2',
          },
        }),
      },
    );
    assert.match(host.output(), /^ {2}Off: disabled$/m);
    assert.equal((await fetch(`${host.url}/v2/Off`)).status, 404);
    assert.equal(
      await (await fetch(`${host.url}/v2/On`)).text(),
      `localhost:${new URL(host.url).port}`,
    );
    const list = (await (await fetch(`${host.url}/admin/functions`)).json()) as object[];
    assert.deepEqual(
      list.map((one) => [
        (one as { name: string }).name,
        (one as { isDisabled: boolean }).isDisabled,
      ]),
      [
        ['Off', true],
        ['On', false],
      ],
    );
    await host.stop();
  });

  it('answers 429 above maxOutstandingRequests', async () => {
    const host = await startApp(
      `app.http('Slow', { handler: () => new Promise((resolve) => setTimeout(() => resolve({}), 500)) });`,
      {
        'host.json': JSON.stringify({
          version: '2.0',
          extensions: { http: { maxOutstandingRequests: 2 } },
        }),
      },
    );
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await fetch(`${host.url}/api/Slow`)).status),
    );
    assert.deepEqual(statuses.sort(), [200, 200, 429]);
    await host.stop();
  });
});

describe('local host, as Azure: requests and results', function () {
  this.timeout(60_000);
  let host: RunningHost;
  const get = (path: string, init?: RequestInit) => fetch(host.url + path, init);

  before(async () => {
    host = await startApp(`
      app.http('Echo', { handler: async (request, context) => ({ jsonBody: {
        query: Object.fromEntries(request.query), header: request.headers.get('x-text'),
        body: await request.text(), trace: context.traceContext,
      } }) });
      app.http('Header', { handler: () => ({ headers: { 'x-text': 'é' } }) });
      app.http('Cookie', { handler: () => ({ cookies: [{ name: 'a b', value: '1' }] }) });
      app.http('Negotiate', { handler: async (request) => ({
        enableContentNegotiation: true, body: 'text', headers: { 'content-type': request.query.get('type') },
        cookies: [{ name: 'a', value: '1' }] }) });
      app.http('toString2', { handler: () => ({}) });`);
  });
  after(() => host.stop());

  it('joins what a query has twice, in any case, and reads headers as UTF-8', async () => {
    const answer = await (await get('/api/Echo?a=1&A=2')).json();
    assert.deepEqual((answer as { query: object }).query, { a: '1,2' });
    const bytes = Buffer.from('é').toString('latin1');
    const text = await raw(
      host.url,
      `GET /api/Echo HTTP/1.1\r\nHost: localhost\r\nX-Text: ${bytes}\r\nX-text: b\r\nConnection: close\r\n\r\n`,
    );
    assert.match(Buffer.from(text, 'latin1').toString(), /"header":"é,b"/);
    const wrong = await raw(
      host.url,
      'GET /api/Echo HTTP/1.1\r\nHost: localhost\r\nX-Text: \xe9\r\nConnection: close\r\n\r\n',
    );
    assert.match(wrong, /^HTTP\/1\.1 400 /);
  });

  it('has a chunked body arrive empty, and says so once', async () => {
    const chunked = () =>
      raw(
        host.url,
        'POST /api/Echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      );
    assert.match(await chunked(), /"body":""/);
    await chunked();
    assert.equal(countOf(host.output(), /Echo: A body without Content-Length arrives empty/), 1);
    assert.match(
      await (await get('/api/Echo', { method: 'POST', body: 'abc' })).text(),
      /"body":"abc"/,
    );
  });

  it('always has a trace: that of the client, or a new one that is not recorded', async () => {
    const traceOf = async (headers: Record<string, string>) =>
      ((await (await get('/api/Echo', { headers })).json()) as { trace: { traceParent: string } })
        .trace;
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    assert.equal((await traceOf({ traceparent })).traceParent, traceparent);
    assert.match(
      (await traceOf({ traceparent: 'x' })).traceParent,
      /^00-[\da-f]{32}-[\da-f]{16}-00$/,
    );
    assert.match((await traceOf({})).traceParent, /^00-[\da-f]{32}-[\da-f]{16}-00$/);
  });

  it('begins a trace that is recorded where host.json has telemetryMode', async () => {
    const traced = await startApp(
      "app.http('Trace', { handler: (_, context) => ({ body: context.traceContext.traceParent }) });",
      { 'host.json': '{"version":"2.0","telemetryMode":"OpenTelemetry"}' },
    );
    assert.match(await (await fetch(`${traced.url}/api/Trace`)).text(), /-01$/);
    await traced.stop();
  });

  it('refuses headers and cookies that Kestrel and ASP.NET refuse', async () => {
    assert.equal((await get('/api/Header')).status, 500);
    assert.match(host.output(), /U\+00E9 cannot be in the header "x-text"/);
    assert.equal((await get('/api/Cookie')).status, 500);
    assert.match(host.output(), /"a b" is not a name for a cookie/);
  });

  it('negotiates content as the host does, which has a formatter for JSON only', async () => {
    assert.equal((await get('/api/Negotiate?type=text/plain')).status, 406);
    const json = await get('/api/Negotiate?type=application/json');
    assert.equal(await json.text(), JSON.stringify(Buffer.from('text').toString('base64')));
    assert.equal(json.headers.get('set-cookie'), null);
  });

  it('says once for each kind and function what Azure would do', async () => {
    for (let time = 0; time < 2; time += 1) {
      assert.equal((await get('/api/Nowhere')).status, 404);
      assert.equal((await get('/api/Elsewhere')).status, 404);
      const wrong = await get('/api/Echo', { method: 'DELETE' });
      assert.equal(wrong.status, 405);
      assert.equal(wrong.headers.get('allow'), 'GET, POST');
    }
    assert.equal(countOf(host.output(), /Azure answers 404 without a body\.\n/), 1);
    assert.equal(countOf(host.output(), /Echo: Azure answers 404 without a body, and not 405/), 1);
  });

  it('answers as Azure does with --strict', async () => {
    const strict = await startApp(
      "app.http('Hello', { methods: ['GET'], handler: () => ({ body: 'hello' }) });",
      {},
      ['--strict'],
    );
    for (const [path, method] of [
      ['/api/Nowhere', 'GET'],
      ['/api/Hello', 'POST'],
    ] as const) {
      const answer = await fetch(strict.url + path, { method });
      assert.equal(answer.status, 404);
      assert.equal(await answer.text(), '');
      assert.equal(answer.headers.get('allow'), null);
    }
    await strict.stop();
  });

  const STREAM = `app.setup({ enableHttpStream: true });
    app.http('Params', { route: 'params/{id}', handler: (request) => ({ jsonBody: request.params }) });
    app.http('Header', { handler: () => ({ headers: { 'x-text': 'é' } }) });
    app.http('Cookie', { handler: () => ({ cookies: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }] }) });
    app.http('Nothing', { handler: () => {} });`;

  it('streams with the parameters that the host adds, and without a path for cookies', async () => {
    const streaming = await startApp(STREAM);
    const params = await fetch(`${streaming.url}/api/params/7?q=1`, {
      method: 'POST',
      body: '{"name":"Ada","id":"hidden"}',
    });
    assert.deepEqual(await params.json(), { name: 'Ada', id: '7', q: '1' });
    assert.equal((await fetch(`${streaming.url}/api/Header`)).status, 502);
    const cookies = await fetch(`${streaming.url}/api/Cookie`);
    assert.deepEqual(cookies.headers.getSetCookie(), ['a=1', 'b=2']);
    assert.equal((await fetch(`${streaming.url}/api/Nothing`)).status, 204);
    assert.match(streaming.output(), /Nothing: Azure never answers this request/);
    await streaming.stop();

    const strict = await startApp(STREAM, {}, ['--strict']);
    await assert.rejects(
      fetch(`${strict.url}/api/Nothing`, { signal: AbortSignal.timeout(1000) }),
      /timeout/i,
    );
    await strict.stop();
  });

  it('tells about itself and its functions, on this machine only', async () => {
    const read = async (path: string) =>
      (await get(path)).json() as Promise<Record<string, unknown>>;
    assert.equal((await read('/admin/host/status'))['state'], 'Running');
    assert.equal((await get('/admin/host/ping')).status, 200);
    const echo = await read('/admin/functions/echo');
    assert.equal(echo['name'], 'Echo');
    assert.equal(echo['invoke_url_template'], `${host.url}/api/Echo`);
    assert.equal((await get('/admin/functions/None')).status, 404);
    assert.equal((await get('/admin/other')).status, 404);
    for (const path of ['/admin/functions', '/admin/host/status', '/admin/functions/Echo']) {
      const foreign = { headers: { origin: 'https://evil.example' } };
      assert.equal((await get(path, foreign)).status, 403);
    }
  });
});
