import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { execa } from 'execa';
import { root } from '../../../tools/support/files.js';
import { newFolder } from '../../../tools/support/folders.js';
import { builtPythonHost, type RunningHost, startHost } from '../../../tools/support/local-host.js';
import { run } from '../../../tools/support/processes.js';
import { randomRoutes } from '../support/random-routes.js';
import { environmentOf, findPythons, script, whyNoPyPI } from '../../../tools/support/python.js';

/** The versions that the local host is for. The last one is tested where it is installed. */
const VERSIONS = ['3.10', '3.11', '3.12', '3.13', '3.14'];
const MAY_BE_MISSING = '3.14';

const FIXTURES = join(root, 'local-host/test/fixtures/python');

interface Expected {
  method?: string;
  headers?: Record<string, string>;
  body?: string | undefined;
  status?: number;
  text?: string | RegExp;
  /** Values of headers; null for one that is not there. */
  answers?: Record<string, string | null>;
}

/** With what the Functions tools take, too. */
const HOST_JSON = `\ufeff{
  // comments
  "version": "2.0", /* and commas at the end */
  "extensions": { "http": { "customHeaders": { "X-Custom": "1" }, }, },
}`;

/** By path: what is answered. 200 is the status, unless another one is given. */
const REQUESTS: [path: string, expected: Expected][] = [
  // Results
  ['/api/result/text', { text: 'héllo', answers: { 'content-type': 'text/plain; charset=utf-8' } }],
  ['/api/async-result/text', { text: 'héllo' }],
  ['/api/result/number', { text: '42' }],
  ['/api/result/truth', { text: 'True' }],
  ['/api/result/null', { text: '' }],
  ['/api/result/quoted', { text: 'quoted' }],
  ['/api/result/object', { text: '{\n  "a": [\n    1,\n    {}\n  ]\n}' }],
  ['/api/result/as-response', { status: 418, text: 'tea', answers: { 'x-a': '1' } }],
  ['/api/result/as-response-json', { status: 201, text: '{"a":1}' }],
  ['/api/result/response', { text: 'plain', answers: { 'x-a': '1', 'x-custom': '1' } }],
  ['/api/async-result/response', { text: 'plain', answers: { 'x-a': '1' } }],
  ['/api/result/status', { status: 204, text: '' }],
  ['/api/result/not-modified', { status: 304, text: '' }],
  ['/api/result/json', { text: '{}', answers: { 'content-type': 'application/json' } }],
  ['/api/result/bytes-body', { answers: { 'content-type': 'image/png', 'content-length': '2' } }],
  [
    '/api/result/charset',
    { answers: { 'content-type': 'text/plain; charset=latin-1', 'content-length': '1' } },
  ],
  [
    '/api/result/cookies',
    {
      status: 201,
      answers: {
        'set-cookie': [
          'a=b%20c; domain=; path=/x; secure; samesite=lax; httponly',
          'd=1; max-age=5; domain=example.com; path=',
          'e=1; expires=Wed, 21 Oct 2015 07:28:00 GMT; domain=; path=',
        ].join(', '),
      },
    },
  ],
  ...['none', 'bytes', 'dict', 'wrong-header', 'wrong-length', 'exit'].map(
    (kind): [string, Expected] => [`/api/result/${kind}`, { status: 500, text: '' }],
  ),
  ['/api/async-result/exit', { status: 500, text: '' }],
  ['/api/fail', { status: 500, text: '' }],
  ['/api/out?text=a', { text: 'sent' }],

  // Methods
  ['/api/result/text', { method: 'HEAD', text: '' }],
  ['/api/result/text', { method: 'PATCH', text: 'héllo' }],
  ['/api/items/1', { method: 'PUT', text: 'all: items/1' }],

  // Routes
  ['/API/Items/1', { text: /"route": \{"id": "1"\}/ }],
  ['/api/items/1/', { text: /"route": \{"id": "1"\}/ }],
  ['/api/items/+7/a%20b%2Fc', { text: /"route": \{"id": "\+7", "name": "a b%2Fc"\}/ }],
  ['/api/items/2147483648', { text: 'all: items/2147483648' }],
  ['/api/items/x', { text: 'all: items/x' }],
  ['/api/a/../b/./c/', { text: 'all: b/c/' }],
  ['/api//b', { status: 404 }],
  ['/api', { text: 'all: None' }],
  ['/other', { status: 404, text: 'No function has the route /other.' }],
  ['/api/items/%00', { status: 400 }],
  ['/api/off', { status: 404, text: 'The function Off is disabled.' }],

  // Requests
  [
    '/api/items/1?a=1&A=2&b=&c=%ff+%C3%A9&=x',
    { text: /"params": \{"a": "1,2", "c": "%ff \\u00e9", "": "x"\}/ },
  ],
  ['/api/items/1', { headers: { 'x-b': 'Caf\u00c3\u00a9' }, text: /"x-b": "Caf\\u00e9"/ }],
  ['/api/items/1', { method: 'POST', body: 'hello', text: /"body": "hello"/ }],
  ['/api/items/1', { text: /"directory": "v2"[^]*"folder": "v2"[^]*"setting": "from the file"/ }],
  [
    '/api/items/1',
    {
      headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'x=1' },
      text: /"parent": "00-a{32}-b{16}-01", "state": "x=1", "retries": 0/,
    },
  ],
  [
    '/api/items/1',
    {
      headers: { traceparent: 'wrong' },
      text: /"id": "([\da-f-]{36})", "parent": "00-[\da-f]{32}-[\da-f]{16}-00", "state": "", "retries": 0, "local": "\1"/,
    },
  ],
  [
    '/api/items/1',
    {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
      status: 204,
      answers: { 'access-control-allow-origin': 'https://example.com' },
    },
  ],

  // The host itself
  ['/admin/host/ping', { text: '' }],
  ['/admin/host/status', { text: /"state": "Running"/ }],
  ['/admin/functions', { text: /^\[\{"name": "AsyncResult", "language": "python"/ }],
  [
    '/admin/functions/ECHO',
    { text: /"invoke_url_template": "[^"]*\/api\/items\/\{id:int\}\/\{name\?\}"/ },
  ],
  ['/admin/functions/echo/status', { text: '{}' }],
  ['/admin/functions/None', { status: 404 }],
  ['/admin/host', { status: 404 }],
  ['/admin/host/status', { headers: { origin: 'https://evil.example' }, status: 403 }],
  ['/admin/functions/queue', { method: 'PUT', status: 405, answers: { allow: 'GET, POST' } }],
  ['/admin/functions/queue', { method: 'POST', body: '{}', status: 415 }],
  ...['[]', 'x', '{"input": {}}', '{"inputs": {"nothing": 1}}'].map((body): [string, Expected] => [
    '/admin/functions/queue',
    { method: 'POST', body, headers: { 'content-type': 'application/json' }, status: 400 },
  ]),
];

/** By function: what it is run with by hand, and what it logs. */
const TRIALS: [name: string, body: object, log: string][] = [
  ['Queue', { input: 'a' }, 'queue: a 1'],
  ['queue', { input: 'b', triggerMetadata: { dequeueCount: 7 } }, 'queue: b 7'],
  ['Timer', {}, 'timer: False'],
  ['Blob', { input: 'samples/ada.txt', content: 'Hello' }, "blob: samples/ada.txt 5 b'Hello'"],
  ['Grid', { input: '{"subject": "a", "data": {"id": 7}}' }, "grid: a {'id': 7}"],
  ['Bus', { input: 'c', triggerMetadata: { messageId: '9' } }, 'bus: c 9'],
  ['Hub', { input: '{"t": 20}' }, 'hub: {"t": 20} 0'],
  ['Hubs', { input: '["a", {"b": 1}]' }, `hubs: [('a', 0), ('{"b": 1}', 1)]`],
  ['Buses', { input: '["a", "b"]' }, "buses: ['a', 'b']"],
  ['Kafkas', { input: '["a", "b"]' }, "kafkas: [('a', 't', 0), ('b', 't', 1)]"],
  ['Cosmos', { input: '[{"id": "1"}, {"id": "2"}]' }, "cosmos: ['1', '2']"],
  ['WithInput', { input: 'd', inputs: { blob: 'text' } }, 'input: text'],
];

describe('the local host for Python', function () {
  this.timeout(300_000);
  const environments = new Map<string, string>();
  let pythons = new Map<string, string>();
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI(pythons.get('3.12'));
  });

  /** An interpreter that has azure-functions and other packages; undefined where it cannot be had. */
  async function interpreter(version: string, ...packages: string[]): Promise<string | undefined> {
    const python = pythons.get(version);
    const why = missing ?? (python ? undefined : `there is no Python ${version}`);
    if (why !== undefined || python === undefined) {
      assert.ok(process.env.REQUIRE_PYTHON !== '1' || version === MAY_BE_MISSING, why);
      return undefined;
    }
    const key = [version, ...packages].join(' ');
    const known = environments.get(key);
    if (known !== undefined) {
      return known;
    }
    const folder = newFolder('venv');
    const wanted = ['azure-functions', ...packages].join(' ');
    await script(
      ['python3 -m venv .', `bin/pip install --quiet ${wanted}`],
      folder,
      environmentOf(python),
    );
    environments.set(key, join(folder, 'bin/python'));
    return join(folder, 'bin/python');
  }

  /** An app with the local host in it. */
  function appOf(fixture: string, files: Record<string, string> = {}): string {
    const app = join(newFolder('app'), fixture);
    mkdirSync(app);
    cpSync(join(FIXTURES, fixture), app, {
      recursive: true,
      filter: (source) => !source.endsWith('__pycache__'),
    });
    for (const [path, text] of Object.entries(files)) {
      writeFileSync(join(app, path), text);
    }
    cpSync(builtPythonHost, join(app, 'local_host.py'));
    return app;
  }

  function start(command: string, app: string, ...args: string[]): Promise<RunningHost> {
    const program = join(app, 'local_host.py');
    return startHost(app, { command, program, args: ['--port', '0', ...args] });
  }

  for (const version of VERSIONS) {
    describe(`on Python ${version}`, () => {
      let python: string;
      let host: RunningHost | undefined;

      before(async function () {
        const found = await interpreter(version);
        if (found === undefined) {
          this.skip();
        }
        python = found;
        host = await start(python, appOf('v2', { 'host.json': HOST_JSON }));
      });

      after(async () => {
        await host?.stop();
      });

      it('answers by the rules of Azure', async () => {
        for (const [path, expected] of REQUESTS) {
          await check(host!.url, path, expected);
        }
      });

      it('runs functions by hand, with what their triggers would pass on', async () => {
        for (const [name, body, log] of TRIALS) {
          const response = await fetch(`${host!.url}/admin/functions/${name}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
          assert.equal(response.status, 202, await response.text());
          await host!.printed(new RegExp(escaped(log)));
        }
        await host!.printed(/Output \$return \(queue\): 'B'/);
      });

      it('runs hooks up to Python 3.12, and shows their log', async () => {
        const response = await fetch(`${host!.url}/api/result/response`);
        const runsHooks = version < '3.13';
        assert.equal(response.headers.get('x-recorder'), runsHooks ? 'Result' : null);
        if (runsHooks) {
          await fetch(`${host!.url}/api/items/1`);
          await host!.printed(/Recorder: before Echo\n[^]*RuntimeError: Inner has failed\n/);
        }
        const idle = /^\S+ No hook of .* runs: .*$/m.exec(host!.output())?.[0];
        assert.match(
          idle ?? '',
          runsHooks ? /^$/ : /from Python 3\.13 on .* Run: yo azfunc-extension:bridge$/,
        );
      });

      it('keeps 200 calls apart, of which 100 run at once', async () => {
        const ids = Array.from({ length: 200 }, (_, index) => index);
        const answers = await Promise.all(
          ids.map(async (id) => {
            const path = id % 2 === 0 ? `wait/${id}?n=${id}` : `async-wait/${id}`;
            return (await fetch(`${host!.url}/api/${path}`)).text();
          }),
        );
        assert.deepEqual(
          answers,
          ids.map((id) => `${id} ${id % 2 === 0 ? id : 'True'}`),
        );
      });

      it('says once where Azure differs', async () => {
        for (const path of ['/nothing', '/nothing/else']) {
          await fetch(host!.url + path);
        }
        await host!.printed(/Off is disabled: Azure answers 404 without a body\./);
        assert.equal(host!.output().match(/: Azure answers 404 without a body\.\n/g)?.length, 2);
      });

      it('serves apps of the programming model v1', async () => {
        const old = await start(python, appOf('v1'));
        try {
          const mark = version < '3.13' ? 'Hello' : null;
          await check(old.url, '/hello', { text: 'Hello, you.', answers: { 'x-marker': mark } });
          await check(old.url, '/HELLO/Ada', { text: 'Hello, Ada.' });
          if (version >= '3.13') {
            await old.printed(/No hook of \S+ runs: .* Stay on Python 3\.12, or move the app to /);
          }
          await check(old.url, '/hello', {
            method: 'POST',
            status: 405,
            answers: { allow: 'GET' },
          });
          await check(old.url, '/admin/functions/orders', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"input": "7"}',
            status: 202,
          });
          await old.printed(/Output done \(queue\): '7 is done'/);
          await old.printed(
            /Broken: in error: Broken\/__init__\.py: cannot load the Broken function/,
          );
          await old.printed(
            /405[^]*Azure answers 404|Azure answers 404 without a body, and not 405/,
          );
        } finally {
          await old.stop();
        }
      });

      it('says that extensions are switched off', async () => {
        const app = appOf('v1');
        const off = await startHost(app, {
          command: python,
          program: join(app, 'local_host.py'),
          env: { PYTHON_ENABLE_WORKER_EXTENSIONS: '0' },
        });
        await off.printed(
          version < '3.13'
            ? /No hook of \S+ runs: PYTHON_ENABLE_WORKER_EXTENSIONS is not 1\./
            : /No hook of \S+ runs: from Python 3\.13 on/,
        );
        await off.stop();
      });

      it('says in one line what is wrong, and fails', async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const port = String((server.address() as AddressInfo).port);
        const wrong: [files: Record<string, string>, args: string[], reason: RegExp][] = [
          [
            {},
            ['--port', port],
            /^Port \d+ is in use\. Choose another one with --port, or any free one with --port 0\.$/,
          ],
          [
            {},
            ['--port', 'x'],
            /^Argument --port: invalid int value: 'x'\. See: python local_host\.py --help$/,
          ],
          [
            {},
            ['--root', newFolder()],
            /^There is no host\.json in .*\. Is this the folder of a function app\?$/,
          ],
          [
            { 'function_app.py': 'import os\nimport nothing_like_it\n' },
            [],
            /^function_app\.py:2: ModuleNotFoundError: No module named 'nothing_like_it'\. Is it in requirements\.txt\? Run: pip install -r requirements\.txt$/,
          ],
          [
            { 'function_app.py': 'from other import x\n', 'other.py': 'x = 1\ny = x +\n' },
            [],
            /^other\.py:2: SyntaxError: invalid syntax$/,
          ],
          [
            { 'function_app.py': 'x = 1\n' },
            [],
            /^function_app\.py has 0 function apps at its top level, and has to have one\.$/,
          ],
          [
            { 'host.json': '{ "version": "2.0" ' },
            [],
            /^host\.json is not valid JSON: .* in line 1, column \d+\.$/,
          ],
          [
            { 'host.json': '{ "version": 2.0 }' },
            [],
            /^host\.json has to have "version": "2\.0", as a text\.$/,
          ],
          [
            { 'local.settings.json': '{ "Values": { "a": "b" } }' },
            [],
            /^local\.settings\.json has no "IsEncrypted": false, /,
          ],
          [
            { 'function_app.py': functionApp('{a', 'str') },
            [],
            /^The function "f" has a wrong route "api\/\{a": /,
          ],
          [
            { 'function_app.py': functionApp('a', 'dict') },
            [],
            /^function_app\.py: cannot load the f function: Python return annotation "dict" does not match binding type "http"$/,
          ],
        ];
        for (const [files, args, reason] of wrong) {
          const app = appOf('v2', files);
          const port = args.includes('--port') ? [] : ['--port', '0'];
          const outcome = await run(python, [join(app, 'local_host.py'), ...port, ...args], {
            cwd: app,
          });
          assert.match(outcome.all, reason);
          assert.equal(outcome.all.split('\n').length, 1, outcome.all);
          assert.equal(outcome.exitCode, 1);
        }
        server.close();
      });

      it('starts again when a file is saved, on the same port', async () => {
        const app = appOf('v2');
        const file = join(app, 'function_app.py');
        const watched = await start(python, app, '--watch');
        try {
          const hanging = fetch(`${watched.url}/api/hang`);
          await watched.printed(/hanging/);
          writeFileSync(file, readFileSync(file, 'utf8').replace('h\\u00e9llo', 'changed'));
          assert.equal((await hanging).status, 500);
          await check(watched.url, '/api/result/text', { text: 'changed' });
          appendFileSync(file, 'x = (\n');
          await watched.printed(/function_app\.py:\d+: SyntaxError/);
          await check(watched.url, '/api/result/text', { status: 503 });
          writeFileSync(file, readFileSync(file, 'utf8').replace('x = (\n', ''));
          await watched.printed(/SyntaxError[^]*Listening/);
          await check(watched.url, '/api/result/text', { text: 'changed' });
        } finally {
          assert.equal(await watched.stop(), 0);
        }
      });

      it('ends quietly', async () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) {
          const short = await start(python, appOf('v1'));
          assert.equal(await short.stop(signal), 0);
          assert.match(short.output(), /Press Ctrl\+C to stop\.\n?$/);
        }
      });
    });
  }

  it('streams, by the server of azurefunctions-extensions-http-fastapi', async function () {
    const python = await interpreter('3.13', 'azurefunctions-extensions-http-fastapi');
    if (python === undefined) {
      this.skip();
    }
    const host = await start(python, appOf('streaming'));
    try {
      const response = await fetch(`${host.url}/api/stream/7?q=z`);
      assert.equal(response.headers.get('x-id'), '7');
      assert.equal(response.headers.get('x-q'), 'z');
      const parts = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
      assert.equal((await parts.next()).value, 'first\n');
      await check(host.url, '/api/go', { text: '"gone"' });
      assert.equal((await parts.next()).value, 'second\n');
      await check(host.url, '/api/upload', {
        method: 'POST',
        body: 'x'.repeat(200_000),
        status: 201,
        text: '{"size":200000,"name":"Upload"}',
      });
      await check(host.url, '/api/sync', { text: '{"a":1}' });
      await check(host.url, '/api/fail', { status: 500 });
      await check(host.url, '/api/none', { status: 500 });
      await host.printed(/Executed Fail \(failed, [^]*ValueError: no luck/);
    } finally {
      await host.stop();
    }
  });

  it('understands routes and queries as the local host for Node.js does', async function () {
    const python = await interpreter('3.12');
    if (python === undefined) {
      this.skip();
    }
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const input = JSON.stringify(randomRoutes(seed, 20_000));
    const { all } = await execa(python, [join(FIXTURES, 'routes.py')], {
      env: { PYTHONPATH: appOf('v2') },
      input,
      all: true,
      reject: false,
    });
    assert.equal(all, '', `SEED=${seed}`);
  });

  it('is typed and formatted, as a package and as the one file that is made of it', async function () {
    const python = await interpreter('3.13', 'mypy', 'ruff');
    if (python === undefined) {
      this.skip();
    }
    const sources = join(root, 'local-host/python/local_host');
    const passes = async (...args: string[]) => {
      const { failed, all } = await run(python, ['-m', ...args], { cwd: newFolder() });
      assert.ok(!failed, `${args.join(' ')}\n${all}`);
    };
    const isolated = ['--isolated', '--no-cache', '--target-version', 'py310'];
    await passes('ruff', 'check', ...isolated, sources);
    for (const path of [sources, builtPythonHost]) {
      await passes('ruff', 'format', '--check', ...isolated, path);
      await passes('mypy', '--strict', path);
    }
  });

  it("agrees with the worker's own code for Python 3.13", async function () {
    const python = await interpreter('3.13', 'azure-functions-runtime');
    if (python === undefined) {
      this.skip();
    }
    const app = appOf('v2');
    const driver = join(root, 'test/fixtures/python-313');
    for (const [file, args] of [
      ['agreement.py', [app, driver]],
      ['refusals.py', [app, driver]],
    ] as const) {
      const { stdout, all } = await run(python, [join(FIXTURES, file), ...args], { cwd: app });
      const { well, failed, differences } = JSON.parse(
        String(stdout).trim().split('\n').at(-1) ?? '',
      ) as { well: number; failed: number; differences: unknown[] };
      assert.deepEqual(differences, [], all);
      assert.ok(well > 50 && failed > 20, `${well} ${failed}`);
    }
  });

  it('gives advice that works in an environment of uv', async function () {
    const python = await interpreter('3.12');
    if (python === undefined) {
      this.skip();
    }
    const folder = newFolder('venv');
    await script(['python3 -m venv --without-pip .'], folder, environmentOf(python));
    appendFileSync(join(folder, 'pyvenv.cfg'), 'uv = 0.9.0\n');
    const { all } = await run(join(folder, 'bin/python'), [builtPythonHost], { cwd: folder });
    assert.match(all, /Run: uv pip install -r requirements\.txt$/);
  });

  it('says that a Python is too old, or has no azure-functions', async function () {
    // Before 3.6, it cannot read the file at all.
    const readers = [...pythons].filter(([version]) => /^3\.([6-9]|\d\d)$/.test(version));
    for (const [version, python] of readers) {
      const { all, exitCode } = await run(python, ['-I', builtPythonHost], { cwd: newFolder() });
      const isOld = Number(version.slice(2)) < 10;
      assert.match(
        all,
        isOld
          ? /^Python [\d.]+ is too old: this needs 3\.10 or later\.$/
          : /^azure-functions is not installed for .*\. Run: pip install -r requirements\.txt$/,
      );
      assert.equal(exitCode, 1);
    }
  });
});

function functionApp(route: string, result: string): string {
  return `import azure.functions as func

app = func.FunctionApp()


@app.route(route="${route}")
def f(req: func.HttpRequest) -> ${result}:
    return "x"
`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

async function check(url: string, path: string, expected: Expected): Promise<void> {
  const { method = 'GET', headers = {}, body, status = 200, text, answers = {} } = expected;
  // As it is: fetch would take dot segments out.
  const response = await request(url, path, { method, headers, body });
  const what = `${method} ${path}`;
  assert.equal(response.status, status, `${what}: ${response.text}`);
  if (typeof text === 'string') {
    assert.equal(response.text, text, what);
  } else if (text) {
    assert.match(response.text, text, what);
  }
  for (const [name, value] of Object.entries(answers)) {
    const found = response.headers[name];
    assert.equal(
      Array.isArray(found) ? found.join(', ') : (found ?? null),
      value,
      `${what}: ${name}`,
    );
  }
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Requests a path as it is written. */
function request(
  url: string,
  path: string,
  {
    body,
    ...options
  }: { method: string; headers: Record<string, string>; body: string | undefined },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send(url, { ...options, path, agent: false }, (response) => {
      textOf(response).then(
        (text) => resolve({ status: response.statusCode, headers: response.headers, text }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });
}
