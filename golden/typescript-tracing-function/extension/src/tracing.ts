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
import { FuncExtensionBase } from './worker-extension/func-extension-base';
import { InvocationData } from './worker-extension/invocation-data';
import { describeInvocation, recordOutcome } from './semantic-conventions';
import { parentOf } from './trace-parent';
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
let hasWarned = false;

/** Traces every invocation in the app with OpenTelemetry. */
export class TracingExtension extends FuncExtensionBase<TracingOptions> {
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
      warn(invocationContext);
      return;
    }
    const parent = parentOf(invocationContext.traceContext);
    const { name, attributes } = describeInvocation(context);
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.SERVER, attributes: { ...attributes, 'faas.coldstart': coldstart } },
      parent,
    );
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

/** Once, since it holds for all invocations alike. */
function warn(context: InvocationContext): void {
  if (!hasWarned) {
    hasWarned = true;
    context.warn(
      'TracingExtension: no OpenTelemetry SDK is registered, so nothing is traced. Register one, or set the option tracerProvider.',
    );
  }
}
