import Module from 'node:module';
import { join } from 'node:path';
import { format } from 'node:util';
import { workspace } from '../support/generated.js';
import { npm } from '../support/processes.js';

/** Microseconds of one invocation, by what is hooked around it. Medians. */
export interface InvocationMeasures {
  /** No hooks at all. */
  none: number;
  /** Hooks written by hand that do what the timer does: 1, 5 and 20 pairs. */
  byHand: Record<number, number>;
  /** The emitted timer at application level: 1, 5 and 20 extensions. */
  timer: Record<number, number>;
  /** The emitted timer at function level, for 1, 10 and 1000 functions, which take turns. */
  functionTimer: Record<number, number>;
}

type HookName = 'preInvocation' | 'postInvocation';

/** The part of `@azure/functions` that is used here. */
interface Functions {
  app: { hook: Record<HookName, (hook: (context: HookContext) => void) => void> };
  InvocationContext: new (init: object) => InvocationContext;
}

interface InvocationContext {
  functionName: string;
  options: { trigger: { type: string } };
  log(message: string): void;
}

interface HookContext {
  hookData: Record<string, number>;
  invocationContext: InvocationContext;
  result?: unknown;
  error?: unknown;
}

type Timer = { configure(options: object): void } & (new (target: string, options: object) => void);

/** Hooks of one app that is measured. */
interface App {
  functions: Functions;
  hooks: Record<HookName, ((context: object) => unknown)[]>;
  /** How many functions it has. */
  count: number;
  /** How many timers append to an answer. */
  timers: number;
}

/** In one turn of an app. */
const INVOCATIONS = 200;
/** Turns before those that count, until the code is warm. */
const WARM_UP = 20;
const OPTIONS = { appendToHttpResponse: true };

/**
 * Measures what the emitted timer adds to an invocation, beside hooks by hand. It is the built
 * package with the real `@azure/functions`; the worker around them is the least that calls hooks as
 * the worker does. What is measured takes turns, so that it all meets the machine in the same state.
 *
 * @throws Error if an answer is wrong.
 */
export async function measureInvocations(): Promise<InvocationMeasures> {
  const atApp = await built('app');
  const atFunction = await built('function');
  const byHand = (pairs: number) =>
    prepare(atApp, { count: 1, timers: pairs }, (functions) => {
      for (let index = 0; index < pairs; index += 1) {
        hookByHand(functions, `started${index}`);
      }
    });
  const timer = (extensions: number) =>
    prepare(atApp, { count: 1, timers: extensions }, (_, load) => {
      for (let index = 0; index < extensions; index += 1) {
        load().configure(OPTIONS);
      }
    });
  const functionTimer = (count: number) =>
    prepare(atFunction, { count, timers: 1 }, (_, load) => {
      const TimerExtension = load();
      for (let index = 0; index < count; index += 1) {
        new TimerExtension(`Function${index}`, OPTIONS);
      }
    });
  const one = await compare(200, {
    none: prepare(atApp, { count: 1, timers: 0 }, () => {}),
    byHand: byHand(1),
    timer: timer(1),
    functionTimer: functionTimer(1),
  });
  const five = await compare(100, { byHand: byHand(5), timer: timer(5) });
  const twenty = await compare(50, { byHand: byHand(20), timer: timer(20) });
  const many = await compare(100, { ten: functionTimer(10), thousand: functionTimer(1000) });
  return {
    none: one.none,
    byHand: { 1: one.byHand, 5: five.byHand, 20: twenty.byHand },
    timer: { 1: one.timer, 5: five.timer, 20: twenty.timer },
    functionTimer: { 1: one.functionTimer, 10: many.ten, 1000: many.thousand },
  };
}

async function built(scope: 'app' | 'function'): Promise<string> {
  const folder = await workspace(scope);
  await npm(['run', 'build'], folder);
  return folder;
}

/**
 * What someone who needs just this would write, without an extension.
 *
 * @param key What no other pair of hooks has.
 */
function hookByHand({ app }: Functions, key: string): void {
  app.hook.preInvocation(({ hookData, invocationContext }) => {
    invocationContext.log(`TimerExtension: ${invocationContext.functionName} started`);
    hookData[key] = performance.now();
  });
  app.hook.postInvocation((context) => {
    const { error, hookData, invocationContext, result } = context;
    const seconds = (performance.now() - (hookData[key] ?? 0)) / 1000;
    const elapsed = `${seconds.toFixed(4)} sec`;
    const outcome = error ? 'failed' : 'succeeded';
    invocationContext.log(
      `TimerExtension: ${invocationContext.functionName} ${outcome} after ${elapsed}`,
    );
    if (invocationContext.options.trigger.type === 'httpTrigger' && isText(result)) {
      context.result = { ...result, body: `${result.body} (TimeElapsed: ${elapsed})` };
    }
  });
}

