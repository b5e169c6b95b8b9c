import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser, whyNoBrowser } from '../../tools/support/browser.js';
import { readJson, root, writeJson } from '../../tools/support/files.js';
import { scaffold } from '../../tools/support/generated.js';
import { type RunningHost, startHost } from '../../tools/support/local-host.js';
import { npm, run } from '../../tools/support/processes.js';
import { makeScreenshot } from '../../tools/screenshot/screenshot.js';
import { checkScreenshot } from '../support/screenshots.js';

const TEMPLATES = ['guard', 'problem-details'] as const;

const APP = `const { app } = require('@azure/functions');
const { GuardExtension } = require('azfunc-extension-guard');
require('azfunc-extension-problem-details');
GuardExtension.configure({
  authorize: (request) => !request.url.includes('/Secret') || request.headers.get('x-api-key') === 'right' || 401,
});
app.http('Secret', { handler: () => ({ body: 'open' }) });
app.http('Fails', { handler: () => { throw new Error('no luck'); } });
app.http('Stream', { handler: () => ({ body: (async function* () {
  yield Buffer.from('first ');
  await new Promise((resolve) => setTimeout(resolve, 50));
  yield Buffer.from('last');
})() }) });
app.http('Logs', { handler: (request, context) => {
  context.warn("<script>document.title = 'taken over'</script><img src=x onerror=\\"document.title='taken over'\\">");
  return { body: '<script>' };
} });
app.http('Orders', { route: 'orders/{id:int}', methods: ['PUT'], handler: async (request) => ({
  jsonBody: { id: request.params.id, by: request.query.get('by'), header: request.headers.get('x-shop'), body: await request.text() },
}) });
app.storageQueue('Messages', { queueName: 'messages', connection: '', handler: (message, context) => {
  context.log('got ' + message + ' ' + context.triggerMetadata.id);
} });
`;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against, in the light and in the dark. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const { violations: all } = await page.evaluate(() =>
      (
        globalThis as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
          };
        }
      ).axe.run(),
    );
    found.push(
      ...all.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html)}`),
    );
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

describe('page of the inspector', function () {
  this.timeout(300_000);
  let host: RunningHost;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What it has asked others for, and what has gone wrong in it. */
  const wrong: string[] = [];

  before(async function () {
    const reason = whyNoBrowser();
    if (reason) {
      this.test!.parent!.title += ` (skipped: ${reason})`;
      this.skip();
    }
    const folder = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
    const app = join(folder, 'function-app');
    const manifest = readJson(app, 'package.json');
    for (const template of TEMPLATES) {
      const options = ['--name', template, '--template', template];
      await scaffold([':extension', template, ...options, '--yes', '--no-git'], folder);
      manifest.dependencies[`azfunc-extension-${template}`] = '*';
    }
    manifest.main = '{dist/src/{index.js,functions/*.js},more/*.js}';
    writeJson(join(app, 'package.json'), manifest);
    mkdirSync(join(app, 'more'));
    writeFileSync(join(app, 'more/functions.js'), APP);
    await npm(['install', '--no-audit', '--no-fund'], folder);
    await npm(['run', 'build'], folder);
    for (const template of TEMPLATES) {
      await npm(['run', 'build', '-w', `azfunc-extension-${template}`], folder);
    }
    host = await startHost(app);
    browser = await openBrowser();
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith(`${host.url}/`) && !request.url().startsWith('data:')) {
        wrong.push(request.url());
      }
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        wrong.push(message.text());
      }
    });
    await page.goto(host.url);
    await page.getByText('Live', { exact: true }).waitFor();
  });
  afterEach(() => assert.deepEqual(wrong.splice(0), []));
  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  const get = async (path: string, init?: RequestInit) =>
    (await fetch(host.url + path, init)).text();
  const view = (name: string) => page.getByRole('link', { name, exact: true }).click();
  /** Opens the newest invocation of a function. */
  const open = async (name: string) => {
    await view('Invocations');
    await page.locator('.invocations a', { hasText: name }).first().click();
    await page.getByRole('heading', { level: 2, name }).waitFor();
  };
  const row = (name: string | RegExp) =>
    page.locator('.waterfall button').filter({ hasText: name });

  it('says what to do first', async () => {
    await page.getByText('No invocation yet.').waitFor();
    assert.match(
      (await page.locator('.empty pre').textContent()) ?? '',
      /^curl http:\S+\/api\/\w+$/,
    );
    assert.deepEqual(await violations(page), []);
  });

  it("shows the tutorial's request with its waterfall, and what the timer has changed", async () => {
    const body = await get('/api/HttpTrigger?name=Ada');
    await open('HttpTrigger');
    const names = await page.locator('.waterfall .span .what').allTextContents();
    assert.deepEqual(names, [
      'TimerExtension.aroundInvocation',
      'ProblemDetailsExtension.aroundInvocation',
      'GuardExtension.aroundInvocation',
      'HttpTrigger',
      'Response',
    ]);
    await row('TimerExtension').click();
    const added = await page.locator('.diff .added').allTextContents();
    assert.ok(added.join('').includes(JSON.stringify(body).slice(1, -1)), added.join(''));
    assert.match(
      (await page.locator('.log .message').allTextContents()).join('\n'),
      /TimerExtension: HttpTrigger started\n.*\nTimerExtension: HttpTrigger succeeded/s,
    );
    assert.equal(await row('TimerExtension').getAttribute('aria-expanded'), 'true');
    assert.deepEqual(await violations(page), []);
  });

  it('shows that a guard has answered in place of the function', async () => {
    await get('/api/Secret', { headers: { 'x-api-key': 'do not show this' } });
    await open('Secret');
    await page.getByText('GuardExtension answered, the function did not run').waitFor();
    assert.match((await row('GuardExtension').textContent()) ?? '', /answers instead/);
    assert.ok(!(await page.content()).includes('do not show this'));
  });

  it('shows how an error becomes problem details, and where it was thrown', async () => {
    await get('/api/Fails');
    await open('Fails');
    assert.match((await row('ProblemDetails').textContent()) ?? '', /answers the error/);
    await row('ProblemDetails').click();
    const before = (await page.locator('.diff .removed').allTextContents()).join('');
    assert.match(before, /Error: no luck/);
    assert.doesNotMatch(before, /local-host\.cjs/);
    assert.match((await page.locator('.diff .added').allTextContents()).join(''), /problem\+json/);
    await page.locator('.span.function button').click();
    const link = page.locator('.error a').first();
    assert.match(
      (await link.getAttribute('href')) ?? '',
      /^vscode:\/\/file\/.*functions\.js:\d+:\d+$/,
    );
    assert.deepEqual(await violations(page), []);
  });

  it('shows a stream to its last byte', async () => {
    await get('/api/Stream');
    await open('Stream');
    await page.locator('.span.response').getByText('10 bytes').waitFor();
    await page.getByText('Response', { exact: true }).last().click();
    await page.locator('pre', { hasText: 'first last' }).waitFor();
  });

  it('shows what is logged and answered as text, whatever it is', async () => {
    await get('/api/Logs');
    await open('Logs');
    await page
      .locator('.log.warning .message', { hasText: "<script>document.title = 'taken over'" })
      .waitFor();
    assert.equal(await page.locator('script').count(), 1);
    assert.equal(await page.locator('img').count(), 0);
    assert.doesNotMatch(await page.title(), /taken over/);
  });

  it('runs again, and copies a curl that does the same', async () => {
    await get('/api/orders/1?by=me', { method: 'PUT', body: "it's", headers: { 'x-shop': 'one' } });
    await open('Orders');
    const before = page.url();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => url.href !== before);
    await page.getByRole('heading', { level: 2, name: 'Orders' }).waitFor();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied.').waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    const { stdout } = await run('sh', ['-c', `${command} --silent`], { cwd: '/' });
    assert.deepEqual(JSON.parse(String(stdout)), {
      id: '1',
      by: 'me',
      header: 'one',
      body: "it's",
    });
  });

  it('sends a request by a form, with parameters, query, headers and a file', async () => {
    await view('Functions');
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Orders' }) });
    await card.getByText('Send a request').click();
    await card.getByLabel('id', { exact: true }).fill('7');
    await card.getByRole('button', { name: 'Add a query parameter' }).click();
    await card.getByLabel('query parameter: name').fill('by');
    await card.getByLabel('query parameter: value').fill('a & b');
    await card.getByRole('button', { name: 'Add a header' }).click();
    await card.getByLabel('header: name').fill('x-shop');
    await card.getByLabel('header: value').fill('two');
    await card
      .getByLabel('File')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('of a file') });
    assert.deepEqual(await violations(page), []);
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByText('Answered 200.').waitFor();
    await card.getByRole('link', { name: 'See what ran' }).click();
    await page.getByText('Response', { exact: true }).last().click();
    await page.locator('pre', { hasText: '"body":"of a file"' }).waitFor();
    const shown = (await page.locator('pre', { hasText: 'of a file' }).last().textContent()) ?? '';
    assert.deepEqual(JSON.parse(shown), { id: '7', by: 'a & b', header: 'two', body: 'of a file' });
  });

  it('runs a function by hand, and says what acts on it', async () => {
    await view('Functions');
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Messages' }) });
    await card.getByText('Call it to see which extensions act on it.').waitFor();
    await card.getByText('Run it by hand').click();
    await card.getByLabel('Input').fill('a message');
    await card.getByLabel('Metadata').fill('{"id": "42"}');
    await card.getByRole('button', { name: 'Run' }).click();
    await card.getByText('It runs.').waitFor();
    await card.getByText(/Acting on it: TimerExtension \(1×\)/).waitFor();
    await card.getByRole('link', { name: 'See what ran' }).click();
    await page.locator('.log .message', { hasText: 'got a message 42' }).waitFor();
  });

  it('switches an extension off for this run, and no guard', async () => {
    await view('Extensions');
    assert.deepEqual(await violations(page), []);
    const timer = page.getByRole('switch', { name: 'TimerExtension' });
    await timer.click();
    await page.locator('[role=switch][aria-checked=false]').waitFor();
    assert.doesNotMatch(await get('/api/HttpTrigger'), /TimeElapsed/);
    await timer.click();
    await page.locator('[role=switch][aria-checked=false]').waitFor({ state: 'detached' });
    assert.match(await get('/api/HttpTrigger'), /TimeElapsed/);
    // It says that it is disabled, and still answers who tries.
    await page.getByRole('switch', { name: 'GuardExtension' }).click({ force: true });
    await page.getByText('GuardExtension fails closed, so it cannot be switched off.').waitFor();
    const refused = await fetch(`${host.url}/admin/inspector/extensions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'azfunc-extension-guard/GuardExtension', isOn: false }),
    });
    assert.equal(refused.status, 409);
    assert.equal((await fetch(`${host.url}/api/Secret`)).status, 401);
  });

  it('takes a click, however much happens while the button is down', async () => {
    await view('Extensions');
    const timer = page.getByRole('switch', { name: 'TimerExtension' });
    const isOff = page.locator('[role=switch][aria-checked=false]');
    await timer.hover();
    await page.mouse.down();
    await get('/api/HttpTrigger');
    await page.waitForTimeout(300);
    await page.mouse.up();
    await isOff.waitFor();
    await timer.focus();
    await page.keyboard.down(' ');
    await get('/api/HttpTrigger');
    await page.waitForTimeout(300);
    await page.keyboard.up(' ');
    await isOff.waitFor({ state: 'detached' });
  });

  it('is used by the keyboard alone', async () => {
    await view('Invocations');
    await page.locator('.invocations a').first().click();
    const names = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      names.push(await page.locator('.invocations a:focus').getAttribute('href'));
    }
    assert.equal(names[0], names[2]);
    assert.notEqual(names[0], names[1]);
    await page.locator(`.invocations a[aria-current][href="${names[2]}"]`).waitFor();
    await page.locator('.waterfall button').first().focus();
    await page.keyboard.press('Enter');
    const focused = page.locator('.waterfall button:focus');
    assert.equal(await focused.getAttribute('aria-expanded'), 'true');
  });

  it('fits on 360 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    for (const name of ['Functions', 'Extensions', 'Invocations']) {
      await view(name);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, name);
      assert.deepEqual(await violations(page), []);
    }
    await page.locator('.invocations a').first().click();
    await page.getByRole('link', { name: 'All invocations' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('keeps 1,000 invocations, and finds one among them', async () => {
    await view('Invocations');
    let next = 0;
    const sender = async () => {
      while (next < 1000) {
        await get(`/api/HttpTrigger?name=number-${next++}-`);
      }
    };
    await Promise.all(Array.from({ length: 20 }, sender));
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('.invocations li')];
      return rows.length === 1000 && rows.every((one) => one.textContent?.includes('number-'));
    });
    await page.getByRole('searchbox').fill('number-77-');
    assert.equal(await page.locator('.invocations li:visible').count(), 1);
    await page.locator('.invocations li:visible a').click();
    await page.getByText('name=number-77-').last().waitFor();
    await page.getByRole('searchbox').fill('');
    // A page that is opened later has them, too.
    const other = await context.newPage();
    await other.goto(host.url);
    await other.waitForFunction(() => document.querySelectorAll('.invocations li').length === 1000);
    await other.close();
  });

  it('cannot be put in a frame, and runs nothing but what is in it', async () => {
    const policy = (await fetch(host.url)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'sha256-[^']+';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
  });
});

describe('docs/inspector.png', () => {
  it('can be made again', async function () {
    const reason = whyNoBrowser();
    if (reason) {
      this.test!.title += ` (skipped: ${reason})`;
      this.skip();
    }
    checkScreenshot(await makeScreenshot(0));
    checkScreenshot(readFileSync(join(root, 'docs/inspector.png')));
  });
});
