import type { InvocationContext, PostInvocationContext } from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { type Problem, problemOf, toResponse } from './problem';

export type { Problem };

/** Options of {@link ProblemDetailsExtension}. */
export interface ProblemDetailsOptions {
  /**
   * Describes an error to the caller, such as one of a library. Where it returns `undefined`, the
   * error's own `status`, `expose`, `message` and `headers` count. Default: they always do.
   */
  toProblem?: (error: unknown) => Problem | undefined;
}

/** Answers the errors of every HTTP function in the app as problem details (RFC 9457). */
export class ProblemDetailsExtension extends AppExtensionBase<ProblemDetailsOptions> {
  override postInvocation(context: PostInvocationContext): void {
    const { error, invocationContext } = context;
    if ((error ?? null) === null || !isHttp(invocationContext)) {
      return;
    }
    const response = answer(error, invocationContext, this.options);
    // Logged first: once the error is cleared, nothing else shows that the function has failed.
    invocationContext[response.status < 500 ? 'warn' : 'error'](
      `ProblemDetailsExtension: ${invocationContext.functionName} failed, answered with status ${response.status}, correlation id ${invocationContext.invocationId}:`,
      error,
    );
    context.result = response;
    context.error = null;
  }
}

/** Whatever the error is, and whatever `toProblem` makes of it, there is an answer. */
function answer(error: unknown, context: InvocationContext, { toProblem }: ProblemDetailsOptions) {
  try {
    return toResponse(toProblem?.(error) ?? problemOf(error), context.invocationId);
  } catch (failure) {
    context.error('ProblemDetailsExtension: the error could not be described:', failure);
    return toResponse({ status: 500 }, context.invocationId);
  }
}

/** Where nobody waits for a response, a failure has to stay one: the host may try again. */
function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}
