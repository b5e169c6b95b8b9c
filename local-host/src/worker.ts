import Module from 'node:module';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, inspect } from 'node:util';
import { functionCategory, type Level, userCategory } from './config/index.js';
import { HOST_CATEGORY, type Log, type LogLine } from './log.js';
import type {
  Binding,
  Invocation,
  InvocationResult,
  LoadedApp,
  LoadOrder,
  RegisteredFunction,
  ReturnedData,
  TypedData,
} from './protocol.js';
import type { RawHook, Recorder, Recording, State } from './recorder/index.js';
import { isTrigger } from './triggers.js';

/*
 * The part of the Azure Functions Node.js worker that runs an app's code: it supplies the module
 * `@azure/functions-core` to the app's own `@azure/functions`, loads the entry files, and runs
 * functions with the hooks around them. The order of hooks, the lifetime of their data and the meaning
 * of errors are the real worker's (version 3.9).
 */

type Handler = (...args: unknown[]) => unknown;
type Hook = (context: object) => unknown;

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{
    returnValue?: ReturnedData | null;
    outputData?: { name: string; data: TypedData }[];
  }>;
}

interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel | Promise<InvocationModel>;
  /** Not before @azure/functions 4.3. */
  getCapabilities?(capabilities: object): Promise<{ HttpUri?: string }>;
}

/** What an invocation has of its own. */
interface RunningInvocation {
  readonly name: string;
  readonly log: LogLine[];
  /** Only while somebody watches. */
  readonly recording: Recording | undefined;
  context: object | undefined;
}

/** What is thrown where the real worker ends, since it cannot pass an error on. */
export class WorkerCrash extends Error {}

