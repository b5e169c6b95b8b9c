import { join } from 'node:path';
import { openBrowser } from '../support/browser.js';
import { workspace } from '../support/generated.js';
import { startHost } from '../support/local-host.js';
import { npm } from '../support/processes.js';

const SIZE = { width: 1120, height: 620 };

/** Several, since the first ones wait for code that is loaded. */
const REQUESTS = ['', ...Array.from({ length: 9 }, () => '?name=Ada')];

/**
 * Makes a picture of the inspector, as PNG: the default project runs, its function has been requested, and the
 * quickest of its invocations is open: there, what runs takes most of the time.
 */
export async function makeScreenshot(port: number): Promise<Buffer> {
  const folder = await workspace('app');
  await npm(['run', 'build'], folder);
  const host = await startHost(join(folder, 'function-app'), { args: ['--port', String(port)] });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    await page.goto(host.url);
    await page.getByText('Live', { exact: true }).waitFor();
    for (const query of REQUESTS) {
      await (await fetch(`${host.url}/api/HttpTrigger${query}`)).text();
    }
    const rows = page.locator('.invocations a', { hasText: /name=Ada.*ms/ });
    await rows.nth(REQUESTS.length - 2).waitFor();
    const times = (await rows.locator('.when .time:first-child').allTextContents()).map(parseFloat);
    await rows.nth(times.indexOf(Math.min(...times))).click();
    await page.locator('.waterfall button', { hasText: 'TimerExtension' }).click();
    await page.locator('.diff .added').first().waitFor();
    await page.mouse.move(0, 0);
    return await page.screenshot();
  } finally {
    await browser.close();
    await host.stop();
  }
}
