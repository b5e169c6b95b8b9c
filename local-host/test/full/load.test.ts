import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { appWithHost } from '../support/app-with-host.js';
import { type RunningHost, startHost } from '../../../tools/support/local-host.js';

const APP = `const { app } = require('@azure/functions');
app.hook.preInvocation((context) => { context.hookData.started = true; });
app.http('Work', { handler: async (request) => {
  const number = Number(request.query.get('number'));
  await new Promise((resolve) => setTimeout(resolve, number % 7));
  if (number % 10 === 3) { throw new Error('fails ' + number); }
  return { status: 200 + number % 3, jsonBody: { number, body: await request.text() } };
} });
app.http('Pids', { handler: () => ({ jsonBody: [process.pid, process.ppid] }) });`;

const SETUPS = {
  'as usual': '',
  'with streams': 'app.setup({ enableHttpStream: true });',
  'with many hooks':
    'for (let count = 0; count < 20; count += 1) { app.hook.preInvocation(() => {}); app.hook.postInvocation(async () => {}); }',
};

const AT_ONCE = 50;

/** Sends requests, a fixed number at once, and looks at each answer. */
async function send(host: RunningHost, from: number, to: number): Promise<void> {
  let next = from;
  const sender = async () => {
    while (next < to) {
      const number = next++;
      const body = `body ${number}`;
      const response = await fetch(`${host.url}/api/Work?number=${number}`, {
        method: 'POST',
        body,
      });
      const text = await response.text();
      if (number % 10 === 3) {
        assert.deepEqual([response.status, text], [500, '']);
      } else {
        assert.deepEqual(
          [response.status, JSON.parse(text)],
          [200 + (number % 3), { number, body }],
        );
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

/** The memory of a process that is in use, in megabytes. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

describe('local host under load', function () {
  this.timeout(240_000);

  for (const [what, setup] of Object.entries(SETUPS)) {
    it(`answers 2,000 requests right, ${AT_ONCE} at once: ${what}`, async () => {
      const host = await startHost(
        await appWithHost(
          {
            'package.json': '{"main":"index.js"}',
            'host.json': '{"version":"2.0","logging":{"logLevel":{"default":"None"}}}',
            'index.js': `${APP}\n${setup}`,
          },
          '',
        ),
      );
      await send(host, 0, 2000);
      assert.equal(await host.stop(), 0);
    });
  }

  it('keeps nothing of 20,000 requests', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    const host = await startHost(
      await appWithHost(
        {
          'package.json': '{"main":"index.js"}',
          'host.json': '{"version":"2.0","logging":{"logLevel":{"default":"None"}}}',
          'index.js': APP,
        },
        '',
      ),
    );
    const pids = (await (await fetch(`${host.url}/api/Pids`)).json()) as number[];
    await send(host, 0, 8000);
    const early = pids.map(memoryOf);
    await send(host, 8000, 20_000);
    const late = pids.map(memoryOf);
    assert.equal(await host.stop(), 0);
    console.table({ early, late });
    for (const [index, before] of early.entries()) {
      // Of 12,000 requests, 3 kB each would be more. What grows by itself is V8's heap, up to its size.
      assert.ok((late[index] ?? Infinity) < before + 36, `${early} MB became ${late} MB`);
    }
  });
});
