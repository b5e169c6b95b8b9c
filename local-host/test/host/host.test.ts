import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { appWithHost } from '../support/app-with-host.js';
import { type RunningHost, startHost } from '../../../tools/support/local-host.js';
import { freePort } from '../../../tools/support/ports.js';
import { run } from '../../../tools/support/processes.js';

/** Sends a request as it stands, and returns the answer as it comes. */
async function raw(url: string, line: string, hostHeader = 'localhost'): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${line}\r\nHost: ${hostHeader}\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
  }
  return answer;
}

/** Another server, on a free port. */
async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

const HOST_JSON = '{ "version": "2.0" }';

describe('local host', function () {
  this.timeout(120_000);
  let app: string;
  let host: RunningHost;
  const get = (path: string, init?: RequestInit) => fetch(host.url + path, init);

  before(async () => {
    app = await appWithHost();
    host = await startHost(app, { env: { FROM_BOTH: 'environment' } });
  });
  after(() => host.stop());

  it('says what it is, and lists functions and URLs', () => {
    assert.match(host.output(), /stand-in for the Azure Functions host/);
    assert.ok(host.output().includes(`Shape: [GET,POST] ${host.url}/v1/shape/{kind}\n`));
    assert.ok(host.output().includes(`Echo: [POST,PUT] ${host.url}/v1/echo/{id:int}/{name?}\n`));
    assert.ok(
      host.output().includes(`Orders: [POST] ${host.url}/admin/functions/Orders (queueTrigger)\n`),
    );
  });

  it('listens on the loopback interface only', () => {
    assert.match(host.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('takes app settings, with comments, and lets the environment win', async () => {
    assert.deepEqual(await (await get('/v1/Settings')).json(), [
      'settings // not a comment',
      'environment',
    ]);
  });

  describe('results', () => {
    const text = 'text/plain;charset=UTF-8';
    const rows: [kind: string, status: number, type: string | null, body: string][] = [
      ['string', 200, text, 'text'],
      ['html', 200, 'text/html', '<p>'],
      ['json', 200, 'application/json', '{"a":1}'],
      ['both', 200, 'application/json', '{"a":1}'],
      ['null-json', 200, text, 'b'],
      ['buffer', 200, null, '\u0000\u00ff\n'],
      ['stream', 200, null, 'ab'],
      ['blob', 200, 'text/css', 'blob'],
      ['form', 200, 'application/x-www-form-urlencoded;charset=UTF-8', 'a=1'],
      ['number', 200, text, '7'],
      ['response', 201, text, 'made'],
      ['global-response', 202, text, 'global'],
      ['empty', 200, null, ''],
      ['204', 204, null, ''],
      ['undefined', 204, null, ''],
      ['null', 204, null, ''],
      ['throws-undefined', 204, null, ''],
      ['bare-string', 500, null, ''],
      ['bare-number', 500, null, ''],
      ['throws', 500, null, ''],
      ['rejects', 500, null, ''],
      ['throws-string', 500, null, ''],
      ['stale-length', 500, null, ''],
      ['length-without-body', 500, null, ''],
    ];
    for (const [kind, status, type, body] of rows) {
      it(`sends ${kind}`, async () => {
        const response = await get(`/v1/shape/${kind}`);
        assert.equal(response.status, status);
        assert.equal(response.headers.get('content-type'), type);
        assert.equal(Buffer.from(await response.arrayBuffer()).toString('latin1'), body);
      });
    }

    it('keeps headers and cookies', async () => {
      assert.equal((await get('/v1/shape/global-response')).headers.get('x-global'), '1');
      assert.deepEqual((await get('/v1/shape/response')).headers.getSetCookie(), ['r=1; path=/']);
      assert.deepEqual((await get('/v1/shape/cookies')).headers.getSetCookie(), [
        'plain=a%20b; path=/',
        'full=1; expires=Sun, 09 Sep 2001 01:46:40 GMT; max-age=60; domain=example.com; path=/x; secure; samesite=lax; httponly',
      ]);
    });

    it('logs a failure in full, cause included, and tells the caller nothing', async () => {
      const response = await get('/v1/shape/throws');
      assert.equal(await response.text(), '');
      assert.match(
        host.output(),
        /Executed Shape \(failed[^]*secret: what has gone wrong\n +at [^]*cause[^]*the cause/,
      );
      await get('/v1/shape/stale-length');
      assert.match(host.output(), /Content-Length: 2, but its body has 4 bytes/);
    });
  });

  describe('requests', () => {
    it('reach the function with all that they carry', async () => {
      const response = await get('/v1/echo/-5/J%C3%BCrgen%2F?a=1&b=%20x&b=y', {
        method: 'PUT',
        headers: { 'x-test': 'value' },
        body: 'a bödy',
      });
      assert.deepEqual(await response.json(), {
        method: 'PUT',
        path: '/v1/echo/-5/J%C3%BCrgen%2F',
        params: { id: '-5', name: 'Jürgen%2F' },
        query: { a: '1', b: ' x,y' },
        header: 'value',
        body: 'a bödy',
      });
    });

    it('may leave out optional parameters', async () => {
      const { params } = (await (await get('/v1/echo/7', { method: 'POST' })).json()) as {
        params: object;
      };
      assert.deepEqual(params, { id: '7' });
    });

    it('match in any case, and with a slash at the end', async () => {
      assert.equal((await get('/V1/SHAPE/string/')).status, 200);
    });

    it('go to the most specific route', async () => {
      assert.equal(await (await get('/v1/echo/special')).text(), 'special');
      assert.equal(await (await get('/v1/echo/other')).text(), 'word other');
      assert.equal(await (await get('/v1/files/a/b.txt')).text(), 'a/b.txt');
      assert.equal(await (await get('/v1/files')).text(), 'none');
    });

    it('get 404 where there is no route, or a constraint is broken', async () => {
      for (const path of [
        '/v1',
        '/v1/none',
        '/api/Shape',
        '/v1/shape',
        '/v1/echo/a1',
        '/v1/shape/a/b',
      ]) {
        assert.equal((await get(path)).status, 404, path);
      }
    });

    it('get 405 with Allow where only the method is wrong', async () => {
      const response = await get('/v1/echo/7');
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST, PUT');
      assert.equal((await get('/v1/shape/string', { method: 'DELETE' })).status, 405);
    });

    it('are held to the constraints of the route', async () => {
      assert.deepEqual(await (await get('/v1/ranged/9/ab')).json(), {
        n: '9',
        code: 'ab',
        text: 'abc',
      });
      assert.equal((await get('/v1/ranged/9/ab/xy')).status, 200);
      for (const path of ['0/ab', '10/ab', 'x/ab', '9/abc', '9/a1', '9/ab/x', '9/ab/wxyz']) {
        assert.equal((await get(`/v1/ranged/${path}`)).status, 404, path);
      }
    });

    it('are answered with 400 where their URL makes no sense, and the host goes on', async () => {
      assert.match(await raw(host.url, 'GET /v1/shape/%00 HTTP/1.1'), /^HTTP\/1\.1 400 /);
      assert.match(await raw(host.url, 'GET /v1/Report HTTP/1.1', 'a:b@c'), /^HTTP\/1\.1 400 /);
      assert.match(await raw(host.url, 'GET /v1/Report HTTP/1.1', 'a/b'), /^HTTP\/1\.1 400 /);
      assert.match(await raw(host.url, 'OPTIONS * HTTP/1.1'), /^HTTP\/1\.1 400 /);
      assert.equal((await get('/v1/shape/string')).status, 200);
    });

    it('may name the whole URL', async () => {
      assert.match(
        await raw(host.url, 'GET http://x/v1/shape/string HTTP/1.1'),
        /^HTTP\/1\.1 200 /,
      );
    });
  });

  describe('hooks', () => {
    const call = async (wish: string, kind = 'string') => {
      await get('/v1/Report');
      const response = await get(`/v1/shape/${kind}`, { headers: { 'x-hook': wish } });
      const body = await response.text();
      return { status: response.status, body, events: await (await get('/v1/Report')).json() };
    };

    it('run in the order of their registration, before and after', async () => {
      assert.deepEqual(await call('nothing'), {
        status: 200,
        body: 'text',
        events: ['first pre', 'second pre', 'first post: hookData true, error null', 'second post'],
      });
    });

    it('may answer early: later hooks still run', async () => {
      assert.deepEqual(await call('early answer', 'throws'), {
        status: 200,
        body: 'early',
        events: ['first pre', 'second pre', 'first post: hookData true, error null', 'second post'],
      });
      assert.equal((await call('nothing')).body, 'text');
    });

    it('fail the invocation before the function, and then nothing else runs', async () => {
      assert.deepEqual(await call('pre throws'), { status: 500, body: '', events: ['first pre'] });
    });

    it('fail the invocation after the function, and then no later hook runs', async () => {
      const { status, events } = await call('post throws');
      assert.equal(status, 500);
      assert.deepEqual(events, [
        'first pre',
        'second pre',
        'first post: hookData true, error null',
      ]);
    });

    for (const [wish, status, body] of [
      ['nothing', 500, ''],
      ['clears and sets', 200, 'set by a hook'],
      ['clears', 204, ''],
      ['sets', 500, ''],
    ] as const) {
      it(`see the error of a function: a hook that ${wish === 'nothing' ? 'does nothing' : wish} makes it ${status}`, async () => {
        const outcome = await call(wish, 'throws');
        assert.equal(outcome.status, status);
        assert.equal(outcome.body, body);
        assert.deepEqual(outcome.events, [
          'first pre',
          'second pre',
          'first post: hookData true, error secret: what has gone wrong',
          'second post',
        ]);
      });
    }
  });

  describe('functions without an HTTP trigger', () => {
    const post = (name: string, body?: string) =>
      get(`/admin/functions/${name}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    const reportAfter = async (...args: Parameters<typeof post>) => {
      await get('/v1/Report');
      assert.equal((await post(...args)).status, 202);
      return (await get('/v1/Report')).json();
    };

    it('are run with what is posted, as the real host does', async () => {
      assert.deepEqual(await reportAfter('Orders', '{"input": "text"}'), ['order "text"']);
      assert.deepEqual(await reportAfter('orders', '{"input": "{\\"a\\":1}"}'), ['order {"a":1}']);
      assert.deepEqual(await reportAfter('Orders', '{"Input": 7}'), ['order 7']);
      assert.deepEqual(await reportAfter('Nightly', '{}'), ['nightly, past due: false']);
    });

    it('may fail: it is logged, and the host goes on', async () => {
      assert.deepEqual(await reportAfter('Orders', '{"input": "bad"}'), ['order "bad"']);
      assert.match(host.output(), /Executed Orders \(failed[^]*a bad order/);
    });

    it('refuse what they cannot take', async () => {
      assert.equal((await post('None', '{}')).status, 404);
      assert.equal((await post('Orders', 'text')).status, 400);
      assert.equal((await post('Orders', '[]')).status, 400);
      assert.equal((await post('Orders', '{"input": {"a": [1]}}')).status, 400);
      assert.equal((await post('Orders')).status, 400);
      assert.equal((await get('/admin/functions/Orders', { method: 'PUT' })).status, 405);
      const plain = { method: 'POST', body: '{"input": ""}' };
      assert.equal((await get('/admin/functions/Orders', plain)).status, 415);
    });
  });
});

describe('local host, starting and stopping', function () {
  this.timeout(120_000);
  const main = 'local-host.cjs';

  it('runs appTerminate on Ctrl+C, and ends', async () => {
    const host = await startHost(await appWithHost());
    const exitCode = await host.stop('SIGINT');
    assert.equal(exitCode, 0);
    assert.match(host.output(), /appTerminate has run/);
  });

  for (const [what, code, expected] of [
    [
      'a function hangs, and runs appTerminate all the same',
      "app.http('Hang', { handler: () => new Promise(() => {}) });",
      /Stopping while functions are still running: 1\n[^]*appTerminate has run/,
    ],
    ['a hook hangs', 'app.hook.appTerminate(() => new Promise(() => {}));', /Listening/],
    [
      'a hook fails',
      "app.hook.appTerminate(() => { throw new Error('broken end'); });",
      /An appTerminate hook failed: Error: broken end/,
    ],
  ] as const) {
    it(`ends even while ${what}`, async () => {
      const app = await appWithHost({
        'src/functions/hang.js': `const { app } = require('@azure/functions'); ${code}`,
      });
      const host = await startHost(app);
      fetch(`${host.url}/v1/Hang`).catch(() => {});
      await fetch(`${host.url}/v1/Report`);
      const exitCode = await host.stop('SIGTERM');
      assert.equal(exitCode, 0);
      assert.match(host.output(), expected);
    });
  }

  it('starts more than once in a process', async () => {
    const app = await appWithHost();
    const script = `const { LocalHost } = require('./local-host.cjs');
      const start = () => LocalHost.start({ root: __dirname, port: 0 });
      const again = (host) => host.stop().then(start);
      start().then(again).then(again).then((host) => host.stop()).then(() => console.log('stopped'));`;
    writeFileSync(join(app, 'twice.js'), script);
    const { all } = await run(process.execPath, ['twice.js'], { cwd: app });
    assert.match(all, /stopped$/);
  });

  it('says in one line that a port is taken', async () => {
    const app = await appWithHost();
    const { server: taken, port } = await listening();
    const { exitCode, all } = await run(process.execPath, [main, '--port', String(port)], {
      cwd: app,
    });
    taken.close();
    assert.equal(exitCode, 1);
    assert.equal(
      all,
      `Port ${port} is in use. Choose another one with --port, or any free one with --port 0.`,
    );
  });

  for (const [what, files, reason] of [
    [
      'nothing is built',
      { 'package.json': '{"main":"dist/src/*.js"}' },
      /^No file matches "main" in package\.json \(dist\/src\/\*\.js\)\. Run: npm run build$/,
    ],
    ['there is no main', { 'package.json': '{}' }, /^package\.json has no "main"/],
    ['a file is no JSON', { 'host.json': '{' }, /^[^\n]*host\.json is not valid JSON: [^\n]*$/],
    [
      'settings are encrypted',
      { 'local.settings.json': '{"IsEncrypted":true,"Values":{"A":"b"}}' },
      /^local\.settings\.json is encrypted\. Run: func settings decrypt$/,
    ],
    [
      'the app throws',
      { 'src/index.js': 'throw new Error("broken app")' },
      /broken app\n +at .*index\.js/,
    ],
    [
      'appStart throws',
      {
        'src/index.js':
          "require('@azure/functions').app.hook.appStart(() => { throw new Error('broken start') })",
      },
      /broken start/,
    ],
    [
      'two functions have one name',
      {
        'src/index.js':
          "const { app } = require('@azure/functions'); app.http('Shape', { handler: () => ({}) })",
      },
      /A function with id "Shape" has already been registered/,
    ],
  ] as const) {
    it(`does not start where ${what}`, async () => {
      const app = await appWithHost({ ...files } as Record<string, string>);
      const { exitCode, all } = await run(process.execPath, [main, '--port', '0'], { cwd: app });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
    });
  }

  it('takes the port of local.settings.json', async () => {
    const port = await freePort();
    const app = await appWithHost({
      'local.settings.json': JSON.stringify({ Host: { LocalHttpPort: port } }),
    });
    const host = await startHost(app, { args: [] });
    assert.equal(host.url, `http://127.0.0.1:${port}`);
    await host.stop();
  });

  it('loads ES modules, and needs no route prefix', async () => {
    const app = await appWithHost(
      {
        'package.json': '{"type":"module","main":"./src/**/*.js"}',
        'host.json': '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}',
        'src/a/b/hello.js': `import { app } from '@azure/functions';
          app.get('Hello', () => ({ body: 'from a module' }));`,
      },
      '',
    );
    const host = await startHost(app);
    assert.equal(await (await fetch(`${host.url}/Hello`)).text(), 'from a module');
    await host.stop();
  });

  it('streams where the app asks for it, in both directions', async () => {
    const app = await appWithHost(
      {
        'package.json': '{"main":"index.js"}',
        'host.json': HOST_JSON,
        'index.js': `const { app } = require('@azure/functions');
          app.setup({ enableHttpStream: true });
          app.http('Stream', { route: 'stream/{id}', methods: ['POST'], handler: async (request) => {
            const last = await request.text();
            async function* body() {
              yield Buffer.from('first ');
              await new Promise((resolve) => setTimeout(resolve, 300));
              yield Buffer.from(request.params.id + ' ' + last);
            }
            return { body: body(), headers: { 'x-kept': '1' }, status: 201 };
          } });
          app.http('Fails', { handler: () => { throw new Error('streaming failed'); } });
          app.http('Nothing', { handler: () => {} });
          app.http('Zebra', { route: '{*path}', handler: (request) => ({ body: 'any ' + request.url }) });
          app.http('Read', { handler: async (request) => ({ body: await request.text() }) });`,
      },
      '',
    );
    const host = await startHost(app);
    const response = await fetch(`${host.url}/api/stream/7`, { method: 'POST', body: 'last' });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('x-kept'), '1');
    const chunks: string[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      chunks.push(Buffer.from(chunk).toString());
    }
    assert.deepEqual(chunks, ['first ', '7 last']);
    assert.equal((await fetch(`${host.url}/api/Fails`)).status, 500);
    assert.equal((await fetch(`${host.url}/api/Nothing`)).status, 204);

    // Only the path of a request goes on to the app, never its origin.
    const { server: other, port } = await listening();
    let reached = false;
    other.on('connection', () => {
      reached = true;
    });
    const foreign = `http://127.0.0.1:${port}/api/x`;
    assert.match(await raw(host.url, `GET ${foreign} HTTP/1.1`), /^HTTP\/1\.1 200 [^]*any http/);
    const doubled = `/api//127.0.0.1:${port}/x`;
    assert.match(await raw(host.url, `GET ${doubled} HTTP/1.1`), /^HTTP\/1\.1 404 /);
    other.close();
    assert.equal(reached, false);

    // A client that goes away in the middle of its request does not leave an invocation behind.
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.write(
      'POST /api/Read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    );
    await host.printed(/Executing Read/);
    socket.destroy();
    await host.printed(/Executed Read \(failed/);
    await host.stop();
  });
});
