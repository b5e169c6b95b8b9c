import type {
  AppEvent,
  FunctionRan,
  HookRan,
  InspectorEvent,
  InvocationEnded,
  InvocationStarted,
  Logged,
  ResponseEnded,
  ResponseStarted,
} from '../events.js';

/** As many as the host keeps. */
const KEPT = 1000;

/** An invocation, as far as it is known. */
export interface Invocation {
  readonly id: string;
  readonly started: InvocationStarted;
  ended?: InvocationEnded;
  responseStarted?: ResponseStarted;
  responseEnded?: ResponseEnded;
  functionRan?: FunctionRan;
  readonly hooks: HookRan[];
  readonly logs: Logged[];
}

/** What an extension has done, while somebody watched. */
export interface Deeds {
  acted: number;
  swallowed: number;
  /** By the name of the function. */
  readonly on: Map<string, number>;
}

/** What the page knows. It changes with events only. */
export class Store {
  app: AppEvent | undefined;
  /** By their ids, the oldest first. */
  readonly invocations = new Map<string, Invocation>();
  readonly #deeds = new Map<string, Deeds>();
  /** Of each extension: the invocations that are counted. */
  readonly #counted = new Map<string, string>();

  clear(): void {
    this.invocations.clear();
    this.#deeds.clear();
    this.#counted.clear();
  }

  deedsOf(extension: string): Deeds {
    const deeds = this.#deeds.get(extension) ?? { acted: 0, swallowed: 0, on: new Map() };
    this.#deeds.set(extension, deeds);
    return deeds;
  }

  /** @returns The invocation that has changed. */
  take(event: InspectorEvent): Invocation | undefined {
    if (event.type === 'app') {
      this.app = event;
      return undefined;
    }
    if (event.type === 'invocationStarted') {
      const invocation = { id: event.invocation, started: event, hooks: [], logs: [] };
      this.invocations.set(event.invocation, invocation);
      for (const id of this.invocations.keys()) {
        if (this.invocations.size <= KEPT) {
          break;
        }
        this.invocations.delete(id);
      }
      return invocation;
    }
    const invocation = this.invocations.get(event.invocation);
    if (!invocation) {
      return undefined;
    }
    switch (event.type) {
      case 'hookRan':
        invocation.hooks.push(event);
        this.#count(event, invocation);
        break;
      case 'logged':
        invocation.logs.push(event);
        break;
      case 'functionRan':
        invocation.functionRan = event;
        break;
      case 'invocationEnded':
        invocation.ended = event;
        break;
      case 'responseStarted':
        invocation.responseStarted = event;
        break;
      case 'responseEnded':
        invocation.responseEnded = event;
    }
    return invocation;
  }

  #count({ extension, isSwallowed }: HookRan, { id, started }: Invocation): void {
    if (extension === undefined) {
      return;
    }
    const deeds = this.deedsOf(extension);
    deeds.swallowed += isSwallowed ? 1 : 0;
    // An extension with several hooks acts on an invocation once.
    if (this.#counted.get(extension) !== id) {
      this.#counted.set(extension, id);
      deeds.acted += 1;
      deeds.on.set(started.function, (deeds.on.get(started.function) ?? 0) + 1);
    }
  }
}

export function isOver({ started, ended, responseEnded }: Invocation): boolean {
  return Boolean(ended && (responseEnded || !started.request));
}

/** From its start to its end, to the last byte. */
export function lengthOf(invocation: Invocation): number {
  const { started, ended, responseEnded, hooks, logs, functionRan } = invocation;
  const last = Math.max(
    ended?.at ?? 0,
    responseEnded?.at ?? 0,
    functionRan?.end ?? 0,
    ...hooks.map(({ end }) => end),
    ...logs.map(({ at }) => at),
  );
  return Math.max(last - started.at, 0);
}

export type Outcome = 'running' | 'succeeded' | 'refused' | 'failed';

/** As a client sees it: a function that answers with an error has not failed, and yet it is of interest. */
export function outcomeOf({ started, ended, responseEnded, responseStarted }: Invocation): Outcome {
  const status = responseEnded?.status ?? responseStarted?.status;
  if (ended?.outcome === 'failed' || (status ?? 0) >= 500 || responseEnded?.isComplete === false) {
    return 'failed';
  }
  if (!ended || (started.request && !responseEnded)) {
    return 'running';
  }
  return (status ?? 200) >= 400 ? 'refused' : 'succeeded';
}

const WORDS: Record<Outcome, string> = {
  running: '…',
  succeeded: 'ok',
  refused: 'refused',
  failed: 'error',
};

/** What a client has got, or what became of a run by hand, in a word. */
export function statusOf(invocation: Invocation): string {
  const { responseEnded, responseStarted } = invocation;
  const status = responseEnded?.status ?? responseStarted?.status;
  return status === undefined ? WORDS[outcomeOf(invocation)] : String(status);
}

export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
