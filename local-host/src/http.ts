import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from './errors.js';
import {
  hasBoundBody,
  headersFrom,
  negotiate,
  parseQuery,
  reasonAgainstHeader,
  toSetCookie,
} from './http-rules/index.js';
import type { HttpRequestData, HttpResponseData } from './protocol.js';
import { parseTarget, type Target } from './routing/index.js';

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
  // Made only where it is thrown: its stack takes longer than all else here.
  const tooLarge = () => new RequestError(413, `The body has more than ${BODY_LIMIT} bytes.`);
  if (Number(request.headers['content-length']) > BODY_LIMIT) {
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A request, as Kestrel and ASP.NET understand it. */
export interface ParsedRequest {
  readonly url: URL;
  readonly target: Target;
  readonly headers: Record<string, string>;
}

/** @throws RequestError where Kestrel refuses it. */
export function parseRequest(request: IncomingMessage): ParsedRequest {
  const url = urlOf(request);
  const target = parseTarget(request.url ?? '/', request.method);
  if (!target) {
    throw new RequestError(400, 'The request has no valid URL.');
  }
  const headers = headersFrom(request.rawHeaders);
  if (!headers) {
    throw new RequestError(400, 'A header is not UTF-8.');
  }
  return { url, target, headers };
}

/**
 * The body that a function gets. The host reads it only if its length is known.
 *
 * @throws RequestError if the body is too large.
 */
export async function boundBodyOf(
  request: IncomingMessage,
  { headers }: ParsedRequest,
): Promise<Buffer> {
  const body = await bodyOf(request);
  return hasBoundBody(headers) ? body : Buffer.alloc(0);
}

/** A request in the form in which the worker receives it. */
export function toRequestData(
  method: string,
  { url, target, headers }: ParsedRequest,
  params: Record<string, string>,
  body: Uint8Array,
): HttpRequestData {
  return {
    method,
    url: url.href,
    headers,
    query: parseQuery(target.rawQuery),
    params,
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

/**
 * Sends what a function has answered. Without a response the answer is 204.
 *
 * @throws Error if it cannot be sent as it is; then nothing has been sent.
 */
export function sendResponse(
  response: ServerResponse,
  answer: HttpResponseData | null | undefined,
): void {
  const data = answer?.enableContentNegotiation ? negotiated(answer) : answer;
  const body = Buffer.from(data?.body?.bytes ?? []);
  const status = Number(data?.statusCode ?? 204);
  const headers = Object.entries(data?.headers ?? {}).filter(
    ([name]) => !CONNECTION_HEADERS.includes(name),
  );
  refuseHeaders(headers);
  const length = headers.find(([name]) => name === 'content-length')?.[1];
  const mayHaveBody = response.req.method !== 'HEAD' && status !== 204 && status !== 304;
  if (mayHaveBody && length !== undefined && Number(length) !== body.length) {
    throw new Error(
      `The response says Content-Length: ${length}, but its body has ${body.length} bytes.`,
    );
  }
  const cookies = (data?.cookies ?? []).map(toSetCookie);
  for (const [name, value] of headers) {
    response.setHeader(name, value);
  }
  for (const cookie of cookies) {
    response.appendHeader('set-cookie', cookie);
  }
  response.statusCode = status;
  response.end(mayHaveBody ? body : undefined);
}

/** @throws Error for headers that Kestrel refuses. */
export function refuseHeaders(headers: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of headers) {
    const reason = reasonAgainstHeader(name, value);
    if (reason !== undefined) {
      throw new Error(`The response cannot be sent: ${reason}.`);
    }
  }
}

function negotiated({ statusCode, headers = {}, body }: HttpResponseData): HttpResponseData {
  const { 'content-type': ownType, ...others } = headers;
  const { status, contentType, ...sent } = negotiate({
    status: Number(statusCode),
    contentType: ownType,
    body: body?.bytes,
  });
  return {
    statusCode: String(status),
    headers: { ...others, ...(contentType !== undefined && { 'content-type': contentType }) },
    body: { bytes: Buffer.from(sent.body) },
  };
}

/** Has something done when an answer begins: the last moment for headers. */
export function beforeHeaders(response: ServerResponse, task: () => void): void {
  const { writeHead } = response;
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    response.writeHead = writeHead;
    task();
    return writeHead.apply(response, args);
  }) as typeof writeHead;
}
