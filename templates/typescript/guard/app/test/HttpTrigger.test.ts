import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LocalHost } from '#local-host';

const KEY = 'key-of-this-test';

describe('HttpTrigger', () => {
  let host: LocalHost | undefined;
  let url: string;

  before(async () => {
    // What the environment has counts before local.settings.json, which a fresh clone lacks.
    process.env.GUARD_API_KEY = KEY;
    host = await LocalHost.start({ root: join(__dirname, '../..'), port: 0 });
    url = host.url + '/api/HttpTrigger?name=Azure';
  });

  after(() => host?.stop());

  it('is in an app that has what its extensions name', () => assert.deepEqual(host?.unmatched, []));

  it('greets who has the key', async () => {
    const response = await fetch(url, { headers: { 'x-api-key': KEY } });
    assert.equal(response.status, 200);
    assert.equal(
      await response.text(),
      'Hello, Azure. This HTTP triggered function executed successfully.',
    );
  });

  for (const [who, headers] of [
    ['has no key', {}],
    ['has another key', { 'x-api-key': 'another-key' }],
  ] as const) {
    it(`refuses who ${who}`, async () => {
      const response = await fetch(url, { headers });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal(response.headers.get('www-authenticate'), 'ApiKey header="x-api-key"');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.deepEqual(await response.json(), {
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
      });
    });
  }
});
