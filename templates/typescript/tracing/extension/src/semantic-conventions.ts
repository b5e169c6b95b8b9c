import { format } from 'node:util';
import type { HttpRequest, InvocationContext } from '@azure/functions';
import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { type AroundInvocationContext, isHttp } from './worker-extension/invocation';

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

/** The methods that are known: RFC 9110, and PATCH. */
const METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** Name and attributes of an invocation's span, as they are known before it. */
export function describeInvocation({ invocationContext, inputs }: AroundInvocationContext): {
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
  const { headers } = request;
  const method = METHODS.has(request.method) ? request.method : '_OTHER';
  // The query is left out. It may hold secrets, such as the key of the function.
  const { protocol, hostname, port, pathname } = new URL(request.url);
  // Without a route the function's name is the route.
  const route = withPrefix(String(options.trigger.route || functionName), pathname);
  return {
    name: `${method === '_OTHER' ? 'HTTP' : method} ${route}`,
    attributes: {
      ...attributes,
      'http.request.method': method,
      ...(method === '_OTHER' && { 'http.request.method_original': request.method }),
      'http.route': route,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      'url.path': pathname,
      'url.scheme': protocol.slice(0, -1),
      'user_agent.original': headers.get('user-agent') ?? undefined,
    },
  };
}

/** Records on an invocation's span the status with which the Functions host answers, if it is HTTP. */
export function recordStatus(span: Span, context: InvocationContext, result: unknown): void {
  if (isHttp(context)) {
    const status = statusOf(result);
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span.setAttribute('error.type', String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
}

/** Records on an invocation's span what has made it fail. */
export function recordError(span: Span, error: unknown): void {
  const { name, message } =
    error instanceof Error ? error : { name: '_OTHER', message: format(error) };
  span.recordException(error instanceof Error ? error : message);
  span.setAttribute('error.type', name);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/**
 * A route with the prefix of host.json, `api` by default, which a function is not told: it is what the path has
 * before the route. Where parameters may be left out, or take several segments, it cannot be known.
 */
function withPrefix(route: string, pathname: string): string {
  const own = route.split('/').filter((part) => part !== '');
  const path = pathname.split('/').filter((part) => part !== '');
  const isOpen = own.some((part) => /\{\*|[?=][^{}]*\}/.test(part));
  return isOpen
    ? own.join('/')
    : [...path.slice(0, Math.max(0, path.length - own.length)), ...own].join('/');
}

function triggerOf({ options }: InvocationContext): string {
  return TRIGGERS[options.trigger.type.toLowerCase()] ?? 'other';
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
