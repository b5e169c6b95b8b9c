import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place } from './worker-extension/hooks';
import { whenSent, withHeader, withText } from './worker-extension/http-result';
import {
  type AroundInvocationContext,
  failureOf,
  isHttp,
  type Next,
} from './worker-extension/invocation';

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
    let isStreaming = false;
    const log = (what: string) => {
      const message = `TimerExtension: ${invocationContext.functionName} ${what}`;
      if (isStreaming) {
        console.log(message);
      } else {
        invocationContext.log(message);
      }
    };
    log('started');
    const started = performance.now();
    let result: unknown;
    try {
      result = await next();
    } catch (error) {
      log(`failed after ${secondsOf(performance.now() - started)} sec`);
      throw error;
    }
    const outcome = failureOf(invocationContext) ? 'failed' : 'succeeded';
    const milliseconds = performance.now() - started;
    let seconds = secondsOf(milliseconds);
    // Results of other triggers are left alone: they may have a `body` too.
    if (isHttp(invocationContext)) {
      result = this.#reported(result, milliseconds, seconds);
    }
    const sent = whenSent(result, (interruption) => {
      if (isStreaming) {
        seconds = secondsOf(performance.now() - started);
      }
      log(`${interruption ? 'broke off' : outcome} after ${seconds} sec`);
    });
    isStreaming = true;
    return sent;
  }

  /** What is sent tells the time until it is sent; a stream may take longer. */
  #reported(result: unknown, milliseconds: number, seconds: string): unknown {
    const { appendToHttpResponse, serverTiming } = this.options;
    const withTime = appendToHttpResponse
      ? withText(result, ` (TimeElapsed: ${seconds} sec)`)
      : result;
    return serverTiming
      ? withHeader(withTime, 'Server-Timing', `total;dur=${milliseconds.toFixed(1)}`)
      : withTime;
  }
}

function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(4);
}
