import type { LogLine } from './log.js';
import type { InvocationResult, RegisteredFunction, TypedData } from './protocol.js';

/** A value that a function has given to an output binding. */
export interface Output {
  /** Name of the binding. */
  readonly name: string;
  /** Its type: `queue`. */
  readonly type: string;
  readonly value: unknown;
}

/** What has become of a function that was run by hand. */
export interface Run {
  /** What it has returned, as the host gets it; of an HTTP function `status`, `headers` and `body`. */
  readonly result: unknown;
  /** Why it has failed; undefined if it has not. */
  readonly error: string | undefined;
  readonly outputs: readonly Output[];
  /** What it has logged. */
  readonly log: readonly LogLine[];
}

export function toRun(target: RegisteredFunction, result: InvocationResult): Run {
  return {
    result: valueOf(result.returnValue as TypedData | undefined),
    error: result.error?.message,
    outputs: outputsOf(target, result),
    log: result.log,
  };
}

/** What a function has given to its output bindings; the returned value counts if it goes to one. */
export function outputsOf(
  { bindings }: RegisteredFunction,
  { outputData, returnValue }: InvocationResult,
): Output[] {
  const returned = bindings['$return'];
  const all = [
    ...outputData,
    ...(returned && returned.type.toLowerCase() !== 'http' && returnValue
      ? [{ name: '$return', data: returnValue as TypedData }]
      : []),
  ];
  return all.map(({ name, data }) => ({
    name,
    type: bindings[name]?.type ?? '',
    value: valueOf(data),
  }));
}

/** A value of the protocol, as JavaScript has it. */
function valueOf(data: TypedData | null | undefined): unknown {
  if (!data) {
    return undefined;
  }
  if (data.http) {
    const { statusCode, headers, body } = data.http as {
      statusCode?: string;
      headers?: object;
      body?: TypedData;
    };
    return {
      status: Number(statusCode),
      headers: { ...headers },
      body: Buffer.from(body?.bytes ?? []).toString(),
    };
  }
  if (data.json !== undefined) {
    return JSON.parse(data.json) as unknown;
  }
  return data.string ?? data.bytes ?? data.int ?? data.double;
}
