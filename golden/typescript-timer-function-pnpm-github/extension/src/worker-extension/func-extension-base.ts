import { app } from '@azure/functions';
import type {
  AppStartContext,
  AppTerminateContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { type FunctionTarget, TargetMap } from './function-target';
import { type Extension, hookUp, type LogContext, Place } from './hooks';
import type { AroundInvocationContext, Next } from './invocation';

/** The instances of each extension. All instances of a class share its hooks. */
const classes = new Map<object, TargetMap<FuncExtensionBase>>();

/**
 * Base of a worker extension at function level: middleware around the invocations of those
 * functions that an instance is created for.
 *
 * A subclass implements the hooks that it needs. Hooks may be asynchronous. Invocations overlap: what
 * belongs to one of them goes into an `InvocationData`, never into a field. Where more than one instance of
 * a class matches an invocation, the one that was created last acts, and no other.
 */
export abstract class FuncExtensionBase<Options extends object = object> {
  /**
   * Whether the extension lets nothing pass when it fails, and when it is switched off: then an error in
   * `init` stops the app, and any other, also one of a predicate, fails the invocation. Default: `false`,
   * so errors are logged and skipped.
   */
  static readonly failClosed: boolean = false;

  /**
   * Where it stands around the function: lower numbers are further out, and see what those further in
   * do. Customers may set it before the first invocation. Default: `Place.adapt`, next to the function.
   */
  static place: number = Place.adapt;

  /** Name of its package. Where that is in an app twice, one copy acts. Default: none, so all copies act. */
  static readonly packageName?: string;

  /** What the customer has passed to the constructor. */
  protected readonly options: Readonly<Options>;

  /**
   * Runs once, before the class's hooks are registered. If it fails, the extension stays off. The app does
   * not start before it has ended.
   */
  static init?(): void | Promise<void>;

  /** Runs once, when all files of the app have loaded, before the first invocation. */
  appStart?(context: AppStartContext): void | Promise<void>;

  /**
   * Runs around a function, and what extensions further in do. `await next()` runs it, and returns its
   * result or throws its error. May change `context.inputs` before that, return another result, or
   * answer without calling `next`. If it returns nothing, the result stays.
   */
  aroundInvocation?(context: AroundInvocationContext, next: Next): unknown;

  /**
   * Runs before a function. May change `context.inputs`, or answer in the function's place by
   * setting `context.functionHandler`.
   */
  preInvocation?(context: PreInvocationContext): void | Promise<void>;

  /**
   * Runs after a function, also after one that failed: then `context.error` is set. May set
   * `context.result`. Hooks after a function run in the order of their registration, whatever their place.
   */
  postInvocation?(context: PostInvocationContext): void | Promise<void>;

  /** Runs once, when the app shuts down gracefully. */
  appTerminate?(context: AppTerminateContext): void | Promise<void>;

  /** Runs for each line that its functions log. May change it, but not of the system. Needs host 4.34. */
  log?(context: LogContext): void;

  /**
   * @param target The functions that this instance acts on.
   * @param options What differs from the defaults.
   * @throws TypeError for a target that no function can match: an empty name or list.
   */
  constructor(target: FunctionTarget, options?: Options) {
    this.options = { ...options } as Options;
    const instances = classes.get(new.target) ?? register(new.target);
    classes.set(new.target, instances);
    instances.add(target, this);
  }

  /** Ends what this instance does. An earlier one with the same target takes over. */
  dispose(): void {
    classes.get(this.constructor)?.delete(this);
  }
}

function register(
  extension: Extension & { readonly prototype: FuncExtensionBase },
): TargetMap<FuncExtensionBase> {
  const instances = new TargetMap<FuncExtensionBase>(extension);
  hookUp(extension, {
    all: () => instances.values(),
    find: (context) => context && instances.find(context),
    has: (hook) => extension.prototype[hook] !== undefined,
    named: () => instances.named(),
  });
  app.hook.appTerminate(() => instances.reportUnused());
  return instances;
}
