import type { InvocationContext } from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place } from './worker-extension/hooks';
import { whenSent, withHeader, withText } from './worker-extension/http-result';
import { type AroundInvocationContext, failureOf, type Next } from './worker-extension/invocation';

/** Options of {@link TimerExtension}. */
export interface TimerOptions {
  /** Append ` (TimeElapsed: 0.0009 sec)` to HTTP responses in plain text. Default: `false`. */
  appendToHttpResponse?: boolean;
  /** Add a `Server-Timing` header to what HTTP functions return, of any kind. Default: `false`. */
  serverTiming?: boolean;
}

/** Reports the elapsed time of every invocation in the app. */
export class TimerExtension extends AppExtensionBase<TimerOptions> {
  static override readonly packageName = 'azfunc-extension-timer';
  static override place: number = Place.measure;

  override async aroundInvocation(context: AroundInvocationContext, next: Next): Promise<unknown> {
    const { invocationContext } = context;
    // The worker warns of what a context logs after the function, so a stream is reported by the console.
    let log = (what: string) => invocationContext.log(messageOf(invocationContext, what));
    log('started');
    const started = performance.now();
    const elapsed = () => ((performance.now() - started) / 1000).toFixed(4);
    let result: unknown;
    try {
      result = await next();
    } catch (error) {
      log(`failed after ${elapsed()} sec`);
      throw error;
    }
    const outcome = failureOf(invocationContext) ? 'failed' : 'succeeded';
    if (isHttp(invocationContext)) {
      result = this.#reported(result, performance.now() - started);
    }
    result = whenSent(result, (interruption) =>
      log(`${interruption ? 'broke off' : outcome} after ${elapsed()} sec`),
    );
    log = (what) => console.log(messageOf(invocationContext, what));
    return result;
  }

  /** What is sent tells the time until it is sent; a stream may take longer. */
  #reported(result: unknown, milliseconds: number): unknown {
    const { appendToHttpResponse, serverTiming } = this.options;
    const withTime = appendToHttpResponse
      ? withText(result, ` (TimeElapsed: ${(milliseconds / 1000).toFixed(4)} sec)`)
      : result;
    return serverTiming
      ? withHeader(withTime, 'Server-Timing', `total;dur=${milliseconds.toFixed(1)}`)
      : withTime;
  }
}

function messageOf({ functionName }: InvocationContext, what: string): string {
  return `TimerExtension: ${functionName} ${what}`;
}

/** Results of other triggers are left alone: they may have a `body` too. */
function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}
