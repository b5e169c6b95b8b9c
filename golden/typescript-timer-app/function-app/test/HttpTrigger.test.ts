import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LocalHost } from '#local-host';

const ELAPSED = / \(TimeElapsed: \d+\.\d{4} sec\)$/;

describe('HttpTrigger', () => {
  let host: LocalHost | undefined;
  let url: string;

  before(async () => {
    host = await LocalHost.start({ root: join(__dirname, '../..'), port: 0 });
    url = host.url + '/api/HttpTrigger';
  });

  after(() => host?.stop());

  it('is in an app that has what its extensions name', () => assert.deepEqual(host?.unmatched, []));

  it('asks for a name, and tells the elapsed time', async () => {
    const response = await fetch(url);
    const body = await response.text();
    assert.equal(response.status, 200);
    assert.match(body, ELAPSED);
    assert.equal(
      body.replace(ELAPSED, ''),
      'This HTTP triggered function executed successfully. Pass a name in the query string or in the request body for a personalized response.',
    );
  });

  for (const [where, request] of [
    ['query', () => fetch(`${url}?name=Azure`)],
    ['body', () => fetch(`${url}?name=`, { method: 'POST', body: '{"name":"Azure"}' })],
  ] as const) {
    it(`greets the name in the ${where}`, async () => {
      const body = await (await request()).text();
      assert.match(body, ELAPSED);
      assert.equal(
        body.replace(ELAPSED, ''),
        'Hello, Azure. This HTTP triggered function executed successfully.',
      );
    });
  }
});