function isText(result: unknown): result is { body: string } {
  const { body, jsonBody, headers } = Object(result) as {
    body?: unknown;
    jsonBody?: unknown;
    headers?: Record<string, string>;
  };
  const type = headers && new Headers(headers).get('content-type');
  return (
    typeof body === 'string' &&
    (jsonBody ?? null) === null &&
    (type ?? 'text/plain').startsWith('text/plain')
  );
}

/** What `@azure/functions` gets from the worker. Hooks are those of the app that is prepared. */
let preparing: App | undefined;
const core = {
  registerHook(name: string, hook: (context: object) => unknown) {
    preparing?.hooks[name as HookName]?.push(hook);
    return { dispose() {} };
  },
};

/**
 * @param register Registers the hooks: by `@azure/functions`, or by the timer, of which each call
 *   loads a copy of its own.
 */
function prepare(
  workspaceFolder: string,
  { count, timers }: Pick<App, 'count' | 'timers'>,
  register: (functions: Functions, load: () => Timer) => void,
): App {
  const extension = join(workspaceFolder, 'extension/dist/src');
  const require = Module.createRequire(join(extension, 'index.js'));
  const load = Module.prototype.require;
  Module.prototype.require = function (this: Module, id: string): unknown {
    return id === '@azure/functions-core' ? core : load.call(this, id);
  } as typeof load;
  try {
    const functions = require('@azure/functions') as Functions;
    preparing = { functions, hooks: { preInvocation: [], postInvocation: [] }, count, timers };
    register(functions, () => {
      // Copies of a package act once. These stand for packages of their own.
      Reflect.deleteProperty(globalThis, Symbol.for('azfunc-worker-extension.acting'));
      for (const file of Object.keys(require.cache).filter((one) => one.startsWith(extension))) {
        delete require.cache[file];
      }
      return (require(extension) as { TimerExtension: Timer }).TimerExtension;
    });
    return preparing;
  } finally {
    Module.prototype.require = load;
  }
}

/** Medians of the microseconds that an invocation takes in each app, of so many turns each. */
async function compare<Name extends string>(
  turns: number,
  apps: Record<Name, App>,
): Promise<Record<Name, number>> {
  const measured = Object.entries<App>(apps).map(([name, app]) => ({
    name,
    app,
    times: [] as number[],
  }));
  for (let turn = -WARM_UP; turn < turns; turn += 1) {
    for (const { app, times } of measured) {
      const started = performance.now();
      for (let count = 0; count < INVOCATIONS; count += 1) {
        await invoke(app, (turn + WARM_UP) * INVOCATIONS + count);
      }
      if (turn >= 0) {
        times.push(((performance.now() - started) * 1000) / INVOCATIONS);
      }
    }
  }
  return Object.fromEntries(
    measured.map(({ name, times }) => [name, times.sort((a, b) => a - b)[times.length >> 1]]),
  ) as Record<Name, number>;
}

/** Invokes a function as the worker does. */
async function invoke({ functions, hooks, count, timers }: App, number: number): Promise<void> {
  const invocationContext = new functions.InvocationContext({
    invocationId: String(number),
    functionName: `Function${number % count}`,
    options: { trigger: { type: 'httpTrigger', name: 'request' } },
    logHandler: (_level: string, ...args: unknown[]) => format(...args),
  });
  const hookData = {};
  const before = { hookData, invocationContext, inputs: [{}], functionCallback: hello };
  for (const hook of hooks.preInvocation) {
    await hook(before);
  }
  const after = { hookData, invocationContext, inputs: before.inputs, result: null as unknown };
  after.result = await before.functionCallback();
  for (const hook of hooks.postInvocation) {
    await hook(after);
  }
  const { body } = after.result as { body: string };
  const appended = body.split('TimeElapsed').length - 1;
  if (appended !== timers) {
    throw new Error(`There are ${timers} timers, and the answer is: ${body}`);
  }
}

async function hello(): Promise<unknown> {
  return { body: 'Hello, world!' };
}
