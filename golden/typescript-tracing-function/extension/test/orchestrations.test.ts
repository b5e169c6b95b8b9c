import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { switchOn } from './switch-on';
import { invoke } from './worker';
import type { InvocationContext } from '@azure/functions';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { TracingExtension } from '../src/tracing';

const exporter = new InMemorySpanExporter();

/** What Durable Functions hands to an orchestration. */
const orchestration = {
  instanceId: 'one',
  history: [
    { EventType: 12, Timestamp: '2026-01-01T10:00:00.100Z' },
    { EventType: 0, Timestamp: '2026-01-01T10:00:00.000Z', Name: 'Order' },
  ],
};

/** Invokes an orchestration, as it is invoked for each of its steps. */
async function replay(handler: () => unknown, input: unknown = orchestration): Promise<unknown> {
  const { error } = await invoke({
    triggerType: 'orchestrationTrigger',
    inputs: [input],
    handler: (_: unknown, context: InvocationContext) => {
      assert.equal(TracingExtension.span(context), undefined);
      assert.equal(trace.getActiveSpan(), undefined);
      return handler() as undefined;
    },
  });
  return error;
}

describe('TracingExtension around an orchestration', () => {
  before(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    switchOn(TracingExtension);
  });

  afterEach(() => exporter.reset());

  it('makes one span, from its start to its end', async () => {
    await replay(() => ({ isDone: false, actions: [] }));
    await replay(() => ({ isDone: false, actions: [] }));
    assert.deepEqual(exporter.getFinishedSpans(), []);
    await replay(() => ({ isDone: true, output: 'done' }));
    const [span, ...others] = exporter.getFinishedSpans();
    assert.deepEqual(others, []);
    assert.equal(span?.name, 'HttpTrigger');
    assert.equal(span.startTime[0], Date.parse('2026-01-01T10:00:00.000Z') / 1000);
    assert.deepEqual(span.status, { code: SpanStatusCode.UNSET });
  });

  for (const message of [
    // As the library of Durable Functions makes it.
    'false\n\n$OutOfProcData$:{"isDone":false,"actions":["secret"],"error":"no luck"}',
    'no luck\n\n$OutOfProcData$:secret',
    'no luck\n\n$OutOfProcData$:{"secret":1}',
    'no luck',
  ]) {
    it(`records what has made it fail, without its state: ${JSON.stringify(message)}`, async () => {
      const failure = new Error(message);
      assert.equal(await replay(() => Promise.reject(failure)), failure);
      const [span] = exporter.getFinishedSpans();
      assert.deepEqual(span?.status, { code: SpanStatusCode.ERROR, message: 'no luck' });
      assert.ok(!JSON.stringify(span.events).includes('secret'));
      assert.ok(JSON.stringify(span.events).includes('no luck'));
    });
  }

  for (const input of [null, 'text', { history: 'text' }, { history: [null, { EventType: 0 }] }]) {
    it(`begins the span when it ends, without a start: ${JSON.stringify(input)}`, async () => {
      await replay(() => ({ isDone: true }), input);
      const [span] = exporter.getFinishedSpans();
      assert.ok((span?.startTime[0] ?? 0) > Date.parse('2026-01-02') / 1000);
    });
  }
});
