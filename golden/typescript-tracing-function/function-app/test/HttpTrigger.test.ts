import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LocalHost } from '#local-host';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** What the exporter in src/telemetry.ts prints of a span. */
async function printedSpan(host: LocalHost | undefined, traceId = ''): Promise<string> {
  const span = new RegExp(`traceId: '${traceId}',\\n[^]*?\\n}\\n`);
  const [text = ''] = span.exec((await host?.printed(span)) ?? '') ?? [];
  return text;
}

describe('HttpTrigger', () => {
  let host: LocalHost | undefined;
  let url: string;

  before(async () => {
    host = await LocalHost.start({ root: join(__dirname, '../..'), port: 0 });
    url = host.url + '/api/HttpTrigger';
  });

  after(() => host?.stop());

  it('is in an app that has what its extensions name', () => assert.deepEqual(host?.unmatched, []));

  it('is traced as a part of its caller, with what it adds itself', async () => {
    const response = await fetch(url, {
      headers: { traceparent: `00-${TRACE_ID}-${CALLER}-01`, 'accept-language': 'en' },
    });
    assert.equal(response.status, 200);
    assert.equal(
      await response.text(),
      `This HTTP triggered function executed successfully. Its trace is ${TRACE_ID}.`,
    );
    const span = await printedSpan(host, TRACE_ID);
    assert.ok(span.includes(`spanId: '${CALLER}'`), span);
    assert.ok(span.includes("name: 'GET api/HttpTrigger'"), span);
    assert.ok(span.includes("'http.response.status_code': 200"), span);
    assert.ok(span.includes("'app.language': 'en'"), span);
  });

  it('is traced as a part of what the host begins, without a caller', async () => {
    const response = await fetch(url);
    const [, id] = /Its trace is ([\da-f]{32})\.$/.exec(await response.text()) ?? [];
    assert.match(await printedSpan(host, id), /parentSpanContext: \{[^}]*isRemote: true/);
  });
});
