import { format } from 'node:util';
import type {
  HttpRequest,
  InvocationContext,
  PostInvocationContext,
  PreInvocationContext,
} from '@azure/functions';
import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';

/*
 * What OpenTelemetry's semantic conventions say of a function and of an HTTP server:
 * https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */

/** Values of `faas.trigger`, by the type of the trigger in lower case. */
const TRIGGERS: Record<string, string> = {
  blobtrigger: 'datasource',
  cosmosdbtrigger: 'datasource',
  eventgridtrigger: 'pubsub',
  eventhubtrigger: 'pubsub',
  httptrigger: 'http',
  kafkatrigger: 'pubsub',
  mysqltrigger: 'datasource',
  queuetrigger: 'pubsub',
  rabbitmqtrigger: 'pubsub',
  servicebustrigger: 'pubsub',
  sqltrigger: 'datasource',
  timertrigger: 'timer',
  webpubsubtrigger: 'pubsub',
};

/** Name and attributes of an invocation's span, as they are known before it. */
export function describeInvocation({ invocationContext, inputs }: PreInvocationContext): {
  name: string;
  attributes: Attributes;
} {
  const { functionName, invocationId, options } = invocationContext;
  const { WEBSITE_SITE_NAME: appName } = process.env;
  const name = appName ? `${appName}/${functionName}` : functionName;
  const attributes = {
    'faas.name': name,
    'faas.invocation_id': invocationId,
    'faas.trigger': triggerOf(invocationContext),
  };
  const [request] = inputs;
  if (!isHttp(invocationContext) || !isRequest(request)) {
    return { name, attributes };
  }
  const { method, headers } = request;
  // Without a route the function's name is the route.
  const route = String(options.trigger.route || functionName);
  // The query is left out. It may hold secrets, such as the key of the function.
  const { protocol, hostname, port, pathname } = new URL(request.url);
  return {
    name: `${method} ${route}`,
    attributes: {
      ...attributes,
      'http.request.method': method,
      'http.route': route,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      'url.path': pathname,
      'url.scheme': protocol.slice(0, -1),
      'user_agent.original': headers.get('user-agent') ?? undefined,
    },
  };
}

/** Records on an invocation's span what has become of it. */
export function recordOutcome(
  span: Span,
  { invocationContext, result, error }: PostInvocationContext,
): void {
  const failed = (error ?? null) !== null;
  if (isHttp(invocationContext)) {
    const status = failed ? 500 : statusOf(result);
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span.setAttribute('error.type', String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
  if (failed) {
    const { name, message } =
      error instanceof Error ? error : { name: '_OTHER', message: format(error) };
    span.recordException(error instanceof Error ? error : message);
    span.setAttribute('error.type', name);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
}

function triggerOf({ options }: InvocationContext): string {
  return TRIGGERS[options.trigger.type.toLowerCase()] ?? 'other';
}

function isHttp(context: InvocationContext): boolean {
  return triggerOf(context) === 'http';
}

/** Another extension may have replaced the request by what it likes. */
function isRequest(input: unknown): input is HttpRequest {
  return typeof input === 'object' && input !== null && 'url' in input && 'headers' in input;
}

/** The status with which the Functions host answers for the result of a function. */
function statusOf(result: unknown): number {
  if ((result ?? null) === null) {
    return 204;
  }
  return typeof result === 'object' ? Number((result as { status?: unknown }).status ?? 200) : 500;
}
