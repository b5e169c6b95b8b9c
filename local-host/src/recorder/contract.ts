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
  /** Older extensions do not tell. */
  named?(): NamedTargets;
}

/** The functions that targets name, and the triggers, of which one in each list has to be there. */
export interface NamedTargets {
  readonly functions: readonly string[];
  readonly triggers: readonly (readonly string[])[];
}

/** What an extension names and the app has to have. */
export interface NamedByExtension extends NamedTargets {
  /** Its class. */
  readonly extension: string;
  /** App settings that its package says it reads. */
  readonly settings: readonly string[];
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
