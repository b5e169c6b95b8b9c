import type { PostInvocationContext, PreInvocationContext } from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { withHeader, withText } from './http-result';
import { InvocationData } from './worker-extension/invocation-data';

/** Options of {@link TimerExtension}. */
export interface TimerOptions {
  /** Append ` (TimeElapsed: 0.0009 sec)` to HTTP responses in plain text. Default: `false`. */
  appendToHttpResponse?: boolean;
  /** Add a `Server-Timing` header to what HTTP functions return, of any kind. Default: `false`. */
  serverTiming?: boolean;
}

/** When each invocation has started, by the monotonic clock. */
const starts = new InvocationData<number>();

/** Reports the elapsed time of every invocation in the app. */
export class TimerExtension extends AppExtensionBase<TimerOptions> {
  override preInvocation(context: PreInvocationContext): void {
    log(context, 'started');
    starts.set(context.invocationContext, performance.now());
  }

  override postInvocation(context: PostInvocationContext): void {
    const started = starts.get(context.invocationContext);
    if (started === undefined) {
      return;
    }
    const milliseconds = performance.now() - started;
    const elapsed = `${(milliseconds / 1000).toFixed(4)} sec`;
    log(context, `${(context.error ?? null) === null ? 'succeeded' : 'failed'} after ${elapsed}`);
    if (!isHttp(context)) {
      return;
    }
    const { appendToHttpResponse, serverTiming } = this.options;
    if (appendToHttpResponse) {
      context.result = withText(context.result, ` (TimeElapsed: ${elapsed})`);
    }
    if (serverTiming) {
      context.result = withHeader(
        context.result,
        'Server-Timing',
        `total;dur=${milliseconds.toFixed(1)}`,
      );
    }
  }
}

function log({ invocationContext }: PreInvocationContext | PostInvocationContext, what: string) {
  invocationContext.log(`TimerExtension: ${invocationContext.functionName} ${what}`);
}

/** Results of other triggers are left alone: they may have a `body` too. */
function isHttp({ invocationContext }: PostInvocationContext): boolean {
  return invocationContext.options.trigger.type.toLowerCase() === 'httptrigger';
}