export class Worker {
  readonly #print: Log;
  readonly #recorder: Recorder;
  readonly #functions: Record<string, { registered: RegisteredFunction; handler: Handler }> = {};
  /** By their names. The lists are those that are run, so that a hook can change them while they are. */
  readonly #hooks = new Map<string, Hook[]>(
    ['appStart', 'preInvocation', 'postInvocation', 'appTerminate', 'log'].map((name) => [
      name,
      [],
    ]),
  );
  readonly #origins = new WeakMap<Hook, RawHook>();
  /** For the hooks of the app, from its start to its end. */
  readonly #appLevelHookData = {};
  /** For all hooks. */
  readonly #appHookData = {};
  #model: ProgrammingModel | undefined;
  #takesFunctions = true;
  #isConnected = false;

  constructor(print: Log, recorder: Recorder) {
    this.#print = print;
    this.#recorder = recorder;
  }

  /**
   * Loads the app and runs its `appStart` hooks.
   *
   * @throws What the app's code throws.
   */
  async load({ root, files, isModule }: LoadOrder): Promise<LoadedApp> {
    this.#supplyCoreModule();
    for (const file of files) {
      try {
        // The worker goes by the ending and package.json, and so does this.
        if (file.endsWith('.mjs') || (isModule && !file.endsWith('.cjs'))) {
          await import(pathToFileURL(file).href);
        } else {
          Module.createRequire(file)(file);
        }
      } catch (error) {
        this.#print(
          'error',
          HOST_CATEGORY,
          `Unable to load the entry file ${relative(root, file)}:`,
        );
        throw error;
      }
    }
    await this.#run('appStart', extended(this.#appContext(), { functionAppDirectory: root }));
    const httpUri = (await this.#model?.getCapabilities?.({}))?.HttpUri;
    // As long as this, the real worker takes functions; hooks it takes at any time.
    this.#takesFunctions = false;
    return {
      functions: Object.values(this.#functions).map(({ registered }) => registered),
      httpUri,
      isConnected: this.#isConnected,
      named: this.#recorder.named(),
    };
  }

  /** Runs the app's `appTerminate` hooks. */
  async terminate(): Promise<void> {
    await this.#run('appTerminate', this.#appContext());
  }

  #appContext(): object {
    return withReadOnly({ hookData: this.#appLevelHookData, appHookData: this.#appHookData });
  }

  /**
   * Runs a function with the hooks around it.
   *
   * @throws WorkerCrash for an error that the real worker cannot pass on.
   */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    const { id, name } = invocation;
    return this.#recorder.record(id, (recording) =>
      this.#settle(invocation, { name, log: [], recording, context: undefined }),
    );
  }

  async #settle(invocation: Invocation, running: RunningInvocation): Promise<InvocationResult> {
    try {
      return { ...(await this.#invoke(invocation, running)), log: running.log };
    } catch (error) {
      refuseUnspeakable(error);
      const message = error instanceof Error ? error.message : String(error ?? 'Unknown error');
      return {
        error: { message, detail: inspect(error) },
        hasValue: false,
        outputData: [],
        log: running.log,
      };
    }
  }

  async #invoke(
    { id, name, inputData, triggerMetadata, traceContext }: Invocation,
    running: RunningInvocation,
  ): Promise<Omit<InvocationResult, 'log'>> {
    const target = this.#functions[name];
    if (!this.#model || !target) {
      throw new Error(`The function ${name} is not loaded.`);
    }
    const core = {
      invocationId: id,
      metadata: { name, bindings: target.registered.bindings },
      request: { invocationId: id, inputData, triggerMetadata, traceContext },
      state: undefined as string | undefined,
      log: (level: Level, category: string, message: string) =>
        this.#log(level, category, message, running),
    };
    const model = await this.#model.getInvocationModel(core);
    const { context, inputs: args } = await model.getArguments();
    running.context = context;
    const shared = withReadOnly({
      hookData: {},
      appHookData: this.#appHookData,
      invocationContext: context,
    });
    const during = async (state: string, task: () => Promise<void>): Promise<void> => {
      core.state = state;
      try {
        await task();
      } finally {
        core.state = undefined;
      }
    };

    const { recording } = running;
    const handler = recording ? recording.watched(name, target.handler) : target.handler;
    const before = extended(shared, { inputs: args, functionCallback: handler });
    const stateBefore = () => ({ inputs: before.inputs, handler: before.functionCallback });
    await during('preInvocationHooks', () =>
      this.#run('preInvocation', before, recording && { recording, state: stateBefore }),
    );

    const { inputs, functionCallback } = before;
    const after = extended(shared, { inputs, result: null as unknown, error: null as unknown });
    await during('invocation', async () => {
      try {
        after.result = await model.invokeFunction(context, inputs, functionCallback);
      } catch (error) {
        after.error = error;
      }
    });
    await during('postInvocationHooks', () =>
      this.#run('postInvocation', after, recording && { recording, state: () => after }),
    );

    if ((after.error ?? undefined) !== undefined) {
      throw after.error;
    }
    const { returnValue, outputData } = await model.getResponse(context, after.result);
    return {
      hasValue: (after.result ?? undefined) !== undefined,
      returnValue,
      outputData: outputData ?? [],
    };
  }

  /** @param watched Of an invocation that somebody watches: what hooks can change. */
  async #run(
    name: string,
    context: object,
    watched?: { recording: Recording; state: () => State },
  ): Promise<void> {
    // The list itself, which changes where a hook removes one, or adds one.
    for (const hook of this.#hooksFor(name)) {
      const origin = watched && this.#origins.get(hook);
      await (origin
        ? watched.recording.raw(origin, watched.state, () => hook(context))
        : hook(context));
    }
  }

  #hooksFor(name: string): Hook[] {
    const hooks = this.#hooks.get(name);
    if (!hooks) {
      throw new RangeError(`There is no hook "${name}".`);
    }
    return hooks;
  }

  /** Log hooks may change what the app logs, not what the system logs. */
  #log(level: Level, category: string, message: string, running?: RunningInvocation): void {
    const entry = {
      hookData: {},
      appHookData: this.#appHookData,
      level,
      category,
      message,
      invocationContext: running?.context,
    };
    for (const hook of this.#hooksFor('log')) {
      hook(entry);
    }
    if (category !== 'user') {
      this.#print(level, running ? functionCategory(running.name) : HOST_CATEGORY, message);
      return;
    }
    running?.log.push({ level: entry.level, message: entry.message });
    running?.recording?.log(entry.level, entry.message);
    const name = running ? userCategory(running.name) : 'Function';
    this.#print(entry.level, name, entry.message);
  }

  #supplyCoreModule(): void {
    const core = {
      version: '3.9.1',
      hostVersion: '4.1000.0',
      setProgrammingModel: (model: ProgrammingModel) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      registerFunction: (
        metadata: { name: string; functionId?: string; bindings: Record<string, Binding> },
        handler: Handler,
      ) => this.#registerFunction(metadata, handler),
      registerHook: (name: string, hook: Hook) => this.#registerHook(name, hook),
      log: (level: Level, category: string, ...message: unknown[]) =>
        this.#log(level, category, format(...message)),
      Disposable,
    };
    const supply = (): typeof core => {
      this.#isConnected = true;
      return core;
    };
    const load = Module.prototype.require;
    Module.prototype.require = function (this: Module, id: string): unknown {
      return id === '@azure/functions-core' ? supply() : load.call(this, id);
    } as typeof load;
  }

  #registerHook(name: string, hook: Hook): Disposable {
    const hooks = this.#hooksFor(name);
    hooks.push(hook);
    this.#origins.set(hook, this.#recorder.registered(name));
    return new Disposable(() => {
      const index = hooks.indexOf(hook);
      if (index >= 0) {
        hooks.splice(index, 1);
      }
    });
  }

  #registerFunction(
    { name, bindings }: { name: string; bindings: Record<string, Binding> },
    handler: Handler,
  ): Disposable {
    if (!this.#takesFunctions) {
      throw new Error('A function can only be registered during app startup.');
    }
    // As in the worker, the names that every object has are taken.
    if (name in this.#functions) {
      throw new Error(`A function with id "${name}" has already been registered.`);
    }
    const [triggerName, trigger] =
      Object.entries(bindings).find(([, binding]) => isTrigger(binding)) ?? [];
    if (triggerName === undefined || !trigger) {
      throw new Error(`Function "${name}" has no trigger.`);
    }
    this.#functions[name] = {
      registered: { name, bindings, trigger: { ...trigger, name: triggerName } },
      handler,
    };
    return new Disposable(() => {
      if (!this.#takesFunctions) {
        throw new Error('A function can only be disposed during app startup.');
      }
      delete this.#functions[name];
    });
  }
}

