import { randomBytes } from 'node:crypto';

/** The trace that an invocation is part of. */
export interface TraceContext {
  readonly traceParent: string;
  readonly traceState: string | undefined;
}

/** Version, trace, span, flags: by the recommendation of the W3C. */
const VALID = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/**
 * The client's trace, if its headers are valid. Else a new one, which is recorded only if the host takes part
 * in traces by OpenTelemetry.
 */
export function traceContextFrom(
  headers: Readonly<Record<string, string>>,
  isTraced = false,
): TraceContext {
  const { traceparent = '', tracestate } = headers;
  return VALID.test(traceparent)
    ? { traceParent: traceparent, traceState: tracestate }
    : {
        traceParent: `00-${randomId(16)}-${randomId(8)}-${isTraced ? '01' : '00'}`,
        traceState: undefined,
      };
}

function randomId(length: number): string {
  return randomBytes(length).toString('hex');
}
