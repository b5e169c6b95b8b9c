import { app } from '@azure/functions';
import type {
  AppStartContext,
  AppTerminateContext,
  InvocationContext,
  LogLevel,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import {
  type AroundInvocationContext,
  hasRun,
  inMiddle,
  InvocationData,
  isHttp,
  join,
  type Link,
  type Next,
} from './invocation';

/** Where extensions stand around the function, from the outside in. Numbers in between are free. */
export const Place = {
  /** Sees all that happens, and how it ends: tracing. */
  trace: 100,
  /** The same, for one purpose: a timer. */
  measure: 200,
  /** Answers for what fails further in. */
  answerErrors: 300,
  /** Decides who gets further. */
  guard: 400,
  /** Changes what the function gets and returns. An extension is here unless it says otherwise. */
  adapt: 500,
} as const;

/** A line that is logged, for `log` hooks. Older versions of `@azure/functions` do not know it. */
export interface LogContext {
  /** The invocation that it belongs to, if any. */
  readonly invocationContext: InvocationContext | undefined;
  /** Who logs it: `user`, or `system` for Azure Functions itself. */
  readonly category: string;
  level: LogLevel;
  message: string;
}

/** What an extension may implement. */
export interface Hooks {
  appStart?(context: AppStartContext): void | Promise<void>;
  preInvocation?(context: PreInvocationContext): void | Promise<void>;
  aroundInvocation?(context: AroundInvocationContext, next: Next): unknown;
  postInvocation?(context: PostInvocationContext): void | Promise<void>;
  appTerminate?(context: AppTerminateContext): void | Promise<void>;
  log?(context: LogContext): void;
}

/** The class of an extension. */
export interface Extension {
  readonly name: string;
  readonly failClosed: boolean;
  readonly place: number;
  /** The package that it is from, by which copies of it are found. */
  readonly packageName?: string;
  init?(): void | Promise<void>;
}

/** The instances of a class. */
export interface Instances {
  /** Those that there are. */
  all(): Hooks[];
  /** The one that acts on an invocation, or on what belongs to none. */
  find(context: InvocationContext | undefined): Hooks | undefined;
  /** Whether one may implement a hook. */
  has(hook: keyof Hooks): boolean;
  /** What they name, for a host that knows what there is. */
  named?(): Named;
}

/** The functions that targets name, and the triggers, of which one in each list has to be there. */
export interface Named {
  functions: string[];
  triggers: string[][];
}

/**
 * Initializes an extension, and registers the hooks that it needs: each costs every invocation.
 *
 * @throws What `init` throws, if the extension fails closed.
 */
export function hookUp(extension: Extension, switchedOn: Instances): void {
  const { name, failClosed } = extension;
  if (!mayAct(extension)) {
    return;
  }
  const instances = observed(extension, switchedOn);
  const named = (method: string) => `${name}.${method}`;
  let isOn = true;
  const stayOff = (error: unknown) => {
    isOn = false;
    report(console, `${named('init')} failed, the extension stays off:`, error);
  };
  let initialized: Promise<void> | void;
  try {
    initialized = extension.init?.();
    if (!failClosed) {
      initialized = initialized?.catch(stayOff);
    }
    // Who fails closed fails the start of the app, below.
    initialized?.catch(ignore);
  } catch (error) {
    if (failClosed) {
      throw error;
    }
    stayOff(error);
    return;
  }
  for (const method of ['appStart', 'appTerminate'] as const) {
    if (instances.has(method) || (method === 'appStart' && initialized)) {
      app.hook[method](async (context) => {
        await (method === 'appStart' && initialized);
        for (const instance of isOn ? instances.all() : []) {
          await isolated(named(method), console, () => instance[method]?.(context));
        }
      });
    }
  }
  const acting = new InvocationData<{ hooks: Hooks | undefined }>();
  // What is looked up again after the function, or must not be done twice.
  const isKept = failClosed || instances.has('postInvocation') || instances.has('log');
  const links = new WeakMap<Hooks, Link>();
  const linkOf = (hooks: Hooks): Link => {
    const { place } = extension;
    const known = links.get(hooks);
    if (known?.place === place) {
      return known;
    }
    const link = { place, around: around(extension, hooks) };
    links.set(hooks, link);
    return link;
  };
  const before = (context: PreInvocationContext) => {
    const { invocationContext } = context;
    if (!isOn || (isKept && acting.get(invocationContext))) {
      return undefined;
    }
    const hooks = instances.find(invocationContext);
    if (isKept) {
      acting.set(invocationContext, { hooks });
    }
    if (hooks?.aroundInvocation) {
      join(context, linkOf(hooks));
    }
    return hooks?.preInvocation && inMiddle(context, () => hooks.preInvocation?.(context));
  };
  /** What acted before an invocation. Where that was skipped, it is looked for after it. */
  const actingOn = (context: InvocationContext | undefined) => {
    const known = context && acting.get(context);
    return known ? known.hooks : isOn ? instances.find(context) : undefined;
  };

  if (failClosed) {
    const guarded = (context: PreInvocationContext) =>
      refusing(extension, context.invocationContext, () => before(context));
    // Twice: the worker skips the hook after one that is disposed while hooks run.
    app.hook.preInvocation(guarded);
    app.hook.preInvocation(guarded);
    app.hook.postInvocation((context) => {
      const { invocationContext } = context;
      // Of other triggers nobody gets an answer, and a message that fails comes again.
      if (!isHttp(invocationContext)) {
        return;
      }
      const hasJoined = acting.get(invocationContext) !== undefined;
      const hooks = actingOn(invocationContext);
      if (hooks?.aroundInvocation && !(hasJoined && hasRun(invocationContext))) {
        context.result = undefined;
        context.error = new Error(`${name} has been bypassed, so the answer is withheld.`);
      }
    });
  } else if (instances.has('preInvocation') || instances.has('aroundInvocation')) {
    app.hook.preInvocation((context) =>
      isolated(named('preInvocation'), context.invocationContext, () => before(context)),
    );
  }
  if (instances.has('postInvocation')) {
    app.hook.postInvocation((context) =>
      isolated(named('postInvocation'), context.invocationContext, () =>
        actingOn(context.invocationContext)?.postInvocation?.(context),
      ),
    );
  }
  if (instances.has('log')) {
    hookUpLog(name, (context) => actingOn(context.invocationContext)?.log?.(context));
  }
}

/**
 * Registers a `log` hook. Older versions of `@azure/functions` have none; nor has the Functions host before
 * 4.34, whose worker throws.
 */
function hookUpLog(name: string, hook: (context: LogContext) => void): void {
  const { log } = app.hook as object as { log?(hook: (context: LogContext) => void): void };
  let isLogging = false;
  try {
    if (!log) {
      throw new TypeError('There is no app.hook.log.');
    }
    log((context) => {
      // What the hook logs itself comes here again.
      if (!isLogging) {
        isLogging = true;
        void isolated(`${name}.log`, console, () => hook(context));
        isLogging = false;
      }
    });
  } catch {
    console.warn(`${name}.log does not run: there are no log hooks in this version of the host.`);
  }
}

/**
 * Where a host can put an observer: a function that gets each extension and its instances, and returns the
 * instances that act. So a host on a developer's machine shows what hooks do. In Azure there is none.
 */
const OBSERVER = Symbol.for('azfunc-worker-extension.observer');

type Observer = (extension: Extension, instances: Instances) => Instances;

function observed(extension: Extension, instances: Instances): Instances {
  const observer = (globalThis as { [OBSERVER]?: Observer })[OBSERVER];
  return observer ? observer(extension, instances) : instances;
}

/** The copies that act, by package and class. */
const REGISTRY = Symbol.for('azfunc-worker-extension.acting');

/** Whether an extension is switched on, and is the first of its copies; if not, that is said once. */
function mayAct({ name, packageName, failClosed }: Extension): boolean {
  const setting = process.env.NODE_ENABLE_WORKER_EXTENSIONS ?? '';
  const isOff = /^\s*(0|false|off|no)\s*$/i.test(setting);
  if (isOff && !failClosed) {
    console.info(`${name} is off: NODE_ENABLE_WORKER_EXTENSIONS is "${setting}".`);
    return false;
  }
  if (isOff) {
    console.warn(
      `${name} stays on. It ignores NODE_ENABLE_WORKER_EXTENSIONS, since it fails closed.`,
    );
  }
  // Where two guards are, a request has to pass both.
  if (packageName === undefined || failClosed) {
    return true;
  }
  const shared = globalThis as { [REGISTRY]?: Map<string, string> };
  const copies = (shared[REGISTRY] ??= new Map());
  const key = `${packageName} ${name}`;
  const first = copies.get(key) ?? __dirname;
  copies.set(key, first);
  if (first !== __dirname) {
    console.warn(
      `${name}: ${packageName} is in this app twice. The one in ${first} acts, not that in ${__dirname}.`,
    );
  }
  return first === __dirname;
}

/**
 * Runs `aroundInvocation` of an extension. What it throws itself is logged and skipped: before `next` the
 * function runs all the same, and after it its result stands. What has come out of `next` passes, also as
 * the `cause` of another error. Who fails closed refuses the invocation with its own failure.
 */
function around({ name, failClosed }: Extension, hooks: Hooks): Link['around'] {
  return (context, next) => {
    let inner: Promise<unknown> | undefined;
    const goOn: Next = () => {
      inner = next();
      // Who does not wait for it does not hear of its failure, either.
      inner.catch(ignore);
      return inner;
    };
    // Who returns nothing has only looked on.
    const settled = (result: unknown) => (result === undefined && inner ? inner : result);
    const failed = async (error: unknown) => {
      const failure = await failureIn(inner);
      if (failure && (error === failure.error || causeOf(error) === failure.error)) {
        throw error;
      }
      if (failClosed) {
        throw refusal(name, context.invocationContext, error);
      }
      report(context.invocationContext, `${name}.aroundInvocation failed and was skipped:`, error);
      return inner ?? next();
    };
    try {
      const result = hooks.aroundInvocation?.(context, goOn);
      return isThenable(result) ? Promise.resolve(result).then(settled, failed) : settled(result);
    } catch (error) {
      return failed(error);
    }
  };
}

function ignore(): void {}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value instanceof Promise || typeof (value as { then?: unknown } | null)?.then === 'function'
  );
}

