import { AsyncResource } from 'node:async_hooks';
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

/** Headers that say something about the whole body, which would no longer be true. */
const ABOUT_BODY = [
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-md5',
  'digest',
  'etag',
  'repr-digest',
  'x-content-md5',
];

/** Statuses whose responses have no body, or only a part of one. */
const NOT_APPENDABLE = [204, 205, 206, 304];

/**
 * Appends text to the body of an HTTP result, if that body is plain text: JSON, binary data,
 * streams of unknown type, empty bodies and those that a header describes (encoded, with a validator or a
 * digest, to be saved as a file) stay as they are.
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
  const { 'content-type': type, 'content-length': length } = fields;
  const isDescribed = ABOUT_BODY.some((name) => fields[name] !== undefined);
  if (isDescribed || (type !== undefined && !isPlainText(type))) {
    return result;
  }
  if (isResponse(result)) {
    if (!headers || !type || result.body === null || result.bodyUsed || length === '0') {
      return result;
    }
    if (length !== undefined) {
      headers.set('content-length', String(Number(length) + Buffer.byteLength(text)));
    }
    return rebuilt(result, { headers, body: result.body.pipeThrough(appending(text)) });
  }
  // The worker ignores `body` where there is a `jsonBody`.
  if (typeof result.body !== 'string' || result.body === '' || (result.jsonBody ?? null) !== null) {
    return result;
  }
  if (isJson(result.body)) {
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
  return isResponse(result) ? rebuilt(result, { headers }) : { ...result, headers };
}

function isHttpResult(result: unknown): result is HttpResult {
  return typeof result === 'object' && result !== null;
}

/** A copy of the headers, whether they are an object, pairs or `Headers`. */
function headersOf({ headers }: HttpResult): Headers {
  return new Headers(headers as ConstructorParameters<typeof Headers>[0]);
}

/** Whether somebody may parse a text as JSON, as where a function has made it so and given it no type. */
function isJson(text: string): boolean {
  if (!/^\s*[[{"\d\-tfn]/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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

/** How the sending of a result has ended, if not at its end. */
export interface Interruption {
  /** What the body has failed with; undefined where the reader has given up. */
  readonly error: unknown;
}

/**
 * Has something done when a result has been sent: at once, unless its body is a stream. Then it is when that
 * has been read to its end, has failed, or is given up. While it is read, the asynchronous context is that of
 * the call.
 *
 * @returns The result to go on with.
 */
export function whenSent(
  result: unknown,
  callback: (interruption?: Interruption) => void,
): unknown {
  if (typeof result !== 'object' || result === null) {
    callback();
    return result;
  }
  const { body } = result as { body?: unknown };
  if (!isStream(body)) {
    callback();
    return result;
  }
  const observedBody = observed(body, callback);
  return isResponse(result)
    ? rebuilt(result, { body: observedBody })
    : { ...result, body: observedBody };
}

function isStream(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

function observed(
  body: AsyncIterable<unknown>,
  callback: (interruption?: Interruption) => void,
): AsyncIterable<unknown> {
  const inContext = AsyncResource.bind((task: () => unknown) => task());
  let hasEnded = false;
  const end = (interruption?: Interruption) => {
    if (!hasEnded) {
      hasEnded = true;
      inContext(() => callback(interruption));
    }
  };
  const iterator = inContext(() => body[Symbol.asyncIterator]()) as AsyncIterator<unknown>;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const step = (await inContext(() => iterator.next())) as IteratorResult<unknown>;
          if (step.done) {
            end();
          }
          return step;
        } catch (error) {
          end({ error });
          throw error;
        }
      },
      async return(value?: unknown) {
        end({ error: undefined });
        await inContext(() => iterator.return?.());
        return { done: true, value };
      },
    }),
  };
}

/**
 * Whether a result is an `HttpResponse` or a global `Response`. Not by `instanceof`, which fails where the app
 * has a second copy of `@azure/functions`.
 */
function isResponse(result: object): result is HttpResponse {
  return 'arrayBuffer' in result && 'bodyUsed' in result;
}

/** A response cannot be changed, and spreading one loses its status and headers. */
function rebuilt(
  { status, headers, cookies, enableContentNegotiation, body }: HttpResponse,
  changes: { headers?: Headers; body?: unknown },
): HttpResponse {
  return new HttpResponse({
    status,
    headers: [...(changes.headers ?? headers)],
    cookies,
    enableContentNegotiation,
    body: (changes.body ?? body) as HttpResponse['body'],
  });
}
