import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { switchOn } from './switch-on';
import { invoke } from './worker';
import { HttpRequest, type InvocationContext } from '@azure/functions';
import { type Attributes, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { TracingExtension } from '../src/tracing';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENDERS = ['00f067aa0ba902b7', '00f067aa0ba902b8', '00f067aa0ba902b9'];
const [first, second, third] = SENDERS.map((sender) => `00-${TRACE_ID}-${sender}-01`);

const exporter = new InMemorySpanExporter();

/** The spans that messages have been sent by, which a span links to. */
function sendersOf(span: ReadableSpan | undefined): string[] {
  return (span?.links ?? []).map(({ context }) => context.spanId);
}

/** The attributes of the only span, of one namespace. */
function attributesOf(namespace: string): Attributes {
  const [span] = exporter.getFinishedSpans();
  return Object.fromEntries(
    Object.entries(span?.attributes ?? {}).filter(([key]) => key.startsWith(namespace)),
  );
}

describe('TracingExtension', () => {
  before(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    switchOn(TracingExtension);
  });

  afterEach(() => exporter.reset());

  after(() => {
    trace.disable();
    propagation.disable();
  });

  const kafkaEvent = (traceParent: string | undefined) => ({
    Value: 'text',
    Headers: [{ Key: 'traceparent', Value: Buffer.from(traceParent ?? '').toString('base64') }],
  });
  for (const { type, trigger, message, metadata, system, name, others, senders } of [
    {
      type: 'serviceBusTrigger',
      trigger: { topicName: 'orders', subscriptionName: 'billing' },
      metadata: { messageId: 'm1', applicationProperties: { 'Diagnostic-Id': first } },
      system: 'servicebus',
      name: 'orders',
      others: { 'destination.subscription.name': 'billing', 'message.id': 'm1' },
      senders: SENDERS.slice(0, 1),
    },
    {
      type: 'serviceBusTrigger',
      trigger: { queueName: 'orders', cardinality: 'many' },
      message: ['a', 'b', 'c'],
      metadata: {
        messageIdArray: ['m1', 'm2', 'm3'],
        applicationPropertiesArray: [{ traceparent: first }, {}, { Traceparent: third }],
      },
      system: 'servicebus',
      name: 'orders',
      others: { 'batch.message_count': 3 },
      senders: [SENDERS[0], SENDERS[2]],
    },
    {
      type: 'eventHubTrigger',
      trigger: { eventHubName: 'clicks', consumerGroup: 'stats', cardinality: 'many' },
      message: ['a', 'b'],
      metadata: { propertiesArray: [{ 'Diagnostic-Id': first }, { 'Diagnostic-Id': second }] },
      system: 'eventhubs',
      name: 'clicks',
      others: { 'consumer.group.name': 'stats', 'batch.message_count': 2 },
      senders: SENDERS.slice(0, 2),
    },
    {
      type: 'eventHubTrigger',
      trigger: { eventHubName: 'clicks', cardinality: 'one' },
      message: ['one message that is a list'],
      metadata: { properties: { traceparent: second } },
      system: 'eventhubs',
      name: 'clicks',
      others: {},
      senders: SENDERS.slice(1, 2),
    },
    {
      type: 'kafkaTrigger',
      trigger: { topic: '%TEST_TOPIC%', cardinality: 'MANY' },
      message: [kafkaEvent(first), { Value: 'without headers' }, null],
      system: 'kafka',
      name: 'clicks',
      others: { 'batch.message_count': 3 },
      senders: SENDERS.slice(0, 1),
    },
    {
      type: 'eventGridTrigger',
      message: { specversion: '1.0', id: 'e1', traceparent: first },
      system: 'eventgrid',
      others: {},
      senders: SENDERS.slice(0, 1),
    },
    {
      type: 'queueTrigger',
      trigger: { queueName: '%TEST_MISSING%' },
      message: { traceparent: first },
      metadata: { id: 'q1' },
      system: 'azure_queue_storage',
      name: '%TEST_MISSING%',
      others: { 'message.id': 'q1' },
      senders: [],
    },
  ] as const) {
    const what = trigger && 'cardinality' in trigger ? `${type}, ${trigger.cardinality}` : type;
    it(`makes a consumer span with links of a ${what}`, async () => {
      process.env.TEST_TOPIC = 'clicks';
      await invoke({
        triggerType: type,
        trigger,
        inputs: [message],
        triggerMetadata: metadata,
        handler: () => undefined,
      });
      const [span] = exporter.getFinishedSpans();
      assert.equal(span?.kind, SpanKind.CONSUMER);
      assert.equal(span.name, name ? `process ${name}` : 'HttpTrigger');
      assert.equal(span.attributes['faas.trigger'], 'pubsub');
      assert.deepEqual(attributesOf('messaging.'), {
        'messaging.system': system,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        ...(name && { 'messaging.destination.name': name }),
        ...Object.fromEntries(
          Object.entries(others).map(([key, value]) => [`messaging.${key}`, value]),
        ),
      });
      assert.deepEqual(sendersOf(span), senders);
    });
  }

  for (const metadata of [
    undefined,
    { applicationPropertiesArray: 'nonsense' },
    { applicationPropertiesArray: [null, 7, { traceparent: 7 }, { traceparent: 'nonsense' }] },
  ]) {
    it(`links to nothing in ${JSON.stringify(metadata) ?? 'no metadata'}`, async () => {
      await invoke({
        triggerType: 'serviceBusTrigger',
        trigger: { cardinality: 'many' },
        inputs: [['a', 'b', 'c', 'd']],
        triggerMetadata: metadata,
        handler: () => undefined,
      });
      assert.deepEqual(sendersOf(exporter.getFinishedSpans()[0]), []);
    });
  }

  it('makes a span of each message that a function says it processes', async () => {
    const failure = new Error('no luck');
    const { error } = await invoke({
      triggerType: 'eventHubTrigger',
      trigger: { eventHubName: 'clicks', cardinality: 'many' },
      inputs: [['a', 'b']],
      triggerMetadata: { propertiesArray: [{ traceparent: first }, { traceparent: second }] },
      handler: async (_: unknown, context: InvocationContext) => {
        const result = await TracingExtension.processMessage(context, 0, () => {
          trace.getTracer('test').startSpan('work').end();
          return 'done';
        });
        assert.equal(result, 'done');
        await TracingExtension.processMessage(context, 1, () => Promise.reject(failure));
      },
    });
    assert.equal(error, failure);
    const [work, one, other, batch] = exporter.getFinishedSpans();
    assert.deepEqual(
      [one, other, batch].map((span) => [span?.name, span?.kind, ...sendersOf(span)]),
      [
        ['process clicks', SpanKind.CONSUMER, SENDERS[0]],
        ['process clicks', SpanKind.CONSUMER, SENDERS[1]],
        ['process clicks', SpanKind.CONSUMER, SENDERS[0], SENDERS[1]],
      ],
    );
    assert.equal(work?.parentSpanContext?.spanId, one?.spanContext().spanId);
    assert.equal(one?.parentSpanContext?.spanId, batch?.spanContext().spanId);
    assert.equal(one?.attributes['messaging.batch.message_count'], undefined);
    assert.deepEqual(other?.status, { code: SpanStatusCode.ERROR, message: 'no luck' });
  });

  it('reads the baggage of a request and of a message', async () => {
    const seen: unknown[] = [];
    const handler = () => {
      seen.push(propagation.getActiveBaggage()?.getEntry('tenant')?.value);
    };
    const baggage = 'tenant=a%20b,other=1';
    const url = 'http://localhost/api/HttpTrigger';
    await invoke({
      inputs: [new HttpRequest({ method: 'GET', url, headers: { baggage } })],
      handler,
    });
    await invoke({ inputs: [new HttpRequest({ method: 'GET', url })], handler });
    const message = { triggerType: 'serviceBusTrigger', handler };
    await invoke({ ...message, triggerMetadata: { applicationProperties: { baggage } } });
    await invoke({ ...message, triggerMetadata: { applicationProperties: { baggage: 7 } } });
    assert.deepEqual(seen, ['a b', undefined, 'a b', undefined]);
  });

  it('keeps to the parent that the host tells, whatever came with the message', async () => {
    await invoke({
      triggerType: 'serviceBusTrigger',
      triggerMetadata: { applicationProperties: { traceparent: first } },
      traceContext: { traceParent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      handler: () => undefined,
    });
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.spanContext().traceId, 'a'.repeat(32));
    assert.deepEqual(sendersOf(span), SENDERS.slice(0, 1));
  });

  it('tells the schedule of a timer, and when it has run', async () => {
    process.env.TEST_SCHEDULE = '0 */5 * * * *';
    await invoke({
      triggerType: 'timerTrigger',
      trigger: { schedule: '%TEST_SCHEDULE%' },
      handler: () => undefined,
    });
    const { 'faas.cron': cron, 'faas.time': time } = attributesOf('faas.');
    assert.equal(cron, '0 */5 * * * *');
    assert.equal(new Date(String(time)).toISOString(), time);
  });

  for (const { type, trigger, message, metadata, expected } of [
    {
      type: 'blobTrigger',
      trigger: { path: 'samples/{name}' },
      metadata: { blobTrigger: 'samples/a/b.txt' },
      expected: ['samples', 'a/b.txt', 'upsert'],
    },
    {
      type: 'blobTrigger',
      trigger: { path: 'samples/{name}' },
      expected: ['samples', undefined, 'upsert'],
    },
    {
      type: 'cosmosDBTrigger',
      trigger: { databaseName: 'shop', containerName: 'orders' },
      message: [{ id: '1' }],
      expected: ['shop', 'orders', 'upsert'],
    },
    {
      type: 'sqlTrigger',
      trigger: { tableName: 'dbo.Orders' },
      message: [{ Operation: 2 }, { Operation: 2 }],
      expected: ['dbo.Orders', 'dbo.Orders', 'delete'],
    },
    {
      type: 'sqlTrigger',
      trigger: { tableName: 'dbo.Orders' },
      message: [{ Operation: 0 }, { Operation: 1 }, null],
      expected: ['dbo.Orders', 'dbo.Orders', 'upsert'],
    },
    {
      type: 'mysqlTrigger',
      trigger: { tableName: 'Orders' },
      message: 'nonsense',
      expected: ['Orders', 'Orders', 'upsert'],
    },
  ] as const) {
    it(`tells what has changed for a ${type} with ${JSON.stringify(message ?? metadata)}`, async () => {
      await invoke({
        triggerType: type,
        trigger,
        inputs: [message],
        triggerMetadata: metadata,
        handler: () => undefined,
      });
      const { 'faas.document.time': time, ...others } = attributesOf('faas.document.');
      const [collection, document, operation] = expected;
      assert.deepEqual(others, {
        'faas.document.collection': collection,
        ...(document && { 'faas.document.name': document }),
        'faas.document.operation': operation,
      });
      assert.ok(time);
    });
  }
});
