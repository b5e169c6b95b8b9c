import type {
  AppStartContext,
  AppTerminateContext,
  InvocationContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { InvocationData } from './worker-extension/invocation-data';

/** Options of {@link BlankExtension}. */
export interface BlankOptions {
  /** Log each invocation, before it and after it. Default: `true`. */
  log?: boolean;
}

/** What the extension hands to functions. */
export interface BlankData {
  /** When the invocation has begun. */
  startedAt: Date;
}

const data = new InvocationData<BlankData>();

/** Acts on every invocation in the app. */
export class BlankExtension extends AppExtensionBase<BlankOptions> {
  /** Runs once, on import, before the hooks are registered. */
  static override init(): void {}

  /** What the hooks have noted for an invocation. Functions call it with their context. */
  static data(context: InvocationContext): BlankData | undefined {
    return data.get(context);
  }

  /** Runs once, when all files of the app have loaded. */
  override appStart(_context: AppStartContext): void {}

  /** Runs before a function: may change `inputs`, or answer by setting `functionHandler`. */
  override preInvocation({ invocationContext }: PreInvocationContext): void {
    data.set(invocationContext, { startedAt: new Date() });
    if (this.options.log ?? true) {
      invocationContext.log(`BlankExtension: before ${invocationContext.functionName}`);
    }
  }

  /** Runs after a function, also after one that failed: may set `result`, or clear `error`. */
  override postInvocation({ invocationContext }: PostInvocationContext): void {
    if (this.options.log ?? true) {
      invocationContext.log(`BlankExtension: after ${invocationContext.functionName}`);
    }
  }

  /** Runs once, when the app shuts down gracefully. */
  override appTerminate(_context: AppTerminateContext): void {}
}
