import { type Cookie, HttpResponse } from '@azure/functions';

/**
 * What a function may return for HTTP: an init object, an `HttpResponse`, or the global `Response`.
 */
interface HttpResult {
  status?: number;
  headers?: unknown;
  cookies?: Cookie[];
  enableContentNegotiation?: boolean;
  jsonBody?: unknown;
  body?: unknown;
}

/** Statuses whose responses have no body, or only a part of one. */
const NOT_APPENDABLE = [204, 205, 206, 304];

/**
 * Appends text to the body of an HTTP result, if that body is plain text: JSON, binary data,
 * streams of unknown type, encoded and empty bodies stay as they are.
 *
 * @param text ASCII text, so that it fits every charset that extends ASCII.
 * @returns A new result, since a function may return a shared or a frozen one; or the same one, if
 *   nothing can be appended.
 */
export function withText(result: unknown, text: string): unknown {
  if (!isHttpResult(result) || NOT_APPENDABLE.includes(result.status ?? 200)) {
    return result;
  }
  // Most results have none, and to make them takes time.
  const headers = result.headers ? headersOf(result) : undefined;
  const fields: Record<string, string> = headers ? Object.fromEntries(headers) : {};
  const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = fields;
  if (encoding !== undefined || (type !== undefined && !isPlainText(type))) {
    return result;
  }
  if (isResponse(result)) {
    if (!headers || !type || result.body === null || result.bodyUsed || length === '0') {
      return result;
    }
    if (length !== undefined) {
      headers.set('content-length', String(Number(length) + Buffer.byteLength(text)));
    }
    return rebuild(result, headers, result.body.pipeThrough(appending(text)));
  }
  // The worker ignores `body` where there is a `jsonBody`.
  if (typeof result.body !== 'string' || result.body === '' || (result.jsonBody ?? null) !== null) {
    return result;
  }
  const body = result.body + text;
  if (!headers || length === undefined) {
    return { ...result, body };
  }
  headers.set('content-length', String(Buffer.byteLength(body)));
  return { ...result, headers, body };
}

/**
 * Adds a header to an HTTP result, whatever its body.
 *
 * @returns A new result; or the same one, if it is not an object.
 */
export function withHeader(result: unknown, name: string, value: string): unknown {
  if (!isHttpResult(result)) {
    return result;
  }
  const headers = headersOf(result);
  headers.append(name, value);
  return isResponse(result) ? rebuild(result, headers, result.body) : { ...result, headers };
}

function isHttpResult(result: unknown): result is HttpResult {
  return typeof result === 'object' && result !== null;
}

/** A copy of the headers, whether they are an object, pairs or `Headers`. */
function headersOf({ headers }: HttpResult): Headers {
  return new Headers(headers as ConstructorParameters<typeof Headers>[0]);
}

/** Not by `instanceof`, which fails where the app has a second copy of `@azure/functions`. */
function isResponse(result: HttpResult): result is HttpResponse {
  return 'arrayBuffer' in result && 'bodyUsed' in result;
}

function isPlainText(type: string): boolean {
  return /^text\/plain\s*(;|$)/i.test(type) && !/charset\s*=\s*"?utf-?(16|32)/i.test(type);
}

/** Lets a body pass, and adds text at its end; but not to an empty body. */
function appending(text: string): TransformStream<Uint8Array, Uint8Array> {
  let isEmpty = true;
  return new TransformStream({
    transform(chunk, controller) {
      isEmpty &&= chunk.length === 0;
      controller.enqueue(chunk);
    },
    flush(controller) {
      if (!isEmpty) {
        controller.enqueue(Buffer.from(text));
      }
    },
  });
}

/** A response cannot be changed, and spreading one loses its status and headers. */
function rebuild(
  { status, cookies, enableContentNegotiation }: HttpResponse,
  headers: Headers,
  body: HttpResponse['body'],
): HttpResponse {
  return new HttpResponse({
    status,
    headers: [...headers],
    cookies,
    enableContentNegotiation,
    body,
  });
}
