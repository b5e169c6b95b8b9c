import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { switchOn } from './switch-on';
import { invoke, run } from './worker';
import type { InvocationContext } from '@azure/functions';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { TracingExtension } from '../src/tracing';

describe('TracingExtension without an SDK', () => {
  before(() => switchOn(TracingExtension));

  after(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('warns once, and leaves the functions alone', async () => {
    const answer = { body: 'done' };
    const handler = (_: unknown, invocation: InvocationContext) => {
      assert.equal(TracingExtension.span(invocation), undefined);
      return answer;
    };
    const outcomes = await Promise.all([1, 2, 3].map(() => invoke({ handler })));
    assert.deepEqual(
      outcomes.map(({ result, error }) => [result === answer, error]),
      outcomes.map(() => [true, null]),
    );
    assert.deepEqual(
      outcomes.flatMap(({ logs }) => logs),
      [
        'warning: TracingExtension: no OpenTelemetry SDK is registered, so nothing is traced. Register one, or set the option tracerProvider.',
      ],
    );
  });

  it('lets the app stop', async () => {
    await run('appTerminate');
  });

  it('traces as soon as there is one', async () => {
    const exporter = new InMemorySpanExporter();
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    const { logs } = await invoke({ handler: () => undefined });
    assert.deepEqual(logs, []);
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.attributes['faas.name'], 'HttpTrigger');
    assert.equal(span?.attributes['faas.coldstart'], false);
  });
});
