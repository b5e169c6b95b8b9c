import assert from 'node:assert/strict';
import { join } from 'node:path';
import { catalogue } from '../../generators/core/catalogue.js';
import { filesIn, readJson } from '../support/files.js';
import { scaffold } from '../support/generated.js';
import { type RunningHost, startHost } from '../support/local-host.js';
import { npm } from '../support/processes.js';
import { checkStyle } from '../support/style.js';

/** What shows over HTTP that the extension of a template works. */
const CHECKS: Record<string, (url: string, host: RunningHost) => Promise<void>> = {
  async timer(url) {
    assert.match(await (await fetch(url)).text(), / \(TimeElapsed: \d+\.\d{4} sec\)$/);
  },
  async blank(url, host) {
    assert.match(await (await fetch(url)).text(), /It began at \d{4}-/);
    assert.match(host.output(), /BlankExtension: before HttpTrigger/);
  },
  async guard(url) {
    const refused = await fetch(url);
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    const passed = await fetch(`${url}?name=Ada`, { headers: { 'x-api-key': 'local-key' } });
    assert.equal(passed.status, 200);
    assert.match(await passed.text(), /^Hello, Ada\./);
  },
  async 'problem-details'(url, host) {
    const failed = await fetch(`${url}?name=nobody`);
    assert.equal(failed.status, 500);
    assert.equal(failed.headers.get('content-type'), 'application/problem+json');
    const { correlationId, ...others } = (await failed.json()) as { correlationId: string };
    assert.deepEqual(others, { type: 'about:blank', title: 'Internal Server Error', status: 500 });
    assert.ok(host.output().includes(correlationId));
    assert.equal((await fetch(url)).status, 400);
    assert.equal((await fetch(`${url}?name=Ada`)).status, 200);
  },
  async tracing(url, host) {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await fetch(url, { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
    await host.stop();
    assert.ok(host.output().includes(trace), host.output());
    assert.ok(host.output().includes('b7ad6b7169203331'), host.output());
  },
};

describe('gallery', () => {
  const rows: object[] = [];
  after(() => console.table(rows));

  for (const { id: template } of catalogue) {
    for (const scope of ['app', 'function'] as const) {
      it(`${template} of scope ${scope} installs, builds, passes its tests and checks, and answers`, async () => {
        const started = performance.now();
        const options = ['--name', template, '--template', template, '--scope', scope];
        const folder = await scaffold(['.', ...options, '--yes', '--no-git']);
        const files = filesIn(folder);
        await checkStyle(folder);
        const installed = await npm(['install', '--no-fund'], folder);
        assert.doesNotMatch(installed, /\bwarn\b(?!.*config)/i);
        const output = await npm(['test'], folder);
        const [tests, passed] = ['tests', 'pass'].map((what) =>
          [...output.matchAll(new RegExp(`^(?:#|ℹ) ${what} (\\d+)`, 'gm'))].reduce(
            (sum, [, count]) => sum + Number(count),
            0,
          ),
        );
        assert.ok(Number(tests) > 0);
        assert.equal(passed, tests);
        const host = await startHost(join(folder, 'function-app'));
        try {
          const check = CHECKS[template];
          assert.ok(check, `There is no check of the template ${template}.`);
          await check(`${host.url}/api/HttpTrigger`, host);
        } finally {
          await host.stop();
        }
        const checked = await npm(['run', 'check:package'], folder);
        assert.match(checked, /^ℹ pass 5$/m);
        const { packages } = readJson(folder, 'node_modules/.package-lock.json') as {
          packages: Record<string, { link?: boolean }>;
        };
        rows.push({
          template,
          scope,
          files: files.length,
          packages: Object.entries(packages).filter(
            ([path, { link }]) => path.startsWith('node_modules/') && !link,
          ).length,
          tests,
          seconds: Math.round((performance.now() - started) / 100) / 10,
        });
      });
    }
  }
});
