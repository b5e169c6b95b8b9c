import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

/*
 * The part of the Azure Functions Node.js worker that runs an app's code: it supplies the module
 * `@azure/functions-core` to the app's own `@azure/functions`, loads the entry files, and runs
 * functions with the hooks around them. The order of hooks and the meaning of errors are the real
 * worker's (version 3.9).
 */

/** A value on its way between host and worker, as in the worker's protocol. */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: HttpRequestData;
}

/** An HTTP request on its way to the function. */
export interface HttpRequestData {
  method: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  params: Record<string, string>;
  body?: { bytes: Uint8Array };
}

/** An HTTP response on its way from the function. */
export interface HttpResponseData {
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: CookieData[];
  body?: { bytes?: Uint8Array } | null;
}

export interface CookieData {
  name: string;
  value: string;
  domain?: { value: string };
  path?: { value: string };
  expires?: { value: { seconds: number } };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: { value: number };
}

/** A trigger or another binding of a function, with whatever settings its kind has. */
export interface Binding {
  type: string;
  direction: 'in' | 'out';
  methods?: string[];
  route?: string;
}

export interface RegisteredFunction {
  name: string;
  trigger: Binding & { name: string };
  bindings: Record<string, Binding>;
  handler: Handler;
}

/** The span that an invocation is a child of, as W3C Trace Context has it. */
export interface TraceContext {
  traceParent?: string;
  traceState?: string;
}

export interface Invocation {
  id: string;
  target: RegisteredFunction;
  /** What the trigger passes to the function. */
  data: TypedData;
  triggerMetadata?: Record<string, TypedData>;
  traceContext?: TraceContext;
}

export interface InvocationResult {
  /** Whether the function returned a value, as opposed to null or undefined. */
  hasValue: boolean;
  http: HttpResponseData | undefined;
}

export type LogLevel =
  'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type Log = (level: LogLevel, message: string) => void;

type Handler = (...args: unknown[]) => unknown;
type Hook = (context: object) => unknown;

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{ returnValue?: { http?: HttpResponseData } }>;
}

interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel | Promise<InvocationModel>;
  /** Not before @azure/functions 4.3. */
  getCapabilities?(capabilities: object): Promise<{ HttpUri?: string }>;
}

export class Worker {
  readonly functions = new Map<string, RegisteredFunction>();
  /** Where HTTP requests go if the app has set `enableHttpStream`. */
  httpUri: string | undefined;
  readonly #hooks = new Map(
    ['appStart', 'preInvocation', 'postInvocation', 'appTerminate', 'log'].map((name) => [
      name,
      new Set<Hook>(),
    ]),
  );
  #model: ProgrammingModel | undefined;
  #started = false;

  constructor(readonly log: Log) {}

  /**
   * Loads the app and runs its `appStart` hooks.
   *
   * @throws What the app's code throws.
   */
  async start(files: string[], isModule: boolean): Promise<void> {
    this.#supplyCoreModule();
    for (const file of files) {
      // The worker goes by the ending and package.json, and so does this.
      if (file.endsWith('.mjs') || (isModule && !file.endsWith('.cjs'))) {
        await import(pathToFileURL(file).href);
      } else {
        Module.createRequire(file)(file);
      }
    }
    this.#started = true;
    await this.#run('appStart', { hookData: {} });
    this.httpUri = (await this.#model?.getCapabilities?.({}))?.HttpUri;
  }

  /** Runs the app's `appTerminate` hooks. */
  async terminate(): Promise<void> {
    await this.#run('appTerminate', { hookData: {} });
  }

  /**
   * Runs a function with the hooks around it.
   *
   * @throws What makes the invocation fail: an error of the function that no hook has cleared, an
   *   error of a hook, or a result that cannot be converted.
   */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { id, target, data, triggerMetadata = {}, traceContext = {} } = invocation;
    if (!this.#model) {
      throw new Error('The app has not loaded @azure/functions.');
    }
    let context: object | undefined;
    const core = {
      invocationId: id,
      metadata: { name: target.name, bindings: target.bindings },
      request: {
        invocationId: id,
        inputData: [{ name: target.trigger.name, data }],
        triggerMetadata,
        traceContext,
      },
      state: undefined as string | undefined,
      log: (level: LogLevel, category: string, message: string) =>
        this.#log(level, category, message, context),
    };
    const model = await this.#model.getInvocationModel(core);
    const args = await model.getArguments();
    context = args.context;
    const hookData = {};
    const before = {
      hookData,
      invocationContext: context,
      inputs: args.inputs,
      functionCallback: target.handler,
    };
    core.state = 'preInvocationHooks';
    await this.#run('preInvocation', before);

    const { inputs, functionCallback } = before;
    const after = {
      hookData,
      invocationContext: context,
      inputs,
      result: null as unknown,
      error: null as unknown,
    };
    core.state = 'invocation';
    try {
      after.result = await model.invokeFunction(context, inputs, functionCallback);
    } catch (error) {
      after.error = error;
    }
    core.state = 'postInvocationHooks';
    await this.#run('postInvocation', after);
    core.state = undefined;

    if ((after.error ?? undefined) !== undefined) {
      throw after.error;
    }
    const { returnValue } = await model.getResponse(context, after.result);
    return { hasValue: (after.result ?? undefined) !== undefined, http: returnValue?.http };
  }

  async #run(name: string, context: object): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) {
      await hook(context);
    }
  }

  /** Log hooks may change what the app logs, not what the system logs. */
  #log(level: LogLevel, category: string, message: string, invocationContext?: object): void {
    const entry = { hookData: {}, level, category, message, invocationContext };
    for (const hook of this.#hooks.get('log') ?? []) {
      hook(entry);
    }
    if (category === 'user') {
      this.log(entry.level, entry.message);
    } else {
      this.log(level, message);
    }
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
        metadata: { name: string; bindings: Record<string, Binding> },
        handler: Handler,
      ) => this.#registerFunction(metadata, handler),
      registerHook: (name: string, hook: Hook) => {
        const hooks = this.#hooks.get(name);
        if (!hooks) {
          throw new RangeError(`There is no hook "${name}".`);
        }
        hooks.add(hook);
        return { dispose: () => hooks.delete(hook) };
      },
      log: (level: LogLevel, category: string, ...message: unknown[]) =>
        this.#log(level, category, format(...message)),
    };
    const load = Module.prototype.require;
    Module.prototype.require = function (this: Module, id: string): unknown {
      return id === '@azure/functions-core' ? core : load.call(this, id);
    } as typeof load;
  }

  #registerFunction(
    { name, bindings }: { name: string; bindings: Record<string, Binding> },
    handler: Handler,
  ) {
    const key = name.toLowerCase();
    if (this.#started) {
      throw new Error(`Function "${name}" was registered after the start of the app.`);
    }
    if (this.functions.has(key)) {
      throw new Error(`There are two functions named "${name}".`);
    }
    const [triggerName, trigger] =
      Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
    if (!triggerName || !trigger) {
      throw new Error(`Function "${name}" has no trigger.`);
    }
    this.functions.set(key, {
      name,
      trigger: { ...trigger, name: triggerName },
      bindings,
      handler,
    });
    return { dispose: () => this.functions.delete(key) };
  }
}
