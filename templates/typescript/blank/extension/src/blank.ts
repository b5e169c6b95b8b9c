import type {
  AppStartContext,
  AppTerminateContext,
  InvocationContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { type LogContext, Place } from './worker-extension/hooks';
import {
  type AroundInvocationContext,
  InvocationData,
  type Next,
} from './worker-extension/invocation';

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
  static override readonly packageName = 'azfunc-extension-blank';

  /** Where it stands around the function: here next to it. */
  static override place: number = Place.adapt;

  /** Runs once, on import, before the hooks are registered. */
  static override init(): void {}

  /** What the hooks have noted for an invocation. Functions call it with their context. */
  static data(context: InvocationContext): BlankData | undefined {
    return data.get(context);
  }

  /** Runs once, when all files of the app have loaded. */
  override appStart(_context: AppStartContext): void {}

  /** Runs around a function: may change `inputs`, return another result, or answer without `next`. */
  override aroundInvocation(_context: AroundInvocationContext, next: Next): Promise<unknown> {
    return next();
  }

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

  /** Runs for each line in the log, where the Functions host has such hooks: may change it. */
  override log(_context: LogContext): void {}
}
