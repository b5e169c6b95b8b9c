import { randomUUID } from 'node:crypto';
import { equalsIgnoreCase } from './routing/index.js';
import type { Binding, Invocation, RegisteredFunction, TypedData } from './protocol.js';

/** What a function is run with by hand. */
export interface Trial {
  /** What its trigger passes on: a message, or the path of a blob. */
  readonly input?: unknown;
  /** What an HTTP function is requested with. */
  readonly request?: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    /** Parameters of the route. */
    readonly params?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  /** The content of a blob. */
  readonly content?: string | Uint8Array;
  /** In place of what is made up, by name: `{ messageId: '1' }`. */
  readonly triggerMetadata?: Readonly<Record<string, unknown>>;
  /** The other inputs of the function, by the name or by the type of the binding: `{ blob: 'text' }`. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What cannot be run as it is asked for. */
export class TrialError extends Error {}

/**
 * What the worker gets for a function that is run by hand. Metadata that a storage account or a broker would
 * send along is made up.
 *
 * @param options `url`: that of an HTTP function, with the parameters of its route.
 * @throws TrialError
 */
export function toInvocation(
  { name, trigger, bindings }: RegisteredFunction,
  trial: Trial,
  traceContext: Invocation['traceContext'],
  { url }: { url?: string } = {},
): { invocation: Invocation; missing: string[] } {
  const { data, metadata } =
    url === undefined ? triggerDataOf(trigger, trial) : requestOf(url, trial);
  const supplied = new Map(Object.entries(trial.inputs ?? {}));
  const others = otherInputsOf(bindings).map(({ key, type }) => {
    const found = [key, type].find((one) => supplied.has(one));
    const value = found === undefined ? undefined : supplied.get(found);
    return { key, type, isMissing: found === undefined, data: toData(value) };
  });
  const known = others.flatMap(({ key, type }) => [key, type]);
  const unknown = [...supplied.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const there = others.map(({ type }) => type).join(', ') || 'none';
    throw new TrialError(`${name} has no input "${unknown}". It has: ${there}.`);
  }
  return {
    invocation: {
      id: randomUUID(),
      name,
      inputData: [
        { name: trigger.name, data },
        ...others.map((one) => ({ name: one.key, data: one.data })),
      ],
      triggerMetadata: toMetadata({
        ...metadata,
        ...pascalCased(metadata, trial.triggerMetadata),
        sys: { MethodName: name, UtcNow: fromNow(0), RandGuid: randomUUID() },
      }),
      traceContext,
    },
    missing: others.filter(({ isMissing }) => isMissing).map(({ type }) => type),
  };
}

export function isTrigger({ type }: Binding): boolean {
  return /trigger$/i.test(type);
}

/** The inputs of a function beside its trigger. */
export function otherInputsOf(
  bindings: RegisteredFunction['bindings'],
): { key: string; type: string }[] {
  return Object.entries(bindings)
    .filter(([, binding]) => binding.direction !== 'out' && !isTrigger(binding))
    .map(([key, { type }]) => ({ key, type }));
}

interface TriggerData {
  data: TypedData | undefined;
  /** As the host names them; the app sees `messageId` for `MessageId`. */
  metadata: Record<string, unknown>;
}

function triggerDataOf(trigger: Binding, trial: Trial): TriggerData {
  const kind = Object.keys(KINDS).find((type) => equalsIgnoreCase(type, trigger.type));
  const { cardinality, dataType } = trigger;
  const isBatch = typeof cardinality === 'string' && equalsIgnoreCase(cardinality, 'many');
  const isBinary = typeof dataType === 'string' && equalsIgnoreCase(dataType, 'binary');
  const make = KINDS[kind ?? ''];
  return make
    ? make({ trigger, trial, isBatch, isBinary })
    : { data: toData(trial.input), metadata: {} };
}

/** For an HTTP function: a POST with the input as its body, or the request that is given. */
function requestOf(url: string, { input, request = {} }: Trial): TriggerData {
  const { method = 'POST', headers = {}, query = {}, params = {}, body = input } = request;
  const target = new URL(
    url.replace(/\{\**(\w+)[^}]*\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
  );
  target.search = new URLSearchParams(query).toString();
  const bytes = body === undefined ? undefined : bytesOf(body);
  const http = {
    method,
    url: target.href,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    query: { ...query },
    params: { ...params },
    ...(bytes && { body: { bytes } }),
  };
  return { data: { http }, metadata: {} };
}

interface Details {
  trigger: Binding;
  trial: Trial;
  /** Whether the function takes several messages at once. */
  isBatch: boolean;
  isBinary: boolean;
}

const KINDS: Readonly<Record<string, (details: Details) => TriggerData>> = {
  timerTrigger: () => ({ data: { json: JSON.stringify(timer()) }, metadata: {} }),
  warmupTrigger: () => ({ data: { json: '{}' }, metadata: {} }),
  queueTrigger: ({ trial: { input }, isBinary }) => ({
    data: messageOf(input, isBinary),
    metadata: {
      QueueTrigger: textOf(input),
      Id: randomUUID(),
      DequeueCount: 1,
      InsertionTime: fromNow(0),
      ExpirationTime: fromNow(7),
      NextVisibleTime: fromNow(1),
      PopReceipt: 'AgAAAAMAAAAAAAAA',
    },
  }),
  serviceBusTrigger: (details) =>
    messages(details, (index) => ({
      MessageId: randomUUID().replaceAll('-', ''),
      SequenceNumber: index + 1,
      DeliveryCount: 1,
      EnqueuedTimeUtc: fromNow(0),
      ExpiresAtUtc: fromNow(14),
      LockToken: randomUUID(),
      ContentType: 'application/json',
      CorrelationId: randomUUID(),
      ApplicationProperties: {},
    })),
  eventHubTrigger: (details) => {
    const { data, metadata } = messages(details, (index) => ({
      SequenceNumber: index,
      Offset: String(index * 100),
      EnqueuedTimeUtc: fromNow(0),
      PartitionKey: null,
      Properties: {},
      SystemProperties: { SequenceNumber: index, Offset: index * 100, EnqueuedTimeUtc: fromNow(0) },
    }));
    const { eventHubName, consumerGroup = '$Default' } = details.trigger;
    const PartitionContext = {
      EventHubName: eventHubName,
      ConsumerGroup: consumerGroup,
      PartitionId: '0',
    };
    return { data, metadata: { PartitionContext, ...metadata } };
  },
  kafkaTrigger: (details) =>
    messages(details, (index) => ({
      Topic: details.trigger['topic'],
      Partition: 0,
      Offset: index,
      Timestamp: fromNow(0),
    })),
  rabbitMQTrigger: ({ trial: { input }, isBinary }) => ({
    data: messageOf(input, isBinary),
    metadata: { DeliveryTag: 1, Redelivered: false, Exchange: '', RoutingKey: '' },
  }),
  blobTrigger: blob,
  eventGridTrigger: ({ trial: { input }, isBatch }) => {
    const event = parsed(input);
    return {
      data: { json: JSON.stringify(isBatch ? listOf(event) : (event ?? {})) },
      metadata: isBatch ? {} : { data: (event as { data?: unknown } | undefined)?.data ?? {} },
    };
  },
  cosmosDBTrigger: changes,
  sqlTrigger: changes,
  mysqlTrigger: changes,
};

/** A list of documents or rows, whatever the cardinality. */
function changes({ trial: { input } }: Details): TriggerData {
  return { data: { json: JSON.stringify(listOf(parsed(input))) }, metadata: {} };
}

/** A message of a broker, or a batch of them: then the metadata are lists, too. */
function messages(
  { trial: { input }, isBatch, isBinary }: Details,
  metadataOf: (index: number) => Record<string, unknown>,
): TriggerData {
  if (!isBatch) {
    return { data: messageOf(input, isBinary), metadata: metadataOf(0) };
  }
  const texts = listOf(parsed(input));
  const all = texts.map((_, index) => metadataOf(index));
  return {
    data: isBinary
      ? { collectionBytes: { bytes: texts.map((one) => bytesOf(one)) } }
      : { collectionString: { string: texts.map((one) => textOf(one)) } },
    metadata: Object.fromEntries(
      Object.keys(metadataOf(0)).map((name) => [`${name}Array`, all.map((one) => one[name])]),
    ),
  };
}

/** The content as it is, whatever the type of data; and the parameters of the path. */
function blob({ trigger, trial: { input, content = '' } }: Details): TriggerData {
  const pattern = typeof trigger['path'] === 'string' ? trigger['path'] : '';
  const isContent = input instanceof Uint8Array;
  if (!isContent && input !== undefined && typeof input !== 'string') {
    throw new TrialError(
      'The input of a function with a blob trigger is a path: "container/blob".',
    );
  }
  const path = isContent || input === undefined ? pattern.replace(/\{(\w+)\}/g, '$1') : input;
  const parameters = matched(pattern, path);
  if (!parameters) {
    throw new TrialError(`The path "${path}" is not one for ${pattern}.`);
  }
  const bytes = isContent ? input : bytesOf(content);
  return {
    data: { bytes },
    metadata: {
      ...parameters,
      BlobTrigger: path,
      Uri: `http://127.0.0.1:10000/devstoreaccount1/${path}`,
      Properties: { Length: bytes.byteLength, ContentType: 'application/octet-stream' },
      Metadata: {},
    },
  };
}

/** The values of `{name}` in `samples/{name}`; undefined, if a path is not of that pattern. */
function matched(pattern: string, path: string): Record<string, string> | undefined {
  const [container, ...rest] = pattern.split(/\{(\w+)\}/g);
  const names = rest.filter((_, index) => index % 2 === 0);
  const literals = rest.filter((_, index) => index % 2 === 1);
  // Of a container alone, all blobs.
  const isContainer = names.length === 0 && !pattern.includes('/');
  const source = literals.map((one) => `(.+?)${escapeRegExp(one)}`).join('');
  const whole = `^${escapeRegExp(container ?? '')}${isContainer ? '/.+' : source}$`;
  const values = new RegExp(whole).exec(path)?.slice(1);
  return values && Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function timer() {
  const now = new Date().toISOString();
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: now, LastUpdated: now, Next: now },
    IsPastDue: false,
  };
}

function fromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** What a text is in JSON, if it is. */
function parsed(input: unknown): unknown {
  try {
    return typeof input === 'string' ? JSON.parse(input) : input;
  } catch {
    return input;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(textOf(value));
}

function messageOf(input: unknown, isBinary: boolean): TypedData {
  return isBinary || input instanceof Uint8Array
    ? { bytes: bytesOf(input) }
    : { string: textOf(input) };
}

/** Nothing for undefined, so that the function gets undefined. */
function toData(value: unknown): TypedData | undefined {
  if (value === undefined) {
    return undefined;
  }
  return value instanceof Uint8Array
    ? { bytes: value }
    : typeof value === 'string'
      ? { string: value }
      : { json: JSON.stringify(value) };
}

function toMetadata(values: Readonly<Record<string, unknown>>): Record<string, TypedData> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? { string: value } : { json: JSON.stringify(value ?? null) },
    ]),
  );
}

/** What is supplied, under the names that the host has: an app sees them in camel case. */
function pascalCased(
  made: Readonly<Record<string, unknown>>,
  supplied: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const names = Object.keys(made);
  return Object.fromEntries(
    Object.entries(supplied).map(([name, value]) => [
      names.find((one) => equalsIgnoreCase(one, name)) ?? name,
      value,
    ]),
  );
}