async function failureIn(
  pending: Promise<unknown> | undefined,
): Promise<{ error: unknown } | undefined> {
  try {
    await pending;
    return undefined;
  } catch (error) {
    return { error };
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/**
 * Runs a hook whose failure stays the extension's own. The worker fails an invocation whose hook throws, and
 * an app whose `appStart` hook does. Here the error goes to the log, and the app goes on without that hook.
 * The worker waits for a hook as long as it takes, and so does this.
 */
function isolated(name: string, log: Log, hook: () => void | Promise<void>): void | Promise<void> {
  const skip = (error: unknown) => report(log, `${name} failed and was skipped:`, error);
  try {
    // Most hooks are synchronous, and waiting for nothing takes time, too.
    return hook()?.catch(skip);
  } catch (error) {
    return skip(error);
  }
}

/** Runs a hook whose failure fails the invocation. */
async function refusing(
  { name }: Extension,
  context: InvocationContext,
  hook: () => void | Promise<void>,
): Promise<void> {
  try {
    await hook();
  } catch (error) {
    throw refusal(name, context, error);
  }
}

/** An error in place of one that the worker may not be able to pass on. */
function refusal(name: string, log: Log, error: unknown): Error {
  report(log, `${name} failed, so the invocation is refused:`, error);
  return new Error(`${name} failed, so the invocation is refused.`);
}

type Log = Pick<Console, 'error' | 'warn'> | InvocationContext;

/** Logs an error, even if it cannot be printed. */
export function report(
  log: Log,
  message: string,
  error: unknown,
  level: 'error' | 'warn' = 'error',
): void {
  try {
    log[level](message, error);
  } catch {
    log[level](message, 'an error that cannot be printed');
  }
}
