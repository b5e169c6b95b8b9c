import { app } from '@azure/functions';
import type {
  AppStartContext,
  AppTerminateContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { type FunctionTarget, TargetMap } from './function-target';
import { extensionsEnabled, isolated } from './hooks';
import { InvocationData } from './invocation-data';

/** The instances of each extension. All instances of a class share its hooks. */
const classes = new Map<object, TargetMap<FuncExtensionBase>>();

/**
 * Base of a worker extension at function level: middleware around the invocations of those
 * functions that an instance is created for.
 *
 * A subclass implements the hooks that it needs. Hooks run one after the other in the order of
 * their registration, and may be asynchronous. Invocations overlap: what belongs to one of them
 * goes into an `InvocationData`, never into a field. Where more than one instance of a class
 * matches an invocation, the one that was created last acts, and it alone.
 */
export abstract class FuncExtensionBase<Options extends object = object> {
  /**
   * Whether the extension lets nothing pass when it fails: then an error in `init` stops the app, and
   * one in `preInvocation` fails the invocation, and a target whose
   * predicate throws matches. Default: `false`, so errors are logged and
   * skipped.
   */
  static readonly failClosed: boolean = false;

  /** What the customer has passed to the constructor. */
  protected readonly options: Readonly<Options>;

  /** Runs once, before the class's hooks are registered. If it throws, the extension stays off. */
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
   * @param target The functions that this instance acts on.
   * @param options What differs from the defaults.
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

/** A class that extends `FuncExtensionBase`. */
interface ExtensionClass {
  readonly name: string;
  readonly failClosed: boolean;
  init?(): void;
}

function register(extension: ExtensionClass): TargetMap<FuncExtensionBase> {
  const { failClosed } = extension;
  const instances = new TargetMap<FuncExtensionBase>(failClosed);
  if (!extensionsEnabled()) {
    return instances;
  }
  try {
    extension.init?.();
  } catch (error) {
    if (failClosed) {
      throw error;
    }
    console.error(`${extension.name}.init failed, the extension stays off:`, error);
    return instances;
  }
  /** The instance that acts is chosen once for an invocation, before it. */
  const acting = new InvocationData<FuncExtensionBase>();
  const name = (method: string) => `${extension.name}.${method}`;
  for (const method of ['appStart', 'appTerminate'] as const) {
    app.hook[method](async (context) => {
      for (const instance of instances.values()) {
        await isolated(name(method), () => instance[method]?.(context))(context);
      }
    });
  }
  const choose = (context: PreInvocationContext) => {
    const instance = instances.find(context.invocationContext);
    if (instance) {
      acting.set(context.invocationContext, instance);
      return instance.preInvocation?.(context);
    }
  };
  const before = isolated(name('preInvocation'), choose, failClosed);
  const after = isolated(name('postInvocation'), (context: PostInvocationContext) =>
    acting.get(context.invocationContext)?.postInvocation?.(context),
  );
  app.hook.preInvocation(before);
  app.hook.postInvocation(after);
  return instances;
}
