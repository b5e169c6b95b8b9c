import { join } from 'node:path';
import { openBrowser } from '../support/browser.js';
import { scaffold, workspace } from '../support/generated.js';
import { startHost } from '../support/local-host.js';
import { npm } from '../support/processes.js';
import { installedIn } from '../support/python.js';

const SIZE = { width: 1120, height: 620 };

/** Several, since the first ones wait for code that is loaded. */
const REQUESTS = ['', ...Array.from({ length: 9 }, () => '?name=Ada')];

/**
 * Makes a picture of the inspector, as PNG: the function of the default project is requested, and the quickest of its
 * invocations is open: there, what runs takes most of the time.
 *
 * @param url Where the project runs.
 * @param hook What is open in the waterfall.
 */
export async function screenshotOf(url: string, hook: string): Promise<Buffer> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    await page.goto(url);
    await page.getByText('Live', { exact: true }).waitFor();
    for (const query of REQUESTS) {
      await (await fetch(`${url}/api/HttpTrigger${query}`)).text();
    }
    const rows = page.locator('.invocations a', { hasText: /name=Ada.*ms/ });
    await rows.nth(REQUESTS.length - 2).waitFor();
    const times = (await rows.locator('.when .time:first-child').allTextContents()).map(parseFloat);
    await rows.nth(times.indexOf(Math.min(...times))).click();
    await page.locator('.waterfall button', { hasText: hook }).click();
    await page.locator('.diff .added').first().waitFor();
    await page.mouse.move(0, 0);
    return await page.screenshot();
  } finally {
    await browser.close();
  }
}

/** Makes the picture of the default project in TypeScript. */
export async function makeScreenshot(port: number): Promise<Buffer> {
  const folder = await workspace('app');
  await npm(['run', 'build'], folder);
  const host = await startHost(join(folder, 'function-app'), { args: ['--port', String(port)] });
  try {
    return await screenshotOf(host.url, 'TimerExtension');
  } finally {
    await host.stop();
  }
}

/**
 * Makes that of the default project in Python.
 *
 * @param python An interpreter.
 */
export async function makePythonScreenshot(python: string, port: number): Promise<Buffer> {
  const options = ['--language', 'python', '--name', 'timer', '--yes', '--no-git'];
  const folder = await scaffold(['.', ...options]);
  const command = await installedIn(folder, python);
  const app = join(folder, 'function-app');
  const host = await startHost(app, {
    command,
    program: join(app, 'local_host.py'),
    args: ['--port', String(port)],
  });
  try {
    return await screenshotOf(host.url, 'TimerExtension.post_invocation');
  } finally {
    await host.stop();
  }
}
