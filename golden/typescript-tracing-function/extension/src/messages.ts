import { type Link, SpanKind, trace } from '@opentelemetry/api';
import type { AroundInvocationContext } from './worker-extension/invocation';
import type { Details } from './description';
import { setting } from './settings';
import { parentOf } from './trace-parent';

/** A messaging system: where its triggers and its messages say what. */
interface System {
  /** `messaging.system`. Where the conventions know none, its name. */
  name: string;
  /** Options of the trigger, of which one names the queue, topic or hub. */
  destination: string[];
  /** The attribute for those who share the messages of a destination, and the option that names it. */
  group?: [attribute: string, option: string];
  /** The metadata with the ID of a message. */
  id?: string;
  /** The metadata with the properties of a message; of a batch, the same with `Array` at its end. */
  properties?: string;
  /** The properties of a message that has them itself. */
  propertiesOf?(message: unknown): unknown;
}

const GROUP = 'messaging.consumer.group.name';

/** By the type of the trigger in lower case. */
const SYSTEMS: Record<string, System> = {
  eventgridtrigger: {
    name: 'eventgrid',
    destination: [],
    // A CloudEvent has its trace context in the event.
    propertiesOf: (event) => event,
  },
  eventhubtrigger: {
    name: 'eventhubs',
    destination: ['eventHubName'],
    group: [GROUP, 'consumerGroup'],
    properties: 'properties',
  },
  kafkatrigger: {
    name: 'kafka',
    destination: ['topic'],
    group: [GROUP, 'consumerGroup'],
    propertiesOf: fromKafka,
  },
  queuetrigger: { name: 'azure_queue_storage', destination: ['queueName'], id: 'id' },
  rabbitmqtrigger: { name: 'rabbitmq', destination: ['queueName'] },
  servicebustrigger: {
    name: 'servicebus',
    destination: ['queueName', 'topicName'],
    group: ['messaging.destination.subscription.name', 'subscriptionName'],
    id: 'messageId',
    properties: 'applicationProperties',
  },
  webpubsubtrigger: { name: 'webpubsub', destination: ['hub'] },
};

/**
 * Describes the message that a function processes, or the batch of them, with a link to what has sent each:
 * https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @returns Nothing, if the trigger is none of a messaging system.
 */
export function describeMessages(
  context: AroundInvocationContext,
  type: string,
): Details | undefined {
  const system = SYSTEMS[type];
  if (!system) {
    return undefined;
  }
  const { options, triggerMetadata } = context.invocationContext;
  const trigger: Record<string, unknown> = options.trigger;
  const destination = system.destination.map((option) => setting(trigger[option])).find(Boolean);
  const batch = batchIn(context);
  const [attribute, option = ''] = system.group ?? [];
  const id = batch ? undefined : triggerMetadata?.[system.id ?? ''];
  return {
    ...(destination && { name: `process ${destination}` }),
    kind: SpanKind.CONSUMER,
    attributes: {
      'messaging.system': system.name,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': destination,
      ...(attribute && { [attribute]: setting(trigger[option]) }),
      ...(batch && { 'messaging.batch.message_count': batch.length }),
      ...(typeof id === 'string' && { 'messaging.message.id': id }),
    },
    links: propertiesIn(context, type).flatMap((properties) => linkTo(properties) ?? []),
  };
}

/**
 * The properties that messages have been sent with, in the order of the messages. One that has none is
 * an empty object.
 */
export function propertiesIn(
  context: AroundInvocationContext,
  type = context.invocationContext.options.trigger.type.toLowerCase(),
): object[] {
  const { properties, propertiesOf } = SYSTEMS[type] ?? {};
  const { triggerMetadata = {} } = context.invocationContext;
  const batch = batchIn(context);
  const all = properties
    ? batch
      ? triggerMetadata[`${properties}Array`]
      : [triggerMetadata[properties]]
    : (batch ?? [context.inputs[0]]).map((message) => propertiesOf?.(message));
  return (Array.isArray(all) ? all : []).map((one: unknown) => (isObject(one) ? one : {}));
}

/** A link to what has sent a message, if its properties tell. */
export function linkTo(properties: object): Link | undefined {
  const found = Object.entries(properties).find(([name]) =>
    // The name that Azure's libraries have used before W3C's.
    /^(traceparent|diagnostic-id)$/i.test(name),
  );
  const traceParent: unknown = found?.[1];
  const context =
    typeof traceParent === 'string' ? trace.getSpanContext(parentOf({ traceParent })) : undefined;
  return context && { context };
}

/** The messages, if the function takes several at once. */
function batchIn({ inputs, invocationContext }: AroundInvocationContext): unknown[] | undefined {
  const { cardinality } = invocationContext.options.trigger as { cardinality?: unknown };
  const [messages] = inputs;
  return String(cardinality).toLowerCase() === 'many' && Array.isArray(messages)
    ? messages
    : undefined;
}

/** Kafka's headers as the host hands them on: a list, of which the values are in Base64. */
function fromKafka(event: unknown): object {
  const { Headers: headers } = (event ?? {}) as { Headers?: unknown };
  const list = (Array.isArray(headers) ? headers : []) as { Key?: unknown; Value?: unknown }[];
  return Object.fromEntries(
    list.map(({ Key, Value }) => [Key, Buffer.from(String(Value), 'base64').toString()]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
