import { app } from '@azure/functions';
import type {
  AppStartContext,
  AppTerminateContext,
  Disposable,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { extensionsEnabled, isolated } from './hooks';

const registered = new Map<typeof AppExtensionBase, Disposable[]>();

/**
 * Base of a worker extension at application level: middleware around every invocation of every
 * function of the app.
 *
 * A subclass implements the hooks that it needs as static methods, and its module calls
 * `register()`, so that importing the package is all it takes. Hooks run one after the other in the
 * order of their registration, and may be asynchronous. Invocations overlap: what belongs to one of
 * them goes into an `InvocationData`, never into a variable.
 */
export abstract class AppExtensionBase {
  /**
   * Runs once, on import, before the hooks are registered. If it throws, the extension stays off.
   */
  static init?(): void;

  /** What the customer calls to change the defaults. Optional, and allowed more than once. */
  static configure?(options?: object): void;

  /** Runs once, when all files of the app have loaded, before the first invocation. */
  static appStart?(context: AppStartContext): void | Promise<void>;

  /**
   * Runs before a function. May change `context.inputs`, or answer in the function's place by
   * setting `context.functionHandler`.
   */
  static preInvocation?(context: PreInvocationContext): void | Promise<void>;

  /**
   * Runs after a function, also after one that failed: then `context.error` is set. May set
   * `context.result`.
   */
  static postInvocation?(context: PostInvocationContext): void | Promise<void>;

  /** Runs once, when the app shuts down gracefully. */
  static appTerminate?(context: AppTerminateContext): void | Promise<void>;

  /**
   * Initializes the extension and registers those hooks that it implements. Does nothing where that
   * has been done, or while extensions are switched off.
   */
  static register(): void {
    if (registered.has(this) || !extensionsEnabled()) {
      return;
    }
    try {
      this.init?.();
    } catch (error) {
      console.error(`${this.name}.init failed, the extension stays off:`, error);
      return;
    }
    const { hook } = app;
    const name = (method: string) => `${this.name}.${method}`;
    registered.set(
      this,
      [
        this.appStart && hook.appStart(isolated(name('appStart'), this.appStart.bind(this))),
        this.preInvocation &&
          hook.preInvocation(isolated(name('preInvocation'), this.preInvocation.bind(this))),
        this.postInvocation &&
          hook.postInvocation(isolated(name('postInvocation'), this.postInvocation.bind(this))),
        this.appTerminate &&
          hook.appTerminate(isolated(name('appTerminate'), this.appTerminate.bind(this))),
      ].filter((one) => one !== undefined),
    );
  }

  /** Takes the hooks out again. A later `register()` starts anew. */
  static dispose(): void {
    registered.get(this)?.forEach((hook) => hook.dispose());
    registered.delete(this);
  }
}
