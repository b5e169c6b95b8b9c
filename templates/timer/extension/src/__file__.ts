import type { PostInvocationContext, PreInvocationContext } from '@azure/functions';
<% if (scope === 'app') { -%>
import { AppExtensionBase } from './app-extension-base';
<% } else { -%>
import { FuncExtensionBase } from './func-extension-base';
import type { FunctionTarget } from './function-target';
<% } -%>
import { withHeader, withText } from './http-result';
import { InvocationData } from './invocation-data';

/** Options of {@link <%- className %>}. */
export interface <%- stem %>Options {
  /** Append ` (TimeElapsed: 0.0009 sec)` to HTTP responses in plain text. Default: `false`. */
  appendToHttpResponse?: boolean;
  /** Add a `Server-Timing` header to what HTTP functions return, of any kind. Default: `false`. */
  serverTiming?: boolean;
}

/** When each invocation has started, by the monotonic clock. */
const starts = new InvocationData<number>();

<% if (scope === 'app') { -%>
/** Reports the elapsed time of every invocation in the app. */
export class <%- className %> extends AppExtensionBase {
  static #options: <%- stem %>Options = {};

  /**
   * Changes what is reported besides the log. A later call replaces the options of an earlier one.
   */
  static override configure(options: <%- stem %>Options = {}): void {
    <%- className %>.#options = { ...options };
  }

<% } else { -%>
/** Reports the elapsed time of the invocations of some functions. */
export class <%- className %> extends FuncExtensionBase {
  readonly #options: <%- stem %>Options;

  /**
   * @param target The functions to report on.
   * @param options What is reported besides the log.
   */
  constructor(target: FunctionTarget, options: <%- stem %>Options = {}) {
    super(target);
    this.#options = { ...options };
  }

<% } -%>
  <%- override %> preInvocation(context: PreInvocationContext): void {
    log(context, 'started');
    starts.set(context.invocationContext, performance.now());
  }

  <%- override %> postInvocation(context: PostInvocationContext): void {
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
    const { appendToHttpResponse, serverTiming } = <%- self %>.#options;
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
  invocationContext.log(`<%- className %>: ${invocationContext.functionName} ${what}`);
}

/** Results of other triggers are left alone: they may have a `body` too. */
function isHttp({ invocationContext }: PostInvocationContext): boolean {
  return invocationContext.options.trigger.type.toLowerCase() === 'httptrigger';
}
<% if (scope === 'app') { -%>

<%- className %>.register();
<% } -%>
