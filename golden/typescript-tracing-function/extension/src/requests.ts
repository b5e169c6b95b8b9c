import type { HttpRequest } from '@azure/functions';
import type { AroundInvocationContext } from './worker-extension/invocation';
import type { Details } from './description';

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

/** Describes an HTTP request: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
export function describeRequest({ invocationContext, inputs }: AroundInvocationContext): Details {
  const { functionName, options } = invocationContext;
  const [request] = inputs;
  if (!isRequest(request)) {
    return {};
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

/** The status with which the Functions host answers for the result of a function. */
export function statusOf(result: unknown): number {
  if ((result ?? null) === null) {
    return 204;
  }
  const { status } = (typeof result === 'object' ? result : { status: 500 }) as {
    status?: unknown;
  };
  // What is no number makes the host fail.
  return Number(status ?? 200) || 500;
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

/** Another extension may have replaced the request by what it likes. */
function isRequest(input: unknown): input is HttpRequest {
  return typeof input === 'object' && input !== null && 'url' in input && 'headers' in input;
}
