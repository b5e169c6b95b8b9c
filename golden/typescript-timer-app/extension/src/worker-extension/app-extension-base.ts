import type {
  AppStartContext,
  AppTerminateContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { hookUp, type LogContext, Place } from './hooks';
import type { AroundInvocationContext, Next } from './invocation';

/** A class that extends `AppExtensionBase`. */
interface ExtensionClass<Options extends object> {
  new (options?: Options): AppExtensionBase<Options>;
  readonly name: string;
  readonly failClosed: boolean;
  readonly place: number;
  readonly packageName?: string;
  init?(): void | Promise<void>;
}

/** What there is of an extension. */
interface State {
  /** The instance that acts. */
  instance: AppExtensionBase | undefined;
  isRegistered: boolean;
  isOn: boolean;
}

const states = new WeakMap<object, State>();

function stateOf(extension: object): State {
  const state = states.get(extension) ?? { instance: undefined, isRegistered: false, isOn: false };
  states.set(extension, state);
  return state;
}

/**
 * Base of a worker extension at application level: middleware around every invocation of every
 * function of the app.
 *
 * A subclass implements the hooks that it needs, and its package calls `register()`, so that
 * importing the package is all it takes. Hooks may be asynchronous. Invocations overlap: what belongs to
 * one of them goes into an `InvocationData`, never into a field.
 */
export abstract class AppExtensionBase<Options extends object = object> {
  /**
   * Whether the extension lets nothing pass when it fails, and when it is switched off: then an error in
   * `init` stops the app, and any other fails the invocation. Default: `false`, so errors are logged and
   * skipped.
   */
  static readonly failClosed: boolean = false;

  /**
   * Where it stands around the function: lower numbers are further out, and see what those further in
   * do. Customers may set it before the first invocation. Default: `Place.adapt`, next to the function.
   */
  static place: number = Place.adapt;

  /** Name of its package. Where that is in an app twice, one copy acts. Default: none, so all copies act. */
  static readonly packageName?: string;

  /** What the customer has passed to `configure`. */
  protected readonly options: Readonly<Options>;

  /** Called by `register` and `configure`, never by a customer. */
  constructor(options?: Options) {
    this.options = { ...options } as Options;
  }

  /**
   * Runs once, on import, before the hooks are registered. If it fails, the extension stays off. The app
   * does not start before it has ended.
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

  /** Runs for each line that the app logs. May change it, but not of the system. Needs host 4.34. */
  log?(context: LogContext): void;

  /**
   * Changes the defaults. Optional; a later call replaces the options of an earlier one, and
   * registers nothing twice.
   */
  static configure<Options extends object>(this: ExtensionClass<Options>, options?: Options): void {
    stateOf(this).instance = new this(options);
  }

  /**
   * Initializes the extension and registers the hooks that it implements. Does nothing where that
   * has been done, or while extensions are switched off.
   */
  static register<Options extends object>(this: ExtensionClass<Options>): void {
    const state = stateOf(this);
    state.isOn = true;
    if (state.isRegistered) {
      return;
    }
    state.isRegistered = true;
    const first = (state.instance ??= new this());
    const current = () => (state.isOn ? state.instance : undefined);
    hookUp(this, {
      all: () => [current()].filter((one) => one !== undefined),
      find: current,
      has: (hook) => first[hook] !== undefined,
    });
  }

  /** Switches the extension off. `register()` switches it on again. */
  static dispose(): void {
    // Its hooks stay, since the worker skips the hook after one that is removed while hooks run.
    stateOf(this).isOn = false;
  }
}
