import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from './errors.js';
import type { CookieData, HttpRequestData, HttpResponseData, TraceContext } from './worker.js';

/** The largest request body in bytes: the Functions host's own limit. */
const BODY_LIMIT = 104_857_600;

/** Headers that are about the connection, which is Node's business. */
export const CONNECTION_HEADERS = [
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** @throws RequestError if the request has no valid URL. */
export function urlOf({ url = '/', headers }: IncomingMessage): URL {
  // A client may write the whole URL, as it does for a proxy.
  const [, host = headers.host ?? 'localhost', path] =
    /^(?:https?:\/\/([^/]*))?(\/.*)$/i.exec(url) ?? [];
  const text = `http://${host}${path}`;
  if (path === undefined || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(text)) {
    throw new RequestError(400, 'The request has no valid URL.');
  }
  return new URL(text);
}

/** @throws RequestError if the body is too large. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new RequestError(413, `The body has more than ${BODY_LIMIT} bytes.`);
  if (Number(request.headers['content-length']) > BODY_LIMIT) {
    throw tooLarge;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw tooLarge;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A request in the form in which the worker receives it. */
export async function toRequestData(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
): Promise<HttpRequestData> {
  const body = await bodyOf(request);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    headers: headersOf(request),
    query: queryOf(url),
    params,
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

export function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The trace that a request is part of, by its headers `traceparent` and `tracestate`. */
export function traceContextOf({ headers }: IncomingMessage): TraceContext {
  return {
    traceParent: headers.traceparent?.toString(),
    traceState: headers.tracestate?.toString(),
  };
}

/** A key that is there more than once has its values joined by commas, as in the real host. */
function queryOf({ searchParams }: URL): Record<string, string> {
  return Object.fromEntries(
    [...searchParams.keys()].map((key) => [key, searchParams.getAll(key).join(',')]),
  );
}

/**
 * Sends what a function has answered. Without a response the answer is 204.
 *
 * @throws Error if it cannot be sent as it is; then nothing has been sent.
 */
export function sendResponse(response: ServerResponse, data: HttpResponseData | undefined): void {
  const body = Buffer.from(data?.body?.bytes ?? []);
  const status = Number(data?.statusCode ?? 204);
  const headers = new Map(
    Object.entries(data?.headers ?? {}).filter(([name]) => !CONNECTION_HEADERS.includes(name)),
  );
  const length = headers.get('content-length');
  const mayHaveBody = response.req.method !== 'HEAD' && status !== 204 && status !== 304;
  if (mayHaveBody && length !== undefined && Number(length) !== body.length) {
    throw new Error(
      `The response says Content-Length: ${length}, but its body has ${body.length} bytes.`,
    );
  }
  for (const [name, value] of headers) {
    response.setHeader(name, value);
  }
  for (const cookie of data?.cookies ?? []) {
    response.appendHeader('set-cookie', toSetCookie(cookie));
  }
  response.statusCode = status;
  response.end(mayHaveBody ? body : undefined);
}

function toSetCookie(cookie: CookieData): string {
  const { name, value, domain, path, expires, secure, httpOnly, sameSite, maxAge } = cookie;
  return [
    `${name}=${encodeURIComponent(value)}`,
    maxAge && `Max-Age=${Math.floor(maxAge.value)}`,
    domain && `Domain=${domain.value}`,
    path && `Path=${path.value}`,
    expires && `Expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    secure?.value && 'Secure',
    httpOnly?.value && 'HttpOnly',
    sameSite === 'lax' && 'SameSite=Lax',
    sameSite === 'strict' && 'SameSite=Strict',
    sameSite === 'explicitNone' && 'SameSite=None',
  ]
    .filter(Boolean)
    .join('; ');
}
