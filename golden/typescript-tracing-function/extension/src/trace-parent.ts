import type { TraceContext } from '@azure/functions';
import {
  type Context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
} from '@opentelemetry/api';

/** Version, trace ID, parent ID and flags. Only versions after 00 may go on after the flags. */
const TRACE_PARENT =
  /^(?:00(?=.{53}$)|(?!00|ff)[\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;

/**
 * The parent of an invocation's span, as the Functions host tells it: always in the form of W3C
 * Trace Context, whichever propagator the app uses for its own requests.
 *
 * @returns The root context, if there is no valid parent.
 */
export function parentOf({ traceParent, traceState }: TraceContext = {}): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACE_PARENT.exec(traceParent ?? '') ?? [];
  const parent = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(traceState && { traceState: createTraceState(traceState) }),
  };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** Whether there is a parent, and an SDK that asks it would not record its children. */
export function isUnsampled(parent: Context): boolean {
  return trace.getSpanContext(parent)?.traceFlags === TraceFlags.NONE;
}