/** What the worker returns for what can be taken back, once. */
class Disposable {
  #dispose: (() => void) | undefined;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose?.();
    this.#dispose = undefined;
  }
}

/** An object of which a hook can read the fields, and not set them. */
function withReadOnly<Fields extends object>(fields: Fields): Readonly<Fields> {
  return Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(fields).map(([name, value]: [string, unknown]) => [
        name,
        {
          enumerable: true,
          configurable: true,
          get: () => value,
          set: () => {
            throw new TypeError(`Cannot assign to read only property '${name}'`);
          },
        },
      ]),
    ),
  ) as Readonly<Fields>;
}

function extended<Shared extends object, Own extends object>(shared: Shared, own: Own) {
  return Object.assign(
    Object.defineProperties({}, Object.getOwnPropertyDescriptors(shared)),
    own,
  ) as Shared & Own;
}

/**
 * The real worker sends the message of an error: it makes `message` writable, or JSON of what is no error.
 * Where it cannot, it ends.
 */
function refuseUnspeakable(error: unknown): void {
  try {
    if (!(error instanceof Error)) {
      JSON.stringify(error);
    } else if (Object.getOwnPropertyDescriptor(error, 'message')?.writable !== true) {
      Object.defineProperty(error, 'message', { value: error.message, writable: true });
    }
  } catch (reason) {
    throw new WorkerCrash(
      `The worker cannot pass on what was thrown: ${(reason as Error).message}`,
      { cause: error },
    );
  }
}
