import { randomUUID } from 'node:crypto';
import Module from 'node:module';
import { format } from 'node:util';
import {
  type FunctionHandler,
  InvocationContext,
  type LogLevel,
  type TraceContext,
} from '@azure/functions';

type Hook = (context: object) => void | Promise<void>;

/** The hooks that the extension has registered, by name. */
export const hooks: Record<string, Hook[]> = {
  appStart: [],
  preInvocation: [],
  postInvocation: [],
  appTerminate: [],
  log: [],
};

/*
 * The worker gives `@azure/functions` this module, which is not available outside the worker. Hence
 * this file is imported before the extension: from then on `app.hook.*` registers here.
 */
const core = {
  registerHook(name: string, hook: Hook) {
    if (!hooks[name]) {
      throw new RangeError(`Unrecognized hook "${name}"`);
    }
    hooks[name].push(hook);
    return { dispose: () => hooks[name]?.splice(hooks[name].indexOf(hook), 1) };
  },
};
const load = Module.prototype.require;
Module.prototype.require = function (this: Module, id: string): unknown {
  return id === '@azure/functions-core' ? core : load.call(this, id);
} as typeof load;

/** What is invoked: by default a function `HttpTrigger` with an HTTP trigger. */
export interface Invocation {
  handler: FunctionHandler;
  functionName?: string;
  triggerType?: string;
  /** Settings of the trigger besides its type, such as `route`. */
  trigger?: object;
  /** What the trigger passes to the function. */
  inputs?: unknown[];
  traceContext?: TraceContext;
  triggerMetadata?: Record<string, unknown>;
}

/** What came of it, and what was logged for it, as `level: message`. */
export interface Outcome {
  result: unknown;
  error: unknown;
  logs: string[];
}

/**
 * Invokes a function with all hooks around it, in the order and by the rules of the real worker.
 */
export async function invoke({
  handler,
  functionName = 'HttpTrigger',
  triggerType = 'httpTrigger',
  trigger,
  inputs: given = ['input'],
  traceContext,
  triggerMetadata,
}: Invocation): Promise<Outcome> {
  const logs: string[] = [];
  const hookData = {};
  const invocationContext: InvocationContext = new InvocationContext({
    invocationId: randomUUID(),
    functionName,
    options: { trigger: { ...trigger, type: triggerType, name: 'trigger' } },
    traceContext,
    triggerMetadata,
    logHandler: (level: LogLevel, ...args: unknown[]) => {
      const line = { level, message: format(...args), category: 'user', invocationContext };
      hooks.log?.forEach((hook) => void hook(line));
      logs.push(`${line.level}: ${line.message}`);
    },
  });
  const before = { hookData, invocationContext, inputs: given, functionCallback: handler };
  await run('preInvocation', before);
  const { inputs, functionCallback } = before;
  const after = {
    hookData,
    invocationContext,
    inputs,
    result: null as unknown,
    error: null as unknown,
  };
  try {
    after.result = await functionCallback(inputs[0], invocationContext);
  } catch (error) {
    after.error = error;
  }
  await run('postInvocation', after);
  return { result: after.result, error: after.error, logs };
}

/** Runs all hooks of one name, one after the other. As in the worker, the list may change meanwhile. */
export async function run(name: string, context: object = { hookData: {} }): Promise<void> {
  for (const hook of hooks[name] ?? []) {
    await hook(context);
  }
}
