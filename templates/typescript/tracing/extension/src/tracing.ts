import type {
  InvocationContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import {
  context as otelContext,
  type Span,
  SpanKind,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { InvocationData } from './worker-extension/invocation-data';
import { describeInvocation, recordOutcome } from './semantic-conventions';
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
  /** The span of an invocation, if it is traced. Functions call it with their context. */
  static span(context: InvocationContext): Span | undefined {
    return spans.get(context);
  }

  override preInvocation(context: PreInvocationContext): void {
    const { invocationContext } = context;
    const coldstart = isCold;
    isCold = false;
    const tracer = tracerOf(this.options.tracerProvider ?? trace.getTracerProvider());
    if (!tracer) {
      warn(
        invocationContext,
        'no OpenTelemetry SDK is registered, so nothing is traced. Register one, or set the option tracerProvider.',
      );
      return;
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
    context.functionHandler = otelContext.bind(
      trace.setSpan(parent, span),
      context.functionHandler,
    );
  }

  override postInvocation(context: PostInvocationContext): void {
    const span = spans.get(context.invocationContext);
    if (span) {
      recordOutcome(span, context);
      span.end();
    }
  }

  /** What fails or hangs here is left behind, so that the app can stop. */
  override async appTerminate(): Promise<void> {
    const { tracerProvider, flushTimeout = 500 } = this.options;
    await flush(tracerProvider ?? trace.getTracerProvider(), flushTimeout);
  }
}

/** Whether the caller of an HTTP function has sent the parent itself, and so has decided on sampling. */
function isFromCaller({ inputs: [request], invocationContext }: PreInvocationContext): boolean {
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
