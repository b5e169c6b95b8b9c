import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { homedir, networkInterfaces, platform, tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { appWithHost } from '../support/app-with-host.js';
import { root } from '../../../tools/support/files.js';
import { type RunningHost, startHost } from '../../../tools/support/local-host.js';

const APP = `const { app } = require('@azure/functions');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
app.http('Alive', { handler: () => ({ body: 'alive' }) });
app.http('Throws', { methods, handler: () => { throw new Error('a secret in ' + __filename); } });
app.http('Size', { methods, handler: async (request) => ({ body: String((await request.arrayBuffer()).byteLength) }) });
app.http('Any', { methods, route: 'any/{*path}', handler: ({ url, params }) => ({ jsonBody: { url, params } }) });
app.http('Slow', { handler: async () => { await new Promise((resolve) => setTimeout(resolve, 300)); return { body: 'slow' }; } });
app.http('Big', { handler: () => ({ body: Buffer.alloc(20_000_000) }) });
app.http('Header', { handler: ({ query }) => ({ headers: { 'x-text': query.get('text') } }) });
app.storageQueue('Orders', { queueName: 'orders', connection: 'c', handler: () => {} });
`;

const FILES = { 'package.json': '{"main":"*.js"}', 'host.json': '{}', 'index.js': APP };

/** What no answer may contain: a path on this machine, or a line of a stack. */
const LEAKS = [
  tmpdir(),
  homedir(),
  root,
  'node_modules',
  'file://',
  'index.js',
  '\n    at ',
  'root:',
];

const BASE = 'Host: localhost\r\nConnection: close\r\n';

/** A request of one method and target, with further headers and a body. */
function request(line: string, headers = '', body = '', base = BASE): string {
  return `${line} HTTP/1.1\r\n${base}${headers}\r\n${body}`;
}

function post(path: string, body: string, headers = ''): string {
  const own = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return request(`POST ${path}`, headers + own, body);
}

function chunked(...lines: string[]): string {
  return request('POST /api/Size', 'Transfer-Encoding: chunked\r\n', lines.join('\r\n'));
}

/** Statuses of the answers, in their order: none where the connection is just closed. */
type Case = [what: string, bytes: string, ...statuses: number[]];

const CASES: Case[] = [
  // Sizes
  ['one huge header', request('GET /api/Alive', `X: ${'a'.repeat(30_000)}\r\n`), 431],
  ['thousands of headers', request('GET /api/Alive', 'name: value\r\n'.repeat(3000)), 431],
  ['a long URL', request(`GET /api/any/${'a'.repeat(10_000)}`), 200],
  ['a huge URL', request(`GET /api/any/${'a'.repeat(30_000)}`), 431],

  // Encodings
  ['a broken percent-encoding', request('GET /api/any/%E0%A4%A'), 200],
  ['percent and no digits', request('GET /api/any/%zz'), 200],
  ['invalid UTF-8, encoded', request('GET /api/any/%FF%FE'), 200],
  ['invalid UTF-8, as it is', request('GET /api/any/\xff\xfe'), 400],
  ['invalid UTF-8 in the query', request('GET /api/any/a?x=%FF&%zz=%'), 200],
  ['an encoded NUL', request('GET /api/any/a%00b'), 400],
  ['a NUL in the URL', request('GET /api/any/a\0b'), 400],
  ['a NUL in a header', request('GET /api/Alive', 'X: a\0b\r\n'), 400],
  ['a line break in an answer', request('GET /api/Header?text=a%0D%0ASet-Cookie:%20b'), 500],
  ['a body that is no UTF-8', post('/api/Size', '\xe9\xff'), 200],

  // Targets
  ['path traversal', request('GET /api/../../../etc/passwd'), 404],
  ['path traversal in a parameter', request('GET /api/any/..%2f..%2f..%2fetc%2fpasswd'), 200],
  ['path traversal with backslashes', request('GET /api\\..\\..\\etc\\passwd'), 404],
  ['path traversal of a function', post('/admin/functions/..%2f..%2fetc', '{}'), 404],
  ['a whole URL', request('GET http://evil.example/api/Alive'), 200],
  ['a whole URL with a password', request('GET http://user:password@evil.example/api/Alive'), 400],
  ['the URL of a file', request('GET file:///etc/passwd'), 400],
  ['the URL of a script', request('GET javascript:alert(1)'), 400],
  ['another host in the path', request('GET //evil.example/api/Alive'), 404],
  ['no target', request('GET ?'), 400],
  ['names of Object.prototype in the path', request('GET /api/any/__proto__/constructor'), 200],
  ['... in the query', request('GET /api/any/a?__proto__=1&constructor=2&toString=3'), 200],
  ['... in headers', request('GET /api/Alive', '__proto__: 1\r\nconstructor: 2\r\n'), 200],
  ['... as a function that is not there', request('GET /api/__proto__'), 404],

  // Hosts
  ['no Host', request('GET /api/Alive', '', '', 'Connection: close\r\n'), 400],
  ['an empty Host', request('GET /api/api/Alive', '', '', 'Host:\r\nConnection: close\r\n'), 400],
  [
    'a Host that is none',
    request('GET /api/Alive', '', '', 'Host: [\r\nConnection: close\r\n'),
    400,
  ],
  [
    'a Host with a path',
    request('GET /Alive', '', '', 'Host: x/api\r\nConnection: close\r\n'),
    400,
  ],
  ['two Hosts', request('GET /api/Alive', 'Host: evil.example\r\n'), 200],

  // Methods
  ['HEAD', request('HEAD /api/Size'), 200],
  ['HEAD of what fails', request('HEAD /api/Throws'), 500],
  ['OPTIONS', request('OPTIONS /api/Size'), 200],
  ['OPTIONS *', request('OPTIONS *'), 400],
  ['PROPFIND', request('PROPFIND /api/Size'), 405],
  ['an unknown method', request('HACK /api/Size'), 400],
  ['a method in lower case', request('get /api/Size'), 400],
  ['CONNECT', request('CONNECT example.com:443')],
  ['GET with a body', request('GET /api/Size', 'Content-Length: 3\r\n', 'abc'), 200],

  // Protocols
  ['HTTP/1.0', 'GET /api/Alive HTTP/1.0\r\n\r\n', 200],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['HTTP/9.9', 'GET / HTTP/9.9\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['noise', String.fromCharCode(...Array.from({ length: 2000 }, (_, i) => (i * 7919) % 256)), 400],
  ['line feeds only', 'GET /api/Alive HTTP/1.1\nHost: x\nConnection: close\n\n', 400],
  ['a folded header', request('GET /api/Alive', 'X: a\r\n b\r\n'), 400],
  ['Expect: 100-continue', post('/api/Size', 'abc', 'Expect: 100-continue\r\n'), 100, 200],
  ['another expectation', post('/api/Size', 'abc', 'Expect: wonders\r\n'), 417],
  ['an upgrade to WebSocket', request('GET /api/Alive', 'Upgrade: websocket\r\n'), 200],
  ['an upgrade to HTTP/2', request('GET /api/Alive', 'Upgrade: h2c\r\nHTTP2-Settings: A\r\n'), 200],
  [
    'three requests at once',
    [
      request('GET /api/Slow', '', '', 'Host: x\r\n'),
      request('GET /api/Throws', '', '', 'Host: x\r\n'),
      request('GET /api/Alive'),
    ].join(''),
    200,
    500,
    200,
  ],

  // Lengths
  ['chunks', chunked('3', 'abc', '0', '', ''), 200],
  ['a chunk whose size is no number', chunked('zz', 'abc', '0', '', ''), 400],
  ['a chunk of a negative size', chunked('-1', 'abc', '0', '', ''), 400],
  ['a chunk of an endless size', chunked('F'.repeat(17), 'abc', '0', '', ''), 400],
  ['a chunk with a huge extension', chunked(`3;${'x'.repeat(50_000)}`, 'abc', '0', '', ''), 413],
  [
    'chunks and a length',
    request('POST /api/Size', 'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', '0\r\n\r\n'),
    400,
  ],
  [
    'another encoding of the transfer',
    request('POST /api/Size', 'Transfer-Encoding: gzip\r\n', 'abc'),
    400,
  ],
  [
    'two lengths',
    request('POST /api/Size', 'Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd'),
    400,
  ],
  ['a negative length', request('POST /api/Size', 'Content-Length: -3\r\n', 'abc'), 400],
  ['a length that is no number', request('POST /api/Size', 'Content-Length: abc\r\n', 'abc'), 400],
  [
    'a length beyond all numbers',
    request('POST /api/Size', `Content-Length: ${'9'.repeat(30)}\r\n`, 'abc'),
    400,
  ],

  // Functions run by hand
  ['JSON that breaks off', post('/admin/functions/Orders', '{"input": '), 400],
  ['JSON that is null', post('/admin/functions/Orders', 'null'), 400],
  ['JSON with __proto__', post('/admin/functions/Orders', '{"__proto__": {"input": "x"}}'), 202],
  [
    'JSON of 200,000 levels',
    post('/admin/functions/Orders', `{"input":${'['.repeat(2e5)}${']'.repeat(2e5)}}`),
    400,
  ],
  ['a function named __proto__', post('/admin/functions/__proto__', '{}'), 404],
  ['a function named toString', post('/admin/functions/toString', '{}'), 404],
  ['a function with a broken name', post('/admin/functions/%', '{}'), 400],
  [
    'by a page of another site',
    post('/admin/functions/Orders', '{}', 'Origin: https://evil.example\r\n'),
    403,
  ],
  ['by a page without an origin', post('/admin/functions/Orders', '{}', 'Origin: null\r\n'), 403],
  [
    'by a name that leads here',
    request(
      'POST /admin/functions/Orders',
      'Content-Length: 2\r\n',
      '{}',
      'Host: evil.example:7071\r\nConnection: close\r\n',
    ),
    403,
  ],
  [
    'by a page of this machine',
    post('/admin/functions/Orders', '{}', 'Origin: http://localhost:3000\r\n'),
    202,
  ],
];

for (const mode of ['as usual', 'with streams']) {
  describe(`local host against hostile HTTP, ${mode}`, function () {
    this.timeout(120_000);
    const streams = mode === 'with streams';
    let host: RunningHost;

    before(async () => {
      const setup = streams ? 'app.setup({ enableHttpStream: true });\n' : '';
      host = await startHost(await appWithHost({ ...FILES, 'index.js': APP + setup }, ''));
    });
    after(() => host.stop());

    function open(bytes = ''): Socket {
      const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
      // The host may close the connection while the request is still on its way.
      socket.on('error', () => {});
      socket.write(bytes, 'latin1');
      return socket;
    }

    async function send(bytes: string): Promise<string> {
      const socket = open(bytes);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      await closed(socket);
      return answer;
    }

    async function closed(socket: Socket): Promise<void> {
      if (!socket.closed) {
        await new Promise((resolve) => socket.resume().on('close', resolve));
      }
    }

    async function isAlive(): Promise<void> {
      const response = await fetch(`${host.url}/api/Alive`, {
        signal: AbortSignal.timeout(60_000),
      });
      assert.equal(await response.text(), 'alive');
    }

    function survives(what: string, attack: () => Promise<void>): void {
      it(`survives ${what}`, async () => {
        await attack();
        await isAlive();
      });
    }

    for (const [what, bytes, ...statuses] of CASES) {
      survives(what, async () => {
        const answer = await send(bytes);
        const lines = [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)];
        assert.deepEqual(
          lines.map(([, status]) => Number(status)),
          statuses,
          answer.slice(0, 500),
        );
        for (const leak of LEAKS) {
          assert.ok(!answer.includes(leak), `${leak} is in ${answer}`);
        }
      });
    }

    it('listens on 127.0.0.1, and nowhere else', async () => {
      const others = Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .map(({ address }) => address)
        .filter((address) => address !== '127.0.0.1');
      // On Linux, what listens everywhere is also reached at all of 127.0.0.0/8.
      for (const address of [...others, '::1', ...(platform() === 'linux' ? ['127.0.0.2'] : [])]) {
        const socket = connect(Number(new URL(host.url).port), address);
        socket.on('error', () => {});
        socket.on('connect', () => assert.fail(`It listens on ${address}.`));
        await closed(socket);
      }
    });

    survives('an endless header', async () => {
      const socket = open('GET /api/Alive HTTP/1.1\r\nX: ');
      const more = setInterval(() => socket.write('a'.repeat(100_000)), 1);
      await closed(socket);
      clearInterval(more);
    });

    survives('hundreds of clients that say little or nothing', async () => {
      const sockets = Array.from({ length: 400 }, (_, index) =>
        open(
          ['', 'GET', 'GET /api/Alive HTTP/1.1\r\nX: ', post('/api/Size', 'abc').slice(0, -1)][
            index % 4
          ],
        ),
      );
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      const drip = setInterval(() => sockets.forEach((socket) => socket.write('a')), 100);
      await sleep(500);
      await isAlive();
      clearInterval(drip);
      sockets.forEach((socket) => socket.destroy());
    });

    survives('clients that go away: in the request, before the answer, and in it', async () => {
      for (let count = 0; count < 50; count += 1) {
        const sockets = [
          open(post('/api/Size', 'abc').slice(0, -1)),
          open(chunked('3', 'abc', '')),
          open(request('GET /api/Slow')),
          open(request('GET /api/Big')),
        ];
        sockets[3]?.once('data', () => sockets[3]?.destroy());
        await sleep(10);
        sockets.slice(0, 3).forEach((socket) => socket.resetAndDestroy());
      }
      await sleep(400);
    });

    if (!streams) {
      survives('a body that says that it is too large, which is not even read', async () => {
        const socket = open(request('POST /api/Size', 'Content-Length: 104857601\r\n'));
        const [answer] = (await once(socket, 'data')) as [Buffer];
        assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
        socket.destroy();
      });

      survives('a body that is too large, and does not say so', async () => {
        const socket = open(
          'POST /api/Size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
        );
        const megabyte = Buffer.concat([
          Buffer.from('f4240\r\n'),
          Buffer.alloc(1e6),
          Buffer.from('\r\n'),
        ]);
        const more = setInterval(() => socket.write(megabyte), 1);
        const [answer] = (await once(socket, 'data')) as [Buffer];
        clearInterval(more);
        assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
        socket.destroy();
      });
    }

    it('stops, though clients hold on', async () => {
      const half = post('/api/Size', 'abc').slice(0, -1);
      const sockets = [half, request('GET /api/Slow'), ''].map((bytes) => open(bytes));
      await sleep(100);
      const exitCode = await host.stop();
      assert.equal(exitCode, 0);
      await Promise.all(sockets.map(closed));
      assert.doesNotMatch(host.output(), /uncaught|unhandled|ERR_HTTP_HEADERS_SENT/i);
    });
  });
}
