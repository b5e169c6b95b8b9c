/*
 * What this host knows of the contract of worker extensions (`worker-extension/hooks.ts` in an extension).
 * Where `OBSERVER` on the global is a function, the contract passes it each extension that is switched on, and
 * uses the instances that it returns.
 */

export const OBSERVER = Symbol.for('azfunc-worker-extension.observer');

export interface Extension {
  readonly name: string;
  readonly failClosed: boolean;
  readonly place: number;
  readonly packageName?: string;
}

export interface Instances {
  all(): Hooks[];
  /** @param context None for what belongs to no invocation. */
  find(context: InvocationContext | undefined): Hooks | undefined;
  has(hook: string): boolean;
}

export type Observer = (extension: Extension, instances: Instances) => Instances;

export interface InvocationContext {
  readonly invocationId: string;
}

export interface AroundContext {
  readonly invocationContext: InvocationContext;
  inputs: unknown[];
}

export type Next = () => Promise<unknown>;

/** The part of a context that hooks can change. */
export interface HookContext {
  readonly invocationContext: InvocationContext;
  inputs: unknown[];
  functionHandler?: unknown;
  result?: unknown;
  error?: unknown;
}

export interface Hooks {
  appStart?(context: object): unknown;
  preInvocation?(context: HookContext): unknown;
  aroundInvocation?(context: AroundContext, next: Next): unknown;
  postInvocation?(context: HookContext): unknown;
  log?(context: object): unknown;
  appTerminate?(context: object): unknown;
}

/** In the order in which they run. */
export const METHODS = [
  'appStart',
  'preInvocation',
  'aroundInvocation',
  'postInvocation',
  'log',
  'appTerminate',
] as const;
