import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LocalHost } from '#local-host';

describe('HttpTrigger', () => {
  let host: LocalHost | undefined;
  let url: string;

  before(async () => {
    host = await LocalHost.start({ root: join(__dirname, '../..'), port: 0 });
    url = host.url + '/api/HttpTrigger';
  });

  after(() => host?.stop());

  it('is in an app that has what its extensions name', () => assert.deepEqual(host?.unmatched, []));

  for (const [where, request] of [
    ['query', () => fetch(`${url}?name=Azure`)],
    ['body', () => fetch(url, { method: 'POST', body: '{"name":"Azure"}' })],
  ] as const) {
    it(`greets the name in the ${where}`, async () => {
      const response = await request();
      assert.equal(response.status, 200);
      assert.equal(
        await response.text(),
        'Hello, Azure. This HTTP triggered function executed successfully.',
      );
    });
  }

  it('tells a caller without a name what to do, as problem details', async () => {
    const response = await fetch(url);
    assert.equal(response.status, 400);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const { correlationId, ...problem } = (await response.json()) as Record<string, unknown>;
    assert.match(String(correlationId), /^[\da-f-]{36}$/);
    assert.deepEqual(problem, {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'Pass a name in the query string or in the request body.',
    });
  });

  it('keeps an unexpected error in the log, and tells the caller where to find it', async () => {
    const response = await fetch(`${url}?name=nobody`);
    assert.equal(response.status, 500);
    const { correlationId, ...problem } = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(problem, {
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
    });
    const log = await host?.printed(/Error: There is no greeting for nobody\.\n {4}at /);
    assert.ok(log?.includes(String(correlationId)), log);
  });
});
