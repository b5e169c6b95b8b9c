import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import type { InspectorEvent } from '../../local-host/src/inspector/events.js';
import { screenshotOf } from '../../tools/screenshot/screenshot.js';
import { openBrowser, whyNoBrowser } from '../../tools/support/browser.js';
import { root } from '../../tools/support/files.js';
import { scaffold } from '../../tools/support/generated.js';
import { type RunningHost, startHost } from '../../tools/support/local-host.js';
import { findPythons, installedIn, whyNoPyPI } from '../../tools/support/python.js';
import { Output } from '../../tools/support/watch.js';
import { checkScreenshot } from '../support/screenshots.js';

/** In one, Azure Functions runs the hooks itself, and in the other the bridge does. */
const VERSIONS = ['3.12', '3.13'];

/** Functions, and an extension at function level that fails. */
const MORE = `

class Breaking(func.FuncExtensionBase):
    def __init__(self, file: str, *, limit: int, api_key: str) -> None:
        super().__init__(file)
        self.limit = limit
        self.api_key = api_key

    def pre_invocation(self, logger, context, func_args={}, *args, **kwargs):
        raise RuntimeError("of the extension")


Breaking(__file__.replace("function_app", "Fails/__init__"), limit=3, api_key="do not show")


@app.function_name("Fails")
@app.route("fails")
def fails(req: func.HttpRequest) -> func.HttpResponse:
    print("printed <script>")
    raise ValueError("no luck")


@app.function_name("Waits")
@app.route("waits/{id:int}", methods=["PUT"])
async def waits(req: func.HttpRequest, context: func.Context) -> str:
    return req.route_params["id"] + req.params.get("by", "") + req.get_body().decode()


@app.function_name("Orders")
@app.queue_trigger("message", "orders", "")
def orders(message: func.QueueMessage) -> None:
    logger.warning("got %s %s", message.get_body().decode(), message.id)
`;

type Of<Type> = Extract<InspectorEvent, { type: Type }>;

