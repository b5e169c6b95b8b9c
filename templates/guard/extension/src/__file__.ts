import type { HttpRequest, InvocationContext, PreInvocationContext } from '@azure/functions';
import { apiKeyAuthorizer } from './api-key';
<% if (scope === 'app') { -%>
import { AppExtensionBase } from './app-extension-base';
<% } else { -%>
import { FuncExtensionBase } from './func-extension-base';
import { type FunctionTarget, TargetMap } from './function-target';
<% } -%>
import { problem } from './problem';

/**
 * What becomes of a request: `true` lets it pass, `401` asks for other credentials, and `403` or
 * `false` refuses it whatever the credentials.
 */
export type <%- stem %>Decision = boolean | 401 | 403;

/** Options of {@link <%- className %>}. */
export interface <%- stem %>Options {
  /**
   * Decides on each HTTP request, before the function runs. If it throws, or returns what is not a
   * decision, the request gets 403. A body can be read once only, so it is left to the function.
   * Default: a request that does not bring the API key gets 401.
   */
  authorize?: (
    request: HttpRequest,
    context: InvocationContext,
  ) => <%- stem %>Decision | Promise<<%- stem %>Decision>;
  /**
   * What a 401 asks for: the value of its `WWW-Authenticate` header. Default: `Bearer` if there is
   * an `authorize`, or else `ApiKey` with the name of the header.
   */
  challenge?: string;
  /** Header that brings the API key. It matters without an `authorize`. Default: `x-api-key`. */
  header?: string;
  /**
   * App setting that holds the API key. It matters without an `authorize`. Default:
   * `GUARD_API_KEY`.
   */
  setting?: string;
}

type Rules = Required<Pick<<%- stem %>Options, 'authorize' | 'challenge'>>;

<% if (scope === 'app') { -%>
/** Refuses HTTP requests that are not authorized, to every function in the app. */
export class <%- className %> extends AppExtensionBase {
  static #rules = rulesOf({});

  /** Changes who is let pass. A later call replaces the options of an earlier one. */
  static override configure(options: <%- stem %>Options = {}): void {
    <%- className %>.#rules = rulesOf(options);
  }

<% } else { -%>
/** Refuses HTTP requests that are not authorized, to some functions. */
export class <%- className %> extends FuncExtensionBase {
  readonly #rules: Rules;

  /**
   * @param target The functions to guard.
   * @param options Who is let pass.
   */
  constructor(target: FunctionTarget, options: <%- stem %>Options = {}) {
    super(closed(target));
    this.#rules = rulesOf(options);
  }

<% } -%>
  <%- override %> async preInvocation(context: PreInvocationContext): Promise<void> {
    const { functionHandler, invocationContext } = context;
    if (!isHttp(invocationContext)) {
      return;
    }
    const { authorize, challenge } = <%- self %>.#rules;
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
      invocationContext.error('<%- className %>: authorize failed:', error);
    }
  }
}

function rulesOf({
  authorize,
  challenge,
  header = 'x-api-key',
  setting = 'GUARD_API_KEY',
}: <%- stem %>Options): Rules {
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
      `<%- className %>: ${invocationContext.functionName} refused a request with ${status}`,
    );
    return problem(status, headers);
  };
}

function isHttp({ options }: InvocationContext): boolean {
  return options.trigger.type.toLowerCase() === 'httptrigger';
}
<% if (scope === 'app') { -%>

<%- className %>.register();
<% } else { -%>

/** The same target, but one that also matches where a predicate in it throws: no error opens. */
function closed(target: FunctionTarget): FunctionTarget {
  const targets = new TargetMap<true>();
  targets.add(target, true);
  return (context) => {
    try {
      return targets.find(context) ?? false;
    } catch (error) {
      context.error('<%- className %>: a predicate failed, so it acts:', error);
      return true;
    }
  };
}
<% } -%>
