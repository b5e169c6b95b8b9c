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

  it('tells when it began, as the extension has noted it', async () => {
    const response = await fetch(url);
    assert.equal(response.status, 200);
    assert.match(
      await response.text(),
      /^This HTTP triggered function executed successfully\. It began at \d{4}-\d\d-\d\dT[\d:.]+Z\.$/,
    );
  });
});
