import type { HttpRequest, InvocationContext, PreInvocationContext } from '@azure/functions';
import { apiKeyAuthorizer } from './api-key';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { problem } from './problem';

/**
 * What becomes of a request: `true` lets it pass, `401` asks for other credentials, and `403` or
 * `false` refuses it whatever the credentials.
 */
export type GuardDecision = boolean | 401 | 403;

/** Options of {@link GuardExtension}. */
export interface GuardOptions {
  /**
   * Decides on each HTTP request, before the function runs. If it throws, or returns what is not a
   * decision, the request gets 403. A body can be read once only, so it is left to the function.
   * Default: a request without the API key gets 401.
   */
  authorize?: (
    request: HttpRequest,
    context: InvocationContext,
  ) => GuardDecision | Promise<GuardDecision>;
  /**
   * What a 401 asks for: the value of its `WWW-Authenticate` header. Default: `Bearer` if there is
   * an `authorize`, or else `ApiKey` with the name of the header.
   */
  challenge?: string;
  /** Header that carries the API key. It counts without an `authorize`. Default: `x-api-key`. */
  header?: string;
  /**
   * App setting that holds the API key. It counts without an `authorize`. Default:
   * `GUARD_API_KEY`.
   */
  setting?: string;
}

type Rules = Required<Pick<GuardOptions, 'authorize' | 'challenge'>>;

/** Refuses HTTP requests that are not authorized, to every function in the app. */
export class GuardExtension extends AppExtensionBase<GuardOptions> {
  static override readonly failClosed = true;

  readonly #rules = rulesOf(this.options);

  override async preInvocation(context: PreInvocationContext): Promise<void> {
    const { functionHandler, invocationContext } = context;
    if (!isHttp(invocationContext)) {
      return;
    }
    const { authorize, challenge } = this.#rules;
    // Closed from here on, whatever fails below: nothing but `true` opens.
    refuse(context, 403);
    try {
      const decision = await authorize(context.inputs[0] as HttpRequest, invocationContext);
      if (decision === true) {
        context.functionHandler = functionHandler;
      } else if (decision === 401) {
        refuse(context, 401, { 'www-authenticate': challenge });
      }
    } catch (error) {
      logFailure(invocationContext, error);
    }
  }
}

/** An error that cannot be printed must not change the answer. */
function logFailure(context: InvocationContext, error: unknown): void {
  try {
    context.error('GuardExtension: authorize failed:', error);
  } catch {
    // The refusal stands, whatever the log does.
  }
}

function rulesOf({
  authorize,
  challenge,
  header = 'x-api-key',
  setting = 'GUARD_API_KEY',
}: GuardOptions): Rules {
  return authorize
    ? { authorize, challenge: challenge ?? 'Bearer' }
    : {
        authorize: apiKeyAuthorizer(header, setting),
        challenge: challenge ?? `ApiKey header="${header}"`,
      };
}

/** Answers in the function's place. */
function refuse(
  context: PreInvocationContext,
  status: 401 | 403,
  headers?: Record<string, string>,
): void {
  const { invocationContext } = context;
  context.functionHandler = () => {
    invocationContext.log(
      `GuardExtension: ${invocationContext.functionName} refused a request with ${status}`,
    );
    return problem(status, headers);
  };
}

function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}
