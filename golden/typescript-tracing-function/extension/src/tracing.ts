import type { HttpRequest, InvocationContext } from '@azure/functions';
import {
  type Context,
  context as otelContext,
  type Span,
  SpanKind,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { FuncExtensionBase } from './worker-extension/func-extension-base';
import { Place } from './worker-extension/hooks';
import { whenSent } from './worker-extension/http-result';
import {
  type AroundInvocationContext,
  failureOf,
  InvocationData,
  isHttp,
  type Next,
} from './worker-extension/invocation';
import { type Carrier, withBaggage } from './baggage';
import { recordException } from './exceptions';
import { linkTo, propertiesIn } from './messages';
import { causeOf, isDone, isOrchestration, startOf } from './orchestrations';
import { describeInvocation, recordFailure, recordStatus } from './semantic-conventions';
import { isUnsampled, parentOf } from './trace-parent';
import { flush, tracerOf } from './tracer-provider';

/** Options of {@link TracingExtension}. */
export interface TracingOptions {
  /** Where spans come from. Default: the SDK that the app has registered with OpenTelemetry. */
  tracerProvider?: TracerProvider;
  /** How long the app waits for its last spans to be sent, in milliseconds. Default: `500`. */
  flushTimeout?: number;
}

/** An invocation that is traced. */
interface Traced {
  readonly around: AroundInvocationContext;
  readonly tracer: Tracer;
  readonly span: Span;
  /** With the span. */
  readonly context: Context;
}

const invocations = new InvocationData<Traced>();

/** Whether this process has invoked nothing yet. */
let isCold = true;
const warnings = new Set<string>();

/** Traces every invocation in the app with OpenTelemetry. */
export class TracingExtension extends FuncExtensionBase<TracingOptions> {
  static override readonly packageName = 'azfunc-extension-tracing';
  static override place: number = Place.trace;

  /**
   * The span of an invocation, if it is traced. Functions call it with their context. An orchestration of
   * Durable Functions has none while it runs, since it runs many times.
   */
  static span(context: InvocationContext): Span | undefined {
    return invocations.get(context)?.span;
  }

  /**
   * Runs what a function does for one message of a batch in a span of its own, with a link to what has sent
   * the message.
   *
   * @param index Position of the message in the batch.
   * @returns What `work` returns. If the invocation is not traced, `work` runs all the same.
   */
  static async processMessage<T>(
    context: InvocationContext,
    index: number,
    work: () => T | Promise<T>,
  ): Promise<T> {
    const traced = invocations.get(context);
    if (!traced) {
      return work();
    }
    const { attributes, name } = describeInvocation(traced.around);
    const { 'messaging.batch.message_count': _, ...shared } = attributes;
    const link = linkTo(propertiesIn(traced.around)[index] ?? {});
    const span = traced.tracer.startSpan(
      name,
      { kind: SpanKind.CONSUMER, attributes: shared, links: link ? [link] : [] },
      traced.context,
    );
    const active = trace.setSpan(traced.context, span);
    try {
      return await otelContext.with(active, work);
    } catch (error) {
      recordFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  override async aroundInvocation(context: AroundInvocationContext, next: Next): Promise<unknown> {
    const { invocationContext } = context;
    const coldstart = isCold;
    isCold = false;
    const tracer = tracerOf(this.options.tracerProvider ?? trace.getTracerProvider());
    if (!tracer) {
      warn(
        invocationContext,
        'no OpenTelemetry SDK is registered, so nothing is traced. Register one, or set the option tracerProvider.',
      );
      return next();
    }
    const parent = withBaggage(parentOf(invocationContext.traceContext), carrierIn(context));
    const { name, attributes, ...options } = describeInvocation(context);
    const start = (startTime?: Date): Traced => {
      const span = tracer.startSpan(
        name,
        { ...options, attributes: { ...attributes, 'faas.coldstart': coldstart }, startTime },
        parent,
      );
      if (!span.isRecording() && isUnsampled(parent) && !isFromCaller(context)) {
        warn(
          invocationContext,
          'the Functions host hands on a trace that is not sampled, so the SDK drops the spans. Set "telemetryMode": "OpenTelemetry" in host.json, or give the SDK a sampler that decides by itself.',
        );
      }
      return { around: context, tracer, span, context: trace.setSpan(parent, span) };
    };
    if (isOrchestration(invocationContext)) {
      return orchestrated(start, parent, context, next);
    }
    const traced = start();
    invocations.set(invocationContext, traced);
    return otelContext.with(traced.context, () => spanned(traced, next));
  }

  /** What fails or hangs here is left behind, so that the app can stop. */
  override async appTerminate(): Promise<void> {
    const { tracerProvider, flushTimeout = 500 } = this.options;
    await flush(tracerProvider ?? trace.getTracerProvider(), flushTimeout);
  }
}

/** Goes on, and ends the span with what comes of it: of a stream, when it has been read. */
async function spanned({ around, span, context }: Traced, next: Next): Promise<unknown> {
  const { invocationContext } = around;
  const failed = (error: unknown) => {
    recordFailure(span, error);
    recordException(span, context, error);
    span.end();
  };
  let result: unknown;
  try {
    result = await next();
  } catch (error) {
    recordStatus(span, invocationContext, { status: 500 });
    failed(error);
    throw error;
  }
  recordStatus(span, invocationContext, result);
  const failure = failureOf(invocationContext);
  if (failure) {
    // Answered further in: what has failed is recorded, and what the client got.
    recordException(span, context, failure.error);
  }
  return whenSent(result, (interruption) => {
    if (interruption) {
      failed(interruption.error ?? new Error('The client has gone away.'));
    } else {
      span.end();
    }
  });
}

/**
 * An orchestration of Durable Functions is invoked again and again, and each time replays what it has done.
 * It gets one span, from its start to its end, by the invocation that ends it.
 */
async function orchestrated(
  start: (startTime?: Date) => Traced,
  parent: Context,
  { inputs: [orchestration] }: AroundInvocationContext,
  next: Next,
): Promise<unknown> {
  try {
    const result = await otelContext.with(parent, next);
    if (isDone(result)) {
      start(startOf(orchestration)).span.end();
    }
    return result;
  } catch (error) {
    const { span, context } = start(startOf(orchestration));
    const cause = causeOf(error);
    recordFailure(span, cause);
    recordException(span, context, cause);
    span.end();
    throw error;
  }
}

/** Where the caller's baggage is: in a request, or in a message that is none of a batch. */
function carrierIn(context: AroundInvocationContext): Carrier {
  if (isHttp(context.invocationContext)) {
    return headersIn(context) ?? {};
  }
  const [properties = {}, ...others] = propertiesIn(context);
  return others.length === 0 ? (properties as Carrier) : {};
}

/** Another extension may have replaced the request by what it likes. */
function headersIn({
  inputs: [request],
}: AroundInvocationContext): HttpRequest['headers'] | undefined {
  const { headers } = (request ?? {}) as { headers?: HttpRequest['headers'] };
  return typeof headers?.get === 'function' ? headers : undefined;
}

/** Whether the caller of an HTTP function has sent the parent itself, and so has decided on sampling. */
function isFromCaller(context: AroundInvocationContext): boolean {
  const { traceContext } = context.invocationContext;
  return headersIn(context)?.get('traceparent') === traceContext?.traceParent;
}

/** Once, since it holds for all invocations alike. */
function warn(context: InvocationContext, message: string): void {
  if (!warnings.has(message)) {
    warnings.add(message);
    context.warn(`TracingExtension: ${message}`);
  }
}
