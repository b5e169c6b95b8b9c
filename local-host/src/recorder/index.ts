import { AsyncLocalStorage } from 'node:async_hooks';
import type { Middleware, WorkerEvent } from '../inspector/events.js';
import { shown } from '../inspector/shown.js';
import {
  type Extension,
  type HookContext,
  type Hooks,
  type Instances,
  METHODS,
  type NamedByExtension,
  type Observer,
  OBSERVER,
} from './contract.js';
import { callers, type CallSite, packageOf, settingsOf } from './origin.js';
import { type Owner, type RawHook, Recording, type State } from './recording.js';

/** An extension that is switched on. */
interface Known extends Owner {
  readonly extension: Extension;
  readonly instances: Instances;
  /** What has called the contract, to switch it on. */
  readonly from: readonly CallSite[];
  /** Its instances as they are while somebody watches. */
  readonly watched: WeakMap<Hooks, Hooks>;
}

/**
 * Sees what hooks do around invocations, while somebody watches. Else it only knows which there are, and costs
 * an invocation nothing.
 */
export class Recorder {
  readonly #off: Set<string>;
  readonly #send: (events: readonly WorkerEvent[]) => void;
  readonly #extensions: Known[] = [];
  readonly #hooks: RawHook[] = [];
  readonly #running = new Map<string, Recording>();
  readonly #current = new AsyncLocalStorage<Recording>();
  #pending: WorkerEvent[] = [];
  #isWatched = false;
  #seesConsole = false;

  /** @param off Extensions that are switched off, by `id`. */
  constructor(off: readonly string[], send: (events: readonly WorkerEvent[]) => void) {
    this.#off = new Set(off);
    this.#send = send;
    const observer: Observer = (extension, instances) => this.#observe(extension, instances);
    (globalThis as { [OBSERVER]?: Observer })[OBSERVER] = observer;
  }

  watch(isWatched: boolean): void {
    this.#isWatched = isWatched;
    if (isWatched && !this.#seesConsole) {
      this.#seesConsole = true;
      this.#seeConsole();
    }
  }

  switch(id: string, isOn: boolean): void {
    if (isOn) {
      this.#off.delete(id);
    } else {
      this.#off.add(id);
    }
  }

  /** A hook that is being registered by the code that calls this. */
  registered(hook: string): RawHook {
    const sites = callers();
    const [site] = sites;
    const owner = this.#extensions.findLast(({ from }) => isSameCall(from, sites));
    const raw = {
      hook,
      package: site?.file === undefined ? undefined : packageOf(site.file),
      location: site && `${site.file}:${site.position}`,
      ...(owner && { owner }),
    };
    this.#hooks.push(raw);
    return raw;
  }

  middleware(): Middleware {
    return {
      extensions: this.#extensions
        .map((known) => this.#described(known))
        .sort((one, other) => one.place - other.place),
      hooks: this.#hooks
        .filter(({ owner, hook }) => !owner && hook !== 'log')
        .map(({ hook, package: from, location }) => ({ hook, package: from, location })),
    };
  }

  /** What extensions name. */
  named(): NamedByExtension[] {
    return this.#extensions.map(({ name, instances, from: [site] }) => ({
      extension: name,
      ...(instances.named?.() ?? { functions: [], triggers: [] }),
      settings: site?.file === undefined ? [] : settingsOf(site.file),
    }));
  }

  /** Runs an invocation, and records it if somebody watches. */
  async record<T>(id: string, run: (recording?: Recording) => Promise<T>): Promise<T> {
    if (!this.#isWatched) {
      return run();
    }
    const recording = new Recording(id, (event) => this.#emit(event));
    this.#running.set(id, recording);
    try {
      return await this.#current.run(recording, () => run(recording));
    } finally {
      this.#running.delete(id);
      this.#flush();
    }
  }

  #observe(extension: Extension, instances: Instances): Instances {
    const from = callers();
    const [site] = from;
    const found = site?.file === undefined ? undefined : packageOf(site.file);
    const { name, failClosed, packageName } = extension;
    const known: Known = {
      id: `${packageName ?? found?.name ?? ''}/${name}`,
      name,
      package: found,
      failsClosed: failClosed,
      extension,
      instances,
      from,
      watched: new WeakMap(),
    };
    this.#extensions.push(known);
    const isOff = () => !failClosed && this.#off.has(known.id);
    return {
      has: (hook) => instances.has(hook),
      all: () => (isOff() ? [] : instances.all()),
      find: (context) => {
        const hooks = isOff() ? undefined : instances.find(context);
        return hooks && context && this.#running.has(context.invocationId)
          ? this.#watched(known, hooks)
          : hooks;
      },
    };
  }

  /** An instance whose hooks are recorded. */
  #watched(known: Known, hooks: Hooks): Hooks {
    const there = known.watched.get(hooks);
    if (there) {
      return there;
    }
    const recordingOf = ({ invocationContext }: Pick<HookContext, 'invocationContext'>) =>
      this.#running.get(invocationContext.invocationId);
    // What a log hook changes is in the line that is logged.
    const watched: Hooks = { ...(hooks.log && { log: (context) => hooks.log?.(context) }) };
    for (const method of ['preInvocation', 'postInvocation'] as const) {
      if (hooks[method]) {
        watched[method] = (context) => {
          const call = () => hooks[method]?.(context);
          const recording = recordingOf(context);
          return recording ? recording.method(known, method, context, call) : call();
        };
      }
    }
    if (hooks.aroundInvocation) {
      watched.aroundInvocation = (context, next) => {
        const recording = recordingOf(context);
        return recording
          ? recording.around(known, hooks, context, next)
          : hooks.aroundInvocation?.(context, next);
      };
    }
    known.watched.set(hooks, watched);
    return watched;
  }

  #described({ id, name, package: from, failsClosed, extension, instances }: Known) {
    return {
      id,
      name,
      package: from,
      place: extension.place,
      failsClosed,
      hooks: METHODS.filter((method) => instances.has(method)),
      options: instances
        .all()
        .map((instance) => shown((instance as { options?: unknown }).options ?? {})),
      isOff: !failsClosed && this.#off.has(id),
    };
  }

  /** Sees what invocations write to the console, too. */
  #seeConsole(): void {
    for (const [stream, level] of [
      [process.stdout, 'information'],
      [process.stderr, 'error'],
    ] as const) {
      const { write } = stream;
      stream.write = ((chunk: Uint8Array | string, ...more: []) => {
        this.#current.getStore()?.log(
          level,
          Buffer.from(chunk as string)
            .toString()
            .trimEnd(),
        );
        return write.call(stream, chunk, ...more);
      }) as typeof write;
    }
  }

  #emit(event: WorkerEvent): void {
    // Sending takes time, which is none of the hook's that is running.
    if (this.#pending.push(event) === 1) {
      setImmediate(() => this.#flush());
    }
  }

  #flush(): void {
    if (this.#pending.length > 0) {
      this.#send(this.#pending);
      this.#pending = [];
    }
  }
}

/**
 * Whether the contract has registered a hook in the same call in which it has shown an extension: then what is
 * above that call is the same. Of its own, it has at most three functions there.
 */
function isSameCall(shownFrom: readonly CallSite[], registeredFrom: readonly CallSite[]): boolean {
  const above = registeredFrom.slice(1);
  const own = shownFrom.length - above.length;
  return (
    above.length > 0 &&
    own >= 1 &&
    own <= 3 &&
    above.every(({ text }, index) => text === shownFrom[own + index]?.text)
  );
}

export type { RawHook, Recording, State };
