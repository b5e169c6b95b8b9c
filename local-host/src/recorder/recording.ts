import {
  type Change,
  type HookRan,
  now,
  type Package,
  type Shown,
  type WorkerEvent,
} from '../inspector/events.js';
import { shown, shownError } from '../inspector/shown.js';
import type { Level } from '../config/index.js';
import type { AroundContext, HookContext, Hooks, Next } from './contract.js';

/** Whose hook it is, as events have it. */
export interface Owner {
  readonly id: string;
  readonly name: string;
  readonly package: Package | undefined;
  readonly failsClosed: boolean;
}

/** A hook as it was registered at the worker. */
export interface RawHook {
  readonly hook: string;
  readonly package: Package | undefined;
  readonly location: string | undefined;
  /** The extension whose contract has registered it. */
  readonly owner?: Owner;
}

/** What hooks can change, at one time. */
export interface State {
  readonly inputs?: unknown[];
  readonly handler?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

type Handler = (...args: unknown[]) => unknown;

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Notes what happens around one invocation, and to what effect. It changes nothing of that. */
export class Recording {
  readonly #id: string;
  readonly #emit: (event: WorkerEvent) => void;
  /** Of extensions: how often one of their methods has run. */
  readonly #calls = new Map<string, number>();

  constructor(id: string, emit: (event: WorkerEvent) => void) {
    this.#id = id;
    this.#emit = emit;
  }

  log(level: Level, message: string): void {
    this.#emit({ type: 'logged', invocation: this.#id, at: now(), level, message });
  }

  /** The function itself, so that its runs are recorded. */
  watched(name: string, handler: Handler): Handler {
    const watched: Handler = (...args) => this.#runFunction(name, handler, args);
    return Object.defineProperty(watched, 'name', { value: handler.name, configurable: true });
  }

  #runFunction(name: string, handler: Handler, args: unknown[]): unknown {
    const inputs = shown(args.slice(0, -1));
    const start = now();
    return settled(
      () => handler(...args),
      (outcome) =>
        this.#emit({
          type: 'functionRan',
          invocation: this.#id,
          name,
          start,
          end: now(),
          inputs,
          ...('error' in outcome
            ? { error: shownError(outcome.error) }
            : { result: shown(outcome.value) }),
        }),
    );
  }

  /**
   * Runs a hook as the worker has it. Of one that the contract has registered, only what the extension's own
   * methods do is told, and what the contract does in their place.
   */
  raw({ owner, ...hook }: RawHook, state: () => State, call: () => unknown): unknown {
    const callsBefore = owner && this.#calls.get(owner.id);
    const before = described(state());
    const start = now();
    return settled(call, (outcome) => {
      const end = now();
      // That the contract puts its chain in the place of the handler is no change of the extension's.
      const changes = changesBetween(before, described(state())).filter(
        ({ what }) => !(owner && what === 'handler'),
      );
      const isOwners = owner && this.#calls.get(owner.id) !== callsBefore;
      const isNothing = owner && changes.length === 0 && !('error' in outcome);
      if (!isOwners && !isNothing) {
        this.#ran({
          ...hook,
          name: owner ? `${owner.name}.${hook.hook}` : hook.hook,
          ...(owner && { extension: owner.id }),
          start,
          end,
          next: [],
          changes,
          isSwallowed: false,
          ...('error' in outcome && { error: shownError(outcome.error) }),
        });
      }
    });
  }

  /** Runs `preInvocation` or `postInvocation` of an extension. */
  method(
    owner: Owner,
    method: 'preInvocation' | 'postInvocation',
    context: HookContext,
    call: () => unknown,
  ): unknown {
    const state = () =>
      method === 'preInvocation'
        ? { inputs: context.inputs, handler: context.functionHandler }
        : { result: context.result, error: context.error };
    this.#called(owner);
    const before = described(state());
    const start = now();
    return settled(call, (outcome) =>
      this.#ran({
        ...this.#own(owner, method),
        start,
        end: now(),
        next: [],
        changes: changesBetween(before, described(state())),
        isSwallowed: 'error' in outcome && !owner.failsClosed,
        ...('error' in outcome && { error: shownError(outcome.error) }),
      }),
    );
  }

  /** Runs `aroundInvocation` of an extension. */
  around(owner: Owner, hooks: Hooks, context: AroundContext, next: Next): unknown {
    this.#called(owner);
    const before = shown(context.inputs);
    const start = now();
    const waits: { start: number; end: number }[] = [];
    const changes: Change[] = [];
    let inner: Outcome | undefined;
    let innerResult: Shown | undefined;
    const noteInputs = () => changes.push(...changed('inputs', before, shown(context.inputs)));
    const goOn: Next = () => {
      // What is further in may change them, too.
      if (waits.length === 0) {
        noteInputs();
      }
      const wait = { start: now(), end: now() };
      waits.push(wait);
      const pending = next();
      const settle = (outcome: Outcome) => {
        wait.end = now();
        inner = outcome;
        innerResult = 'value' in outcome ? resultOf(outcome.value) : undefined;
      };
      pending.then(
        (value) => settle({ value }),
        (error: unknown) => settle({ error }),
      );
      return pending;
    };
    return settled(
      () => hooks.aroundInvocation?.(context, goOn),
      (outcome) => {
        const end = now();
        if (waits.length === 0) {
          noteInputs();
        }
        const innerError = inner && 'error' in inner ? inner : undefined;
        const isOwn =
          'error' in outcome &&
          !(
            innerError &&
            (outcome.error === innerError.error || causeOf(outcome.error) === innerError.error)
          );
        // Who returns nothing leaves what has come out of `next`; an error of its own is skipped.
        const stands = isOwn || ('value' in outcome && outcome.value === undefined && inner);
        if (!stands) {
          changes.push(
            ...changed(
              'result',
              innerResult,
              'value' in outcome ? resultOf(outcome.value) : undefined,
            ),
            ...changed(
              'error',
              innerError && shownError(innerError.error).detail,
              'error' in outcome ? shownError(outcome.error).detail : undefined,
            ),
          );
        }
        this.#ran({
          ...this.#own(owner, 'aroundInvocation'),
          start,
          end,
          next: waits,
          changes,
          isSwallowed: isOwn && !owner.failsClosed,
          ...(isOwn && { error: shownError(outcome.error) }),
        });
      },
    );
  }

  #own(owner: Owner, method: string) {
    return {
      name: `${owner.name}.${method}`,
      hook: method,
      extension: owner.id,
      package: owner.package,
    };
  }

  #called({ id }: Owner): void {
    this.#calls.set(id, (this.#calls.get(id) ?? 0) + 1);
  }

  #ran(event: Omit<HookRan, 'type' | 'invocation'>): void {
    this.#emit({ type: 'hookRan', invocation: this.#id, ...event });
  }
}

