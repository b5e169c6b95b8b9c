import type { HttpRequest, InvocationContext } from '@azure/functions';
import { apiKeyAuthorizer } from './api-key';
import { problem } from './problem';
import { AppExtensionBase } from './worker-extension/app-extension-base';
import { Place, report } from './worker-extension/hooks';
import { type AroundInvocationContext, isHttp, type Next } from './worker-extension/invocation';

export { apiKeyAuthorizer };

/**
 * What becomes of a request: `true` lets it pass, `401` asks for other credentials, and `403` or
 * `false` refuses it whatever the credentials.
 */
export type GuardDecision = boolean | 401 | 403;

/** Options of {@link GuardExtension}. */
export interface GuardOptions {
  /**
   * Decides on each HTTP request, before the function runs. If it throws, or returns what is not a
   * decision, the request gets 403. A body can be read once only: read that of `request.clone()`.
   * Default: a request without the API key gets 401.
   */
  authorize?: (
    request: HttpRequest,
    context: InvocationContext,
  ) => GuardDecision | Promise<GuardDecision>;
  /** Names of functions that are open to all, in any case. Default: none. */
  except?: readonly string[];
  /**
   * Whether requests with the method OPTIONS pass that ask for CORS: browsers send them without
   * credentials. Default: `false`.
   */
  allowPreflight?: boolean;
  /**
   * What a 401 asks for: the value of its `WWW-Authenticate` header. Default: `Bearer` if there is
   * an `authorize`, or else `ApiKey` with the name of the header.
   */
  challenge?: string;
  /** Header that carries the API key. It counts without an `authorize`. Default: `x-api-key`. */
  header?: string;
  /**
   * App setting that holds the API key, or several with commas between them. It counts without an
   * `authorize`. Default: `GUARD_API_KEY`.
   */
  setting?: string;
}

type Rules = Required<Pick<GuardOptions, 'authorize' | 'challenge'>>;

/** Refuses unauthorized HTTP requests to every function in the app. */
export class GuardExtension extends AppExtensionBase<GuardOptions> {
  static override readonly packageName = 'azfunc-extension-guard';
  static override readonly failClosed = true;
  static override place: number = Place.guard;

  readonly #rules = rulesOf(this.options);

  override async aroundInvocation(context: AroundInvocationContext, next: Next): Promise<unknown> {
    const { invocationContext } = context;
    const request = context.inputs[0] as HttpRequest;
    if (!isHttp(invocationContext) || this.#isOpen(request, invocationContext)) {
      return next();
    }
    const decision = await this.#decide(request, invocationContext);
    return decision === true
      ? next()
      : this.#refuse(decision === 401 ? 401 : 403, invocationContext);
  }

  #isOpen(request: HttpRequest, { functionName }: InvocationContext): boolean {
    const { except = [], allowPreflight } = this.options;
    return (
      except.some((name) => name.toLowerCase() === functionName.toLowerCase()) ||
      (allowPreflight === true &&
        request.method === 'OPTIONS' &&
        request.headers.has('origin') &&
        request.headers.has('access-control-request-method'))
    );
  }

  /** Whatever `authorize` does, only `true` opens. */
  async #decide(request: HttpRequest, context: InvocationContext): Promise<unknown> {
    try {
      return await this.#rules.authorize(request, context);
    } catch (error) {
      report(context, 'GuardExtension: authorize failed:', error);
      return false;
    }
  }

  /** Answers in the function's place. */
  #refuse(status: 401 | 403, context: InvocationContext) {
    context.log(`GuardExtension: ${context.functionName} refused a request with ${status}`);
    const { challenge } = this.#rules;
    return problem(status, status === 401 ? { 'www-authenticate': challenge } : {});
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