describe('inspector of the local host for Python', function () {
  this.timeout(300_000);
  let pythons = new Map<string, string>();
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI(pythons.get('3.12'));
  });

  for (const version of VERSIONS) {
    describe(`on Python ${version}`, () => {
      let host: RunningHost | undefined;
      let events: AsyncIterator<string>;
      let stop: () => Promise<unknown> = async () => {};
      let about: Of<'app'>;
      let script: string;

      before(async function () {
        const python = pythons.get(version);
        const reason = missing ?? (python ? undefined : `there is no Python ${version}`);
        if (reason !== undefined || python === undefined) {
          assert.notEqual(process.env.REQUIRE_PYTHON, '1', reason);
          this.test!.parent!.title += ` (skipped: ${reason})`;
          return this.skip();
        }
        const folder = await scaffold([
          '.',
          '--language',
          'python',
          '--name',
          'timer',
          '--yes',
          '--no-git',
        ]);
        const command = await installedIn(folder, python);
        const app = join(folder, 'function-app');
        script = join(app, 'function_app.py');
        appendFileSync(script, MORE);
        const program = join(app, 'local_host.py');
        host = await startHost(app, {
          command,
          program,
          args: ['--port', '0', '--inspect', '--watch'],
        });
        const inspecting = execa(
          command,
          [program, 'inspect', '--json', '--port', new URL(host.url).port],
          { buffer: false, reject: false },
        );
        stop = async () => {
          inspecting.kill();
          await host?.stop();
        };
        events = createInterface(inspecting.stdout)[Symbol.asyncIterator]();
        await new Output(inspecting.stderr).matches(/^Inspecting /m);
        about = (await next()) as Of<'app'>;
      });
      after(() => stop());

      const next = async (): Promise<InspectorEvent> => {
        const { value, done } = await events.next();
        assert.ok(!done, 'The inspector has ended.');
        return JSON.parse(value as string) as InspectorEvent;
      };
      /** All events up to one of a type. */
      const until = async (type: InspectorEvent['type']): Promise<InspectorEvent[]> => {
        const found = [await next()];
        while (found.at(-1)?.type !== type) {
          found.push(await next());
        }
        return found;
      };
      const only = <Type extends InspectorEvent['type']>(all: InspectorEvent[], type: Type) =>
        all.filter((event): event is Of<Type> => event.type === type);
      const get = async (path: string, init?: RequestInit) =>
        (await fetch(host!.url + path, init)).text();
      const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
        fetch(`${host!.url}/admin/inspector/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });

      it('describes the app', () => {
        assert.deepEqual(
          about.functions.map(({ name, route, methods, trigger }) => [
            name,
            route ?? trigger,
            methods?.join(' '),
          ]),
          [
            ['Fails', 'api/fails', undefined],
            ['HttpTrigger', 'api/HttpTrigger', 'GET POST'],
            ['Orders', 'queueTrigger', undefined],
            ['Waits', 'api/waits/{id:int}', 'PUT'],
          ],
        );
        assert.deepEqual(
          about.extensions.map(({ name, package: from, hooks, options, place }) => [
            name,
            from?.name,
            hooks,
            options,
            place,
          ]),
          [
            [
              'TimerExtension',
              'python-worker-extension-timer',
              [
                'post_function_load_app_level',
                'pre_invocation_app_level',
                'post_invocation_app_level',
              ],
              [{ append_to_http_response: true, server_timing: false }],
              1,
            ],
            ['Breaking', undefined, ['pre_invocation'], [{ limit: 3, api_key: '[secret]' }], 2],
          ],
        );
      });

      it('tells what ran around a function, and what the timer has changed', async () => {
        const body = await get('/api/HttpTrigger?name=Ada', {
          headers: { 'x-key': 'do not show' },
        });
        const all = await until('responseEnded');
        assert.deepEqual(
          all.map((event) =>
            event.type === 'hookRan' || event.type === 'functionRan' ? event.name : event.type,
          ),
          [
            'invocationStarted',
            'logged',
            'TimerExtension.pre_invocation_app_level',
            'logged',
            'HttpTrigger',
            'logged',
            'TimerExtension.post_invocation_app_level',
            'invocationEnded',
            'responseStarted',
            'responseEnded',
          ],
        );
        const [, after] = only(all, 'hookRan');
        const [ran] = only(all, 'functionRan');
        assert.deepEqual(
          after?.changes.map(({ what, before }) => [what, before]),
          [['result', ran?.result]],
        );
        assert.ok(ran && after && ran.start <= ran.end && ran.end <= after.start);
        assert.deepEqual(after.changes[0]?.after, { ...(ran.result as object), body });
        assert.equal(only(all, 'responseEnded')[0]?.body?.text, body);
        const [started] = only(all, 'invocationStarted');
        assert.equal(started?.request?.headers['x-key'], '[secret]');
        assert.ok(!JSON.stringify(all).includes('do not show'));
        await host!.printed(/HttpTrigger {2}GET \/api\/HttpTrigger\?name=Ada {2}200, [\d.]+ ms\n/);
        await host!.printed(/post_invocation_app_level {2}\|.*\| .* changes result\n/);
      });

      it('tells of errors: of a function, and of an extension, which are skipped', async () => {
        await get('/api/fails');
        const all = await until('responseEnded');
        const hooks = only(all, 'hookRan');
        assert.deepEqual(
          hooks.map(({ name, isSwallowed, error }) => [name, isSwallowed, error?.message]),
          [
            ['TimerExtension.pre_invocation_app_level', false, undefined],
            ['Breaking.pre_invocation', true, 'of the extension'],
            ...(version === '3.13'
              ? [['TimerExtension.invocation_failed_app_level', false, undefined]]
              : []),
          ],
        );
        const [ran] = only(all, 'functionRan');
        assert.match(
          ran?.error?.detail ?? '',
          /^Traceback .*\n {2}File ".*function_app\.py", line \d+, in fails\n.*\nValueError: no luck$/,
        );
        assert.equal(only(all, 'invocationEnded')[0]?.error?.message, 'no luck');
        assert.ok(only(all, 'logged').some(({ message }) => message === 'printed <script>'));
        assert.equal(only(all, 'responseEnded')[0]?.status, 500);
      });

      it('sends requests, runs functions, and does either again', async () => {
        const sent = await post('requests', {
          method: 'PUT',
          path: '/api/waits/7?by=%C3%A9',
          headers: { 'x-a': 'é' },
          body: Buffer.from('body').toString('base64'),
        });
        const { invocation, status } = (await sent.json()) as Record<string, unknown>;
        assert.equal(status, 200);
        const first = await until('responseEnded');
        assert.equal(only(first, 'invocationStarted')[0]?.invocation, invocation);
        assert.equal(only(first, 'responseEnded')[0]?.body?.text, '7ébody');
        assert.equal((await post('again', { invocation })).status, 200);
        const second = await until('responseEnded');
        assert.notEqual(only(second, 'invocationStarted')[0]?.invocation, invocation);
        assert.equal(only(second, 'responseEnded')[0]?.body?.text, '7ébody');

        const began = await post('runs', { function: 'Orders', trial: { input: 'one' } });
        const { invocation: run } = (await began.json()) as Record<string, unknown>;
        const ran = await until('invocationEnded');
        assert.match(only(ran, 'logged').map(({ message }) => message)[1] ?? '', /^got one /);
        assert.equal((await post('again', { invocation: run })).status, 200);
        await until('invocationEnded');

        const nowhere = await post('requests', { path: '/nowhere' });
        assert.equal(((await nowhere.json()) as { status: number }).status, 404);
        for (const [path, body, expected] of [
          ['requests', { method: 'A B' }, 400],
          ['requests', { path: '/a b' }, 400],
          ['requests', { headers: { 'a b': '' } }, 400],
          ['runs', { function: 'None' }, 404],
          ['runs', { function: 'Orders', trial: { input: {} } }, 400],
          ['again', { invocation: 'none' }, 404],
          ['extensions', { id: 'none', isOn: false }, 404],
          ['other', {}, 404],
        ] as const) {
          const response = await post(path, body);
          assert.equal(response.status, expected, `${path} ${JSON.stringify(body)}`);
          assert.match(await response.text(), /^[A-Z"].*[^\s]$/);
        }
      });

      it('switches an extension off for this run', async () => {
        const [{ id } = { id: '' }] = about.extensions;
        await post('extensions', { id, isOn: false });
        assert.deepEqual(
          ((await next()) as Of<'app'>).extensions.map(({ isOff }) => isOff),
          [true, false],
        );
        assert.doesNotMatch(await get('/api/HttpTrigger'), /TimeElapsed/);
        assert.equal(only(await until('responseEnded'), 'hookRan').length, 0);
        await host!.printed(/TimerExtension is off for this run, by the inspector\./);
        await post('extensions', { id, isOn: true });
        await next();
        assert.match(await get('/api/HttpTrigger'), /TimeElapsed/);
        await until('responseEnded');
      });

      it('is for pages and tools of this machine only', async () => {
        const statusOf = (path: string, headers: Record<string, string>) =>
          new Promise<number | undefined>((resolve, reject) => {
            request(host!.url + path, { headers, agent: false }, (response) => {
              resolve(response.statusCode);
              response.destroy();
            })
              .on('error', reject)
              .end();
          });
        const { host: own } = new URL(host!.url);
        assert.equal(await statusOf('/', {}), 200);
        assert.equal(await statusOf('/', { host: 'evil.example' }), 404);
        for (const [headers, expected] of [
          [{}, 200],
          [{ origin: `http://${own}`, 'sec-fetch-site': 'same-origin' }, 200],
          [{ origin: 'http://127.0.0.1:1' }, 403],
          [{ 'sec-fetch-site': 'cross-site' }, 403],
          [{ host: 'evil.example' }, 403],
        ] as [Record<string, string>, number][]) {
          assert.equal(await statusOf('/admin/inspector/events', headers), expected);
        }
        const simple = await post('runs', {}, { 'content-type': 'text/plain' });
        assert.equal(simple.status, 415);
      });

      it('has the same page as the local host for Node.js', async function () {
        const reason = whyNoBrowser();
        if (reason) {
          this.test!.title += ` (skipped: ${reason})`;
          return this.skip();
        }
        const browser: Browser = await openBrowser();
        try {
          const page: Page = await browser.newPage();
          const wrong: string[] = [];
          page.on('pageerror', ({ message }) => wrong.push(message));
          page.on('console', (one) => one.type() === 'error' && wrong.push(one.text()));
          await page.goto(host!.url);
          await page.getByText('Live', { exact: true }).waitFor();
          await get('/api/HttpTrigger?name=Ada');
          await page.locator('.invocations a', { hasText: 'name=Ada' }).first().click();
          await page
            .locator('.waterfall button', { hasText: 'TimerExtension.post_invocation' })
            .click();
          const added = (await page.locator('.diff .added').allTextContents()).join('');
          assert.match(added, /TimeElapsed: \d\.\d{4} sec/);
          await page.getByRole('button', { name: 'Run again' }).click();
          await page.locator('.invocations li:nth-child(2) a', { hasText: 'name=Ada' }).waitFor();
          await get('/api/fails');
          await page.locator('.invocations a', { hasText: 'Fails' }).first().click();
          await page.locator('.span.function button').click();
          assert.match(
            (await page.locator('.error a').first().getAttribute('href')) ?? '',
            /^vscode:\/\/file\/.*\/function_app\.py:\d+:1$/,
          );
          await page.getByRole('link', { name: 'Extensions', exact: true }).click();
          await page.getByRole('switch', { name: 'TimerExtension' }).click();
          await page.locator('[role=switch][aria-checked=false]').waitFor();
          assert.deepEqual(wrong, []);
        } finally {
          await browser.close();
        }
      });

      it('is what docs/inspector-python.png shows', async function () {
        const reason = whyNoBrowser();
        if (reason) {
          this.test!.title += ` (skipped: ${reason})`;
          return this.skip();
        }
        await post('extensions', { id: about.extensions[0]?.id, isOn: true });
        checkScreenshot(await screenshotOf(host!.url, 'TimerExtension.post_invocation'));
        checkScreenshot(readFileSync(join(root, 'docs/inspector-python.png')));
      });

      it('comes back in the browser when the app has been mended', async function () {
        const reason = whyNoBrowser();
        if (reason) {
          this.test!.title += ` (skipped: ${reason})`;
          return this.skip();
        }
        const browser = await openBrowser();
        try {
          const page = await browser.newPage();
          await page.goto(host!.url);
          await page.getByText('Live', { exact: true }).waitFor();
          const code = readFileSync(script, 'utf8');
          writeFileSync(script, `${code}\nx = (\n`);
          await host!.printed(/SyntaxError/);
          await page.getByText('The host does not answer').waitFor();
          writeFileSync(script, code);
          await page.getByText('Live', { exact: true }).waitFor();
          await get('/api/HttpTrigger?name=Ada');
          await page.locator('.invocations a', { hasText: 'name=Ada' }).waitFor();
        } finally {
          await browser.close();
        }
      });

      it('ends, and those who watch with it', async () => {
        assert.equal(await host!.stop(), 0);
        for (;;) {
          const { done } = await events.next();
          if (done) {
            break;
          }
        }
      });
    });
  }
});
