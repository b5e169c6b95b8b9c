import type { InvocationContext } from '@azure/functions';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place, report } from './worker-extension/hooks';
import { type AroundInvocationContext, isHttp, type Next } from './worker-extension/invocation';
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
  static override readonly packageName = 'azfunc-extension-problem-details';
  static override place: number = Place.answerErrors;

  override async aroundInvocation(context: AroundInvocationContext, next: Next): Promise<unknown> {
    const { invocationContext } = context;
    // Where nobody waits for a response, a failure has to stay one: the host may try again.
    if (!isHttp(invocationContext)) {
      return next();
    }
    try {
      return checked(await next());
    } catch (error) {
      const response = answer(error, invocationContext, this.options);
      const level = response.status < 500 ? 'warn' : 'error';
      report(
        invocationContext,
        `ProblemDetailsExtension: ${invocationContext.functionName} failed, answered with status ${response.status}, correlation id ${invocationContext.invocationId}:`,
        error,
        level,
      );
      return response;
    }
  }
}

/** @throws TypeError for a result of which the worker can make no response. */
function checked(result: unknown): unknown {
  if ((result ?? null) !== null && typeof result !== 'object') {
    throw new TypeError(
      'An HTTP function returns an object with status, headers, cookies and body, or nothing.',
    );
  }
  return result;
}

/** Whatever the error is, and whatever `toProblem` makes of it, there is an answer. */
function answer(error: unknown, context: InvocationContext, { toProblem }: ProblemDetailsOptions) {
  try {
    return toResponse(toProblem?.(error) ?? problemOf(error), context.invocationId);
  } catch (failure) {
    report(context, 'ProblemDetailsExtension: the error could not be described:', failure);
    return toResponse({ status: 500 }, context.invocationId);
  }
}
