import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { switchOn } from './switch-on';
import { invoke } from './worker';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { TracingExtension } from '../src/tracing';

const spans = new InMemorySpanExporter();
const records = new InMemoryLogRecordExporter();

describe('TracingExtension in an app with an SDK for logs', () => {
  before(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register();
    logs.setGlobalLoggerProvider(
      new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] }),
    );
    switchOn(TracingExtension);
  });

  afterEach(() => {
    spans.reset();
    records.reset();
  });

  after(() => logs.disable());

  for (const [thrown, attributes] of [
    [new TypeError('no luck'), { 'exception.type': 'TypeError', 'exception.message': 'no luck' }],
    [{ code: 7 }, { 'exception.message': '{ code: 7 }' }],
  ] as const) {
    it(`logs what a function throws in the span's context, once: ${String(thrown)}`, async () => {
      const { error } = await invoke({ handler: () => Promise.reject(thrown) });
      assert.equal(error, thrown);
      const [span] = spans.getFinishedSpans();
      const [record, ...others] = records.getFinishedLogRecords();
      assert.deepEqual(others, []);
      assert.deepEqual(span?.events, []);
      assert.equal(record?.eventName, 'faas.invocation.exception');
      assert.equal(record.severityNumber, SeverityNumber.ERROR);
      assert.equal(record.spanContext?.spanId, span?.spanContext().spanId);
      assert.equal(record.instrumentationScope.name, 'azfunc-extension-tracing');
      const { 'exception.stacktrace': stack, ...known } = record.attributes;
      assert.deepEqual(known, attributes);
      assert.equal(stack, thrown instanceof Error ? thrown.stack : undefined);
    });
  }
});
