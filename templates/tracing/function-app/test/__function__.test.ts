import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { LocalHost } from '../local-host/host';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** A span as the app prints it. */
interface PrintedSpan {
  traceId: string;
  parentSpanContext?: { spanId: string };
  name: string;
  attributes: Record<string, unknown>;
}

describe(<%- js(functionName) %>, () => {
  // The exporter in src/telemetry.ts prints with console.dir.
  const printed: PrintedSpan[] = [];
  mock.method(console, 'dir', (span: PrintedSpan) => printed.push(span));
  let host: LocalHost | undefined;
  let url: string;

  before(async () => {
    host = await LocalHost.start({ root: join(__dirname, '../..'), port: 0 });
    url = host.url + <%- js(`/api/${functionName}`) %>;
  });

  after(() => host?.stop());

  it('is traced as a part of its caller, with what it adds itself', async () => {
    const response = await fetch(url, {
      headers: { traceparent: `00-${TRACE_ID}-${CALLER}-01`, 'accept-language': 'en' },
    });
    assert.equal(response.status, 200);
    assert.equal(
      await response.text(),
      `This HTTP triggered function executed successfully. Its trace is ${TRACE_ID}.`,
    );
    const span = printed.find(({ traceId }) => traceId === TRACE_ID);
    assert.ok(span);
    assert.equal(span.parentSpanContext?.spanId, CALLER);
    assert.equal(span.name, <%- js(`GET ${functionName}`) %>);
    assert.equal(span.attributes['http.response.status_code'], 200);
    assert.equal(span.attributes['app.language'], 'en');
  });

  it('has a trace of its own without a caller', async () => {
    const response = await fetch(url);
    const [, id] = /Its trace is ([\da-f]{32})\.$/.exec(await response.text()) ?? [];
    const span = printed.find(({ traceId }) => traceId === id);
    assert.ok(span);
    assert.equal(span.parentSpanContext, undefined);
  });
});
