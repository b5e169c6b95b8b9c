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

  it('gets what has been checked', async () => {
    const response = await fetch(`${url}?name=Ada`, { method: 'POST', body: '{"times":2}' });
    assert.equal(
      await response.text(),
      'Hello, Ada. Hello, Ada. This HTTP triggered function executed successfully.',
    );
  });

  for (const [what, query, body, part] of [
    ['there is no name', '', '{"times":1}', 'query'],
    ['the number is too large', '?name=Ada', '{"times":4}', 'body'],
    ['the body is no JSON', '?name=Ada', '{', 'body'],
  ] as const) {
    it(`does not run where ${what}`, async () => {
      const response = await fetch(url + query, { method: 'POST', body });
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      const { errors } = (await response.json()) as { errors: { in: string }[] };
      assert.deepEqual(
        errors.map((one) => one.in),
        [part],
      );
    });
  }
});
