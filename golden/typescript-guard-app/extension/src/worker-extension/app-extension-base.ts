import { app } from '@azure/functions';
import type {
  AppStartContext,
  AppTerminateContext,
  Disposable,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { extensionsEnabled, isolated } from './hooks';

/** A class that extends `AppExtensionBase`. */
interface ExtensionClass<Options extends object> {
  new (options?: Options): AppExtensionBase<Options>;
  readonly name: string;
  readonly failClosed: boolean;
  init?(): void;
}

/** The instance that acts for each extension, and the hooks of those that are registered. */
const acting = new WeakMap<object, AppExtensionBase>();
const registered = new WeakMap<object, Disposable[]>();

/**
 * Base of a worker extension at application level: middleware around every invocation of every
 * function of the app.
 *
 * A subclass implements the hooks that it needs, and its package calls `register()`, so that
 * importing the package is all it takes. Hooks run one after the other in the order of their
 * registration, and may be asynchronous. Invocations overlap: what belongs to one of them goes into
 * an `InvocationData`, never into a field.
 */
export abstract class AppExtensionBase<Options extends object = object> {
  /**
   * Whether the extension lets nothing pass when it fails: then an error in `init` stops the app, and
   * one in `preInvocation` fails the invocation. Default: `false`, so errors are logged and
   * skipped.
   */
  static readonly failClosed: boolean = false;

  /** What the customer has passed to `configure`. */
  protected readonly options: Readonly<Options>;

  /** Called by `register` and `configure`, never by a customer. */
  constructor(options?: Options) {
    this.options = { ...options } as Options;
  }

  /**
   * Runs once, on import, before the hooks are registered. If it throws, the extension stays off.
   */
  static init?(): void;

  /** Runs once, when all files of the app have loaded, before the first invocation. */
  appStart?(context: AppStartContext): void | Promise<void>;

  /**
   * Runs before a function. May change `context.inputs`, or answer in the function's place by
   * setting `context.functionHandler`.
   */
  preInvocation?(context: PreInvocationContext): void | Promise<void>;

  /**
   * Runs after a function, also after one that failed: then `context.error` is set. May set
   * `context.result`.
   */
  postInvocation?(context: PostInvocationContext): void | Promise<void>;

  /** Runs once, when the app shuts down gracefully. */
  appTerminate?(context: AppTerminateContext): void | Promise<void>;

  /**
   * Changes the defaults. Optional; a later call replaces the options of an earlier one, and
   * registers nothing twice.
   */
  static configure<Options extends object>(this: ExtensionClass<Options>, options?: Options): void {
    acting.set(this, new this(options));
  }

  /**
   * Initializes the extension and registers the hooks that it implements. Does nothing where that
   * has been done, or while extensions are switched off.
   */
  static register<Options extends object>(this: ExtensionClass<Options>): void {
    if (registered.has(this) || !extensionsEnabled()) {
      return;
    }
    const { name, failClosed } = this;
    try {
      this.init?.();
    } catch (error) {
      if (failClosed) {
        throw error;
      }
      console.error(`${name}.init failed, the extension stays off:`, error);
      return;
    }
    const first = acting.get(this) ?? new this();
    acting.set(this, first);
    const current = () => acting.get(this) ?? first;
    const { hook } = app;
    const hooks = [
      first.appStart &&
        hook.appStart(isolated(`${name}.appStart`, (context) => current().appStart?.(context))),
      first.preInvocation &&
        hook.preInvocation(
          isolated(
            `${name}.preInvocation`,
            (context: PreInvocationContext) => current().preInvocation?.(context),
            failClosed,
          ),
        ),
      first.postInvocation &&
        hook.postInvocation(
          isolated(`${name}.postInvocation`, (context: PostInvocationContext) =>
            current().postInvocation?.(context),
          ),
        ),
      first.appTerminate &&
        hook.appTerminate(
          isolated(`${name}.appTerminate`, (context) => current().appTerminate?.(context)),
        ),
    ];
    registered.set(
      this,
      hooks.filter((one) => one !== undefined),
    );
  }

  /** Removes the hooks. `register()` adds them again. */
  static dispose(): void {
    registered.get(this)?.forEach((hook) => hook.dispose());
    registered.delete(this);
  }
}
