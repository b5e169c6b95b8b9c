import type { InvocationContext } from '@azure/functions';
import {
  context as otelContext,
  type Span,
  SpanKind,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place } from './worker-extension/hooks';
import { whenSent } from './worker-extension/http-result';
import {
  type AroundInvocationContext,
  failureOf,
  InvocationData,
  type Next,
} from './worker-extension/invocation';
import { describeInvocation, recordError, recordStatus } from './semantic-conventions';
import { isUnsampled, parentOf } from './trace-parent';
import { flush, tracerOf } from './tracer-provider';

/** Options of {@link TracingExtension}. */
export interface TracingOptions {
  /** Where spans come from. Default: the SDK that the app has registered with OpenTelemetry. */
  tracerProvider?: TracerProvider;
  /** How long the app waits for its last spans to be sent, in milliseconds. Default: `500`. */
  flushTimeout?: number;
}

const spans = new InvocationData<Span>();

/** Whether this process has invoked nothing yet. */
let isCold = true;
const warnings = new Set<string>();

/** Traces every invocation in the app with OpenTelemetry. */
export class TracingExtension extends AppExtensionBase<TracingOptions> {
  static override readonly packageName = 'azfunc-extension-tracing';
  static override place: number = Place.trace;

  /** The span of an invocation, if it is traced. Functions call it with their context. */
  static span(context: InvocationContext): Span | undefined {
    return spans.get(context);
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
    const parent = parentOf(invocationContext.traceContext);
    const { name, attributes } = describeInvocation(context);
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.SERVER, attributes: { ...attributes, 'faas.coldstart': coldstart } },
      parent,
    );
    if (!span.isRecording() && isUnsampled(parent) && !isFromCaller(context)) {
      warn(
        invocationContext,
        'the Functions host hands on a trace that is not sampled, so the SDK drops the spans. Set "telemetryMode": "OpenTelemetry" in host.json, or give the SDK a sampler that decides by itself.',
      );
    }
    spans.set(invocationContext, span);
    return otelContext.with(trace.setSpan(parent, span), () =>
      spanned(span, invocationContext, next),
    );
  }

  /** What fails or hangs here is left behind, so that the app can stop. */
  override async appTerminate(): Promise<void> {
    const { tracerProvider, flushTimeout = 500 } = this.options;
    await flush(tracerProvider ?? trace.getTracerProvider(), flushTimeout);
  }
}

/** Goes on, and ends the span with what comes of it: of a stream, when it has been read. */
async function spanned(span: Span, context: InvocationContext, next: Next): Promise<unknown> {
  let result: unknown;
  try {
    result = await next();
  } catch (error) {
    recordStatus(span, context, { status: 500 });
    recordError(span, error);
    span.end();
    throw error;
  }
  recordStatus(span, context, result);
  const failure = failureOf(context);
  if (failure) {
    // Answered further in: what has failed is recorded, and what the client got.
    span.recordException(failure.error instanceof Error ? failure.error : String(failure.error));
  }
  return whenSent(result, (interruption) => {
    if (interruption) {
      recordError(span, interruption.error ?? new Error('The client has gone away.'));
    }
    span.end();
  });
}

/** Whether the caller of an HTTP function has sent the parent itself, and so has decided on sampling. */
function isFromCaller({ inputs: [request], invocationContext }: AroundInvocationContext): boolean {
  const { headers } = (request ?? {}) as { headers?: { get?(name: string): string | null } };
  return headers?.get?.('traceparent') === invocationContext.traceContext?.traceParent;
}

/** Once, since it holds for all invocations alike. */
function warn(context: InvocationContext, message: string): void {
  if (!warnings.has(message)) {
    warnings.add(message);
    context.warn(`TracingExtension: ${message}`);
  }
}
