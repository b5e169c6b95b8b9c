import { reasonAgainstHeader } from './headers.js';

/** A cookie as the worker hands it on: values that may be missing are wrapped. */
export interface CookieData {
  readonly name: string;
  readonly value: string;
  readonly domain?: { readonly value?: string } | null | undefined;
  readonly path?: { readonly value?: string } | null | undefined;
  readonly expires?: { readonly value?: { readonly seconds?: number } } | null | undefined;
  readonly secure?: { readonly value?: boolean } | null | undefined;
  readonly httpOnly?: { readonly value?: boolean } | null | undefined;
  readonly maxAge?: { readonly value?: number } | null | undefined;
  readonly sameSite?: string | number | null | undefined;
}

/** A cookie that ASP.NET refuses: the answer is 500. */
export class CookieError extends Error {}

/**
 * The header `Set-Cookie` of a response that is not streamed, as ASP.NET writes it: with a path in
 * any case, and the value escaped.
 *
 * @throws CookieError
 */
export function toSetCookie(cookie: CookieData): string {
  const { name, value, domain, path, expires, secure, httpOnly, maxAge } = cookie;
  if (!/^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name)) {
    throw new CookieError(`"${name}" is not a name for a cookie`);
  }
  const seconds = maxAge?.value;
  if (seconds !== undefined && !(Math.trunc(seconds) >= 0 && seconds <= MOST_SECONDS)) {
    throw new CookieError(`the cookie "${name}" has maxAge ${seconds}`);
  }
  const sameSite = SAME_SITE.get(String(cookie.sameSite));
  const header = [
    `${name}=${escapeDataString(value)}`,
    expires && `expires=${new Date((expires.value?.seconds ?? 0) * 1000).toUTCString()}`,
    seconds !== undefined && `max-age=${Math.trunc(seconds)}`,
    domain && `domain=${domain.value ?? ''}`,
    `path=${path ? (path.value ?? '') : '/'}`,
    secure?.value && 'secure',
    sameSite && `samesite=${sameSite}`,
    httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
  const reason = reasonAgainstHeader('set-cookie', header);
  if (reason !== undefined) {
    throw new CookieError(reason);
  }
  return header;
}

/** .NET's longest time span. */
const MOST_SECONDS = 922_337_203_685;

/** By the names and numbers of the worker's protocol. */
const SAME_SITE: ReadonlyMap<string, string> = new Map([
  ['lax', 'lax'],
  ['1', 'lax'],
  ['strict', 'strict'],
  ['2', 'strict'],
  ['explicitNone', 'none'],
  ['3', 'none'],
]);

/** .NET's `Uri.EscapeDataString`: only letters, digits and `-._~` stay. */
function escapeDataString(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
