import { domainToASCII } from 'node:url';
import { ConfigError } from './errors.js';
import type { CorsSettings } from './local-settings.js';

/** Which origins may use the app. Undefined: CORS is off. */
export interface CorsPolicy {
  readonly allowsAny: boolean;
  /** In the form in which browsers send them. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
}

/** A request, as far as CORS looks at it. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  /** `Access-Control-Request-Method` */
  readonly requestMethod: string | undefined;
  /** `Access-Control-Request-Headers` */
  readonly requestHeaders: string | undefined;
}

/** What CORS does with a request. */
export type CorsDecision =
  /** The request goes on. */
  | { readonly kind: 'continue'; readonly headers: Readonly<Record<string, string>> }
  /** The request is answered with 204, whatever its path. */
  | { readonly kind: 'preflight'; readonly headers: Readonly<Record<string, string>> };

/**
 * The policy that local.settings.json or a switch asks for.
 *
 * @throws ConfigError if it is one that the host refuses.
 */
export function toCorsPolicy({ origins, credentials }: CorsSettings): CorsPolicy | undefined {
  if (origins.length === 0) {
    return undefined;
  }
  const allowsAny = origins.length === 1 && origins[0] === '*';
  if (allowsAny && credentials) {
    throw new ConfigError(
      'CORS cannot allow any origin together with credentials: name the origins.',
    );
  }
  return { allowsAny, origins: origins.map(normalize), credentials };
}

/** As Core Tools, by ASP.NET's CORS: any method and any header is allowed. */
export function decideCors(
  { method, origin, requestMethod, requestHeaders }: CorsRequest,
  policy: CorsPolicy | undefined,
): CorsDecision {
  if (!policy || origin === undefined) {
    return { kind: 'continue', headers: {} };
  }
  const isPreflight = method.toUpperCase() === 'OPTIONS' && requestMethod !== undefined;
  const kind = isPreflight ? 'preflight' : 'continue';
  if (origin === '' || !(policy.allowsAny || policy.origins.includes(origin))) {
    return { kind, headers: {} };
  }
  const requested = (requestHeaders ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return {
    kind,
    headers: {
      'access-control-allow-origin': policy.allowsAny ? '*' : origin,
      ...(policy.credentials && { 'access-control-allow-credentials': 'true' }),
      ...(isPreflight &&
        requested.length > 0 && { 'access-control-allow-headers': requested.join(',') }),
      ...(isPreflight && requestMethod !== '' && { 'access-control-allow-methods': requestMethod }),
      ...(!policy.allowsAny && policy.origins.length > 1 && { vary: 'Origin' }),
    },
  };
}

/** In lower case; names that are not ASCII in the form of the domain name system. */
function normalize(origin: string): string {
  const [, scheme, host = '', port = ''] =
    /^(https?):\/\/([^/:]+)(:\d+)?$/i.exec(origin.trim()) ?? [];
  const ascii = scheme === undefined ? '' : domainToASCII(host);
  if (scheme === undefined || ascii === '' || ascii === host.toLowerCase()) {
    return origin.toLowerCase();
  }
  const isDefault = port === (scheme.toLowerCase() === 'http' ? ':80' : ':443');
  return `${scheme.toLowerCase()}://${ascii}${isDefault ? '' : port}`;
}
