import type { Repeatable } from './again.js';
import type { AppEvent, InspectorEvent, InvocationEvent } from './events.js';

/** How many invocations are kept. */
export const KEPT = 1000;

/** How much of them, in characters of JSON. */
const KEPT_SIZE = 64 * 1024 * 1024;

/** @param json The event as JSON. */
export type Listener = (event: InspectorEvent, json: string) => void;

interface Kept {
  readonly events: InvocationEvent[];
  repeatable?: Repeatable;
  size: number;
}

/** Passes events on to those who watch, and keeps those of the last invocations, in memory only. */
export class Inspector {
  readonly #invocations = new Map<string, Kept>();
  readonly #listeners = new Set<Listener>();
  readonly #onWatch: (isWatched: boolean) => void;
  #app: AppEvent | undefined;
  #size = 0;

  /** @param onWatch Called when the first begins to watch, and when the last has gone. */
  constructor(onWatch: (isWatched: boolean) => void) {
    this.#onWatch = onWatch;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: InspectorEvent): void {
    const json = this.isWatched ? JSON.stringify(event) : '';
    if (event.type === 'app') {
      this.#app = event;
    } else {
      this.#keep(event, json.length);
    }
    for (const listener of this.#listeners) {
      listener(event, json);
    }
  }

  /** @returns Ends it. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#onWatch(true);
    }
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) {
        this.#onWatch(false);
      }
    };
  }

  /** What is kept: the app, and the events of each invocation. */
  kept(): InspectorEvent[] {
    const events = [...this.#invocations.values()].flatMap((one) => one.events);
    return this.#app ? [this.#app, ...events] : events;
  }

  /** Keeps what is needed to call a function again. */
  keepRepeatable(invocation: string, repeatable: Repeatable): void {
    const kept = this.#invocations.get(invocation);
    if (kept) {
      kept.repeatable = repeatable;
    }
  }

  repeatable(invocation: string): Repeatable | undefined {
    return this.#invocations.get(invocation)?.repeatable;
  }

  #keep(event: InvocationEvent, size: number): void {
    let kept = this.#invocations.get(event.invocation);
    if (event.type === 'invocationStarted') {
      kept = { events: [], size: 0 };
      this.#invocations.set(event.invocation, kept);
    }
    // Of one that is no longer kept, nothing is.
    if (!kept) {
      return;
    }
    kept.events.push(event);
    kept.size += size;
    this.#size += size;
    while (this.#invocations.size > KEPT || this.#size > KEPT_SIZE) {
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const [[id, { size }] = ['', { size: 0 }]] = this.#invocations;
    this.#invocations.delete(id);
    this.#size -= size;
  }
}