/** Calls something, and tells how it has ended, without making it later than it is. */
function settled(call: () => unknown, done: (outcome: Outcome) => void): unknown {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    done({ error });
    throw error;
  }
  if (typeof (value as { then?: unknown } | null | undefined)?.then !== 'function') {
    done({ value });
    return value;
  }
  return (value as PromiseLike<unknown>).then(
    (settledValue) => {
      done({ value: settledValue });
      return settledValue;
    },
    (error: unknown) => {
      done({ error });
      throw error;
    },
  );
}

interface DescribedState {
  readonly inputs: Shown | undefined;
  readonly handler: unknown;
  readonly result: Shown | undefined;
  readonly error: Shown | undefined;
}

function described({ inputs, handler, result, error }: State): DescribedState {
  return {
    inputs: inputs && shown(inputs),
    handler,
    result: resultOf(result ?? undefined),
    error: (error ?? undefined) === undefined ? undefined : shownError(error).detail,
  };
}

function changesBetween(before: DescribedState, after: DescribedState): Change[] {
  return [
    ...changed('inputs', before.inputs, after.inputs),
    ...(before.handler === after.handler
      ? []
      : [
          {
            what: 'handler' as const,
            before: nameOf(before.handler),
            after: nameOf(after.handler),
          },
        ]),
    ...changed('result', before.result, after.result),
    ...changed('error', before.error, after.error),
  ];
}

function changed(
  what: Change['what'],
  before: Shown | undefined,
  after: Shown | undefined,
): Change[] {
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [{ what, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

function resultOf(value: unknown): Shown | undefined {
  return value === undefined ? undefined : shown(value);
}

function nameOf(handler: unknown): Shown {
  const name = typeof handler === 'function' ? handler.name : '';
  return name ? `[function ${name}]` : '[function]';
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
