import type { FunctionHandler, InvocationContext, PreInvocationContext } from '@azure/functions';

/*
 * The chain of extensions around an invocation. All packages in an app share it, so the first of them
 * is the outermost wherever it comes from.
 *
 * The protocol, version 1: the chain is a property of the invocation context, under `KEY`. Who finds none
 * puts one there, and replaces the function's handler by one that runs it. Who finds one adds a link to
 * `links`. Later versions may add fields, and never change or remove one, so a chain can be run by any
 * version of this file, and joined by any other.
 */

const KEY = Symbol.for('azfunc-worker-extension.chain');

/** An invocation, for what runs around it. */
export interface AroundInvocationContext {
  readonly invocationContext: InvocationContext;
  /** What the function gets. May be changed, and replaced. */
  inputs: unknown[];
}

/** Goes on: to the next extension, and in the end to the function. Returns its result. */
export type Next = () => Promise<unknown>;

/** An extension in the chain. */
export interface Link {
  /** Lower numbers are further out. Among equals, the first to join is further out. */
  readonly place: number;
  around(context: AroundInvocationContext, next: Next): unknown;
}

interface Chain {
  readonly version: 1;
  readonly links: Link[];
  /** What is in the middle: the function. */
  handler: FunctionHandler;
  /** What runs the chain. */
  readonly run: FunctionHandler;
  /** Whether it has been run. A foreign hook may have put a handler of its own in its place. */
  hasRun: boolean;
  /** What was thrown in the middle, whatever an extension has made of it since. */
  failure?: { readonly error: unknown };
}

/** Adds an extension to the chain around an invocation. */
export function join(context: PreInvocationContext, link: Link): void {
  const { links } = chainOf(context.invocationContext) ?? begin(context);
  links.push(link);
}

/**
 * Runs a hook that may replace the function's handler, so that what it puts there is in the middle of the
 * chain and not around it.
 */
export function inMiddle(
  context: PreInvocationContext,
  hook: () => void | Promise<void>,
): void | Promise<void> {
  const chain = chainOf(context.invocationContext);
  // Of a handler that a foreign hook has put around the chain, nothing is known.
  if (!chain || context.functionHandler !== chain.run) {
    return hook();
  }
  context.functionHandler = chain.handler;
  const restore = () => {
    chain.handler = context.functionHandler;
    context.functionHandler = chain.run;
  };
  let pending: void | Promise<void>;
  try {
    pending = hook();
  } catch (error) {
    restore();
    throw error;
  }
  if (!pending) {
    restore();
    return undefined;
  }
  return pending.finally(restore);
}

/** Whether the chain around an invocation has been run. */
export function hasRun(context: InvocationContext): boolean {
  return chainOf(context)?.hasRun === true;
}

/**
 * What the function has thrown, also where an extension further in has answered it.
 *
 * @returns Nothing, if it has not failed, or if no extension is around it.
 */
export function failureOf(context: InvocationContext): { readonly error: unknown } | undefined {
  return chainOf(context)?.failure;
}

/** Whether an invocation is that of an HTTP request, so that somebody waits for a response. */
export function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}

function chainOf(context: InvocationContext): Chain | undefined {
  return (context as { [KEY]?: Chain })[KEY];
}

function begin(context: PreInvocationContext): Chain {
  const { invocationContext, functionHandler } = context;
  const chain: Chain = {
    version: 1,
    links: [],
    handler: functionHandler,
    run: (...args: unknown[]) =>
      run(chain, { invocationContext, inputs: args.slice(0, -1) }) as Promise<undefined>,
    hasRun: false,
  };
  // Not enumerable, so nobody sees it who prints the context.
  Object.defineProperty(invocationContext, KEY, { value: chain });
  context.functionHandler = chain.run;
  return chain;
}

function run(chain: Chain, context: AroundInvocationContext): Promise<unknown> {
  chain.hasRun = true;
  const links = inOrder(chain.links);
  const from = (index: number): Promise<unknown> => {
    const link = links[index];
    return link
      ? Promise.resolve(link.around(context, () => from(index + 1)))
      : callFunction(chain, context);
  };
  return from(0);
}

/** Most often they have joined in the order of their places, and sorting takes time. */
function inOrder(links: readonly Link[]): readonly Link[] {
  const isSorted = links.every(({ place }, index) => (links[index - 1]?.place ?? place) <= place);
  return isSorted ? links : [...links].sort((one, other) => one.place - other.place);
}

async function callFunction(chain: Chain, context: AroundInvocationContext): Promise<unknown> {
  const handler = chain.handler as (...args: unknown[]) => unknown;
  try {
    return await handler(...context.inputs, context.invocationContext);
  } catch (error) {
    chain.failure = { error };
    throw error;
  }
}

/**
 * What an extension keeps for one invocation: from one hook to the next, and from a hook to the
 * function. It is typed, nobody else can read it or sees it in a log, and it goes when the invocation
 * ends.
 *
 * Hooks find their invocation in `context.invocationContext`, and a function gets it as its second
 * argument. So an extension hands something to functions by a static method that reads it:
 *
 *     const users = new InvocationData<User>();
 *     // in a hook:
 *     users.set(context.invocationContext, user);
 *     // in the class, for functions to call:
 *     static user(context: InvocationContext): User | undefined {
 *       return users.get(context);
 *     }
 */
export class InvocationData<T> {
  readonly #values = new WeakMap<InvocationContext, T>();

  get(context: InvocationContext): T | undefined {
    return this.#values.get(context);
  }

  set(context: InvocationContext, value: T): void {
    this.#values.set(context, value);
  }
}
