import type { InvocationContext, PostInvocationContext } from '@azure/functions';
<% if (scope === 'app') { -%>
import { AppExtensionBase } from './app-extension-base';
<% } else { -%>
import { FuncExtensionBase } from './func-extension-base';
import type { FunctionTarget } from './function-target';
<% } -%>
import { type Problem, problemOf, toResponse } from './problem';

export type { Problem };

/** Options of {@link <%- className %>}. */
export interface <%- stem %>Options {
  /**
   * Describes an error to the caller, such as one of a library. Where it returns `undefined`, the
   * error's own `status`, `expose`, `message` and `headers` count. Default: they always do.
   */
  toProblem?: (error: unknown) => Problem | undefined;
}

<% if (scope === 'app') { -%>
/** Answers the errors of every HTTP function in the app as problem details (RFC 9457). */
export class <%- className %> extends AppExtensionBase {
  static #options: <%- stem %>Options = {};

  /** Changes how errors are described. A later call replaces the options of an earlier one. */
  static override configure(options: <%- stem %>Options = {}): void {
    <%- className %>.#options = { ...options };
  }

<% } else { -%>
/** Answers the errors of some HTTP functions as problem details (RFC 9457). */
export class <%- className %> extends FuncExtensionBase {
  readonly #options: <%- stem %>Options;

  /**
   * @param target The functions whose errors to answer.
   * @param options How errors are described.
   */
  constructor(target: FunctionTarget, options: <%- stem %>Options = {}) {
    super(target);
    this.#options = { ...options };
  }

<% } -%>
  <%- override %> postInvocation(context: PostInvocationContext): void {
    const { error, invocationContext } = context;
    if ((error ?? null) === null || !isHttp(invocationContext)) {
      return;
    }
    const response = answer(error, invocationContext, <%- self %>.#options);
    // Logged first: once the error is cleared, nothing else shows that the function has failed.
    invocationContext[response.status < 500 ? 'warn' : 'error'](
      `<%- className %>: ${invocationContext.functionName} failed, answered with status ${response.status}, correlation id ${invocationContext.invocationId}:`,
      error,
    );
    context.result = response;
    context.error = null;
  }
}

/** Whatever the error is, and whatever `toProblem` makes of it, there is an answer. */
function answer(error: unknown, context: InvocationContext, { toProblem }: <%- stem %>Options) {
  try {
    return toResponse(toProblem?.(error) ?? problemOf(error), context.invocationId);
  } catch (failure) {
    context.error('<%- className %>: the error could not be described:', failure);
    return toResponse({ status: 500 }, context.invocationId);
  }
}

/** Where nobody waits for a response, a failure has to stay one: the host may try again. */
function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}
<% if (scope === 'app') { -%>

<%- className %>.register();
<% } -%>
