import { inspect } from 'node:util';
import { functionCategory } from './config/index.js';
import type { Repeatable } from './inspector/again.js';
import { type InvocationEvent, now, type Shown, type ShownRequest } from './inspector/events.js';
import type { Inspector } from './inspector/inspector.js';
import { shown, shownError } from './inspector/shown.js';
import type { Invocation, InvocationResult, RegisteredFunction } from './protocol.js';
import { outputsOf } from './run.js';
import type { RunningApp } from './running-app.js';
import type { Trial } from './triggers.js';

/** With what a function is called, as the inspector has it. */
export interface Asked {
  readonly request?: ShownRequest;
  readonly trial?: Shown;
  readonly repeatable: Repeatable;
}

/** Invokes functions, logs what becomes of them, and tells those who watch. */
export class Calls {
  readonly #running = new Set<Promise<unknown>>();
  readonly #inspector: Inspector;
  readonly #tell: (event: InvocationEvent) => void;

  /** @param tell Told of the end of each invocation. */
  constructor(inspector: Inspector, tell: (event: InvocationEvent) => void) {
    this.#inspector = inspector;
    this.#tell = tell;
  }

  /** How many run. */
  get count(): number {
    return this.#running.size;
  }

  /** Waits until those that run have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  /** Invokes a function, and logs what becomes of it: an error with all that it carries. */
  async invoke(app: RunningApp, invocation: Invocation, asked: Asked): Promise<InvocationResult> {
    const { id, name } = invocation;
    const ended = this.#inspect(app, invocation, asked);
    const started = performance.now();
    const log = (level: 'information' | 'error', message: string) =>
      app.log(level, functionCategory(name), message);
    const executed = (outcome: string) =>
      `Executed ${name} (${outcome}, ${Math.round(performance.now() - started)} ms, ${id})`;
    log('information', `Executing ${name} (${id})`);
    const running = app.process.invoke(invocation);
    this.#running.add(running);
    const timer = limit(app, name);
    try {
      const result = await running;
      if (result.error) {
        log('error', `${executed('failed')}: ${result.error.detail}`);
      } else {
        log('information', executed('succeeded'));
      }
      ended(result);
      return result;
    } catch (error) {
      ended({ error: shownError(error), outputData: [], hasValue: false, log: [] });
      const message = error instanceof Error ? error.message : inspect(error);
      log('error', `${executed('failed')}: ${message}`);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#running.delete(running);
    }
  }

  /** @returns Tells how it has ended. */
  #inspect(
    { routes }: RunningApp,
    { id, name, traceContext }: Invocation,
    { repeatable, ...asked }: Asked,
  ): (result: InvocationResult) => void {
    const target = routes.functions.find((one) => one.name === name);
    const { traceParent, traceState } = traceContext;
    const { isWatched } = this.#inspector;
    this.#inspector.emit({
      type: 'invocationStarted',
      invocation: id,
      at: now(),
      function: name,
      trigger: target?.trigger.type ?? '',
      ...asked,
      traceParent,
      ...(traceState !== undefined && { traceState }),
      isWatched,
    });
    this.#inspector.keepRepeatable(id, repeatable);
    return (result) => {
      const { error } = result;
      this.#tell({
        type: 'invocationEnded',
        invocation: id,
        at: now(),
        outcome: error ? 'failed' : 'succeeded',
        ...(error && { error }),
        outputs:
          target && this.#inspector.isWatched
            ? outputsOf(target, result).map(({ name: output, value }) => ({
                name: output,
                value: shown(value),
              }))
            : [],
      });
    };
  }
}

/** Ends the app, as the Functions host does, if an invocation takes longer than host.json allows. */
function limit(
  { config, process: app, log }: RunningApp,
  name: string,
): NodeJS.Timeout | undefined {
  const { functionTimeout } = config.host;
  return functionTimeout === undefined
    ? undefined
    : setTimeout(() => {
        const message = `${name} takes longer than functionTimeout in host.json allows (${functionTimeout / 1000} s).`;
        log('error', functionCategory(name), message);
        void app.kill();
      }, functionTimeout).unref();
}

export function logOutputs(
  app: RunningApp,
  target: RegisteredFunction,
  result: InvocationResult,
): void {
  for (const { type, name, value } of outputsOf(target, result)) {
    const message = `Output ${name} (${type}): ${inspect(value)}`;
    app.log('information', functionCategory(target.name), message);
  }
}

/** A function that is run by hand. */
export function ranWith(name: string, trial: Trial): Asked {
  return { trial: shown(trial), repeatable: { kind: 'run', name, trial } };
}
