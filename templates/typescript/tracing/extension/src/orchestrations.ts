import type { InvocationContext } from '@azure/functions';

/** Where the durable-functions library puts the state of an orchestration into the message of its error. */
const STATE = '\n\n$OutOfProcData$:';

/** As the history of an orchestration numbers its events. */
const EXECUTION_STARTED = 0;

/** Whether a function is an orchestration of Durable Functions. */
export function isOrchestration({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'orchestrationtrigger';
}

/** When an orchestration was started: long before an invocation that replays it. */
export function startOf(orchestration: unknown): Date | undefined {
  const { history } = (orchestration ?? {}) as { history?: unknown };
  const started = (Array.isArray(history) ? history : []).find(
    (event: { EventType?: unknown } | null) => event?.EventType === EXECUTION_STARTED,
  ) as { Timestamp?: unknown } | undefined;
  const time = new Date(String(started?.Timestamp));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Whether an orchestration has come to its end, and will not be replayed. */
export function isDone(result: unknown): boolean {
  return (result as { isDone?: unknown } | null | undefined)?.isDone === true;
}

/**
 * What has made an orchestration fail: the `error` in the state that the library's own error has in its message,
 * without the rest of that state, which may hold secrets.
 */
export function causeOf(error: unknown): unknown {
  const [message, state] = error instanceof Error ? error.message.split(STATE) : [];
  if (!(error instanceof Error) || state === undefined) {
    return error;
  }
  const cause = new Error(errorIn(state) ?? message);
  cause.stack = error.stack?.replaceAll(`${STATE}${state}`, '');
  return cause;
}

function errorIn(state: string): string | undefined {
  try {
    const { error } = JSON.parse(state) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
