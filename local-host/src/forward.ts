import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { CONNECTION_HEADERS, refuseHeaders } from './http.js';

export interface Forwarding {
  /** Where the app listens. */
  httpUri: string;
  /** The invocation that the request belongs to. */
  id: string;
  /** Path and query of the request. Its origin is none of the client's business. */
  path: string;
  /** The body, if it has been read already. */
  body: Buffer | undefined;
  /** Called when the app cannot be reached, breaks off its answer, or answers what cannot be sent. */
  onError(error: Error): void;
}

/**
 * Passes a request on to the app, and its answer back. Apps that call
 * `app.setup({ enableHttpStream: true })` listen for HTTP themselves, so that bodies can be
 * streamed.
 *
 * @returns Breaks it off, where the invocation does not answer the request.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { httpUri, id, path, body, onError }: Forwarding,
): () => void {
  const forwarded = httpRequest(httpUri, {
    path,
    method: request.method,
    headers: {
      ...request.headers,
      'x-ms-invocation-id': id,
      'x-forwarded-host': request.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
    },
  });
  forwarded.on('response', (answer) => {
    const notForClient = [...CONNECTION_HEADERS, 'x-ms-invocation-id'];
    const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      notForClient.includes(name) ? [] : [[name, values] as const],
    );
    try {
      refuseHeaders(headers.flatMap(([name, values]) => values.map((one) => [name, one] as const)));
    } catch (error) {
      onError(error as Error);
      answer.destroy();
      return;
    }
    for (const [name, values] of headers) {
      response.setHeader(name, values);
    }
    response.statusCode = answer.statusCode ?? 200;
    response.flushHeaders();
    answer.on('error', onError);
    answer.pipe(response);
  });
  forwarded.on('error', onError);
  // A client that goes away takes its request to the app along, but not before the app has seen its
  // head: the invocation would wait for it for ever.
  const arrived = new Promise((resolve) => {
    forwarded.once('socket', (socket) => {
      if (socket.connecting) {
        socket.once('connect', () => setImmediate(resolve));
      } else {
        setImmediate(resolve);
      }
    });
  });
  response.on('close', () => void arrived.then(() => forwarded.destroy()));
  forwarded.flushHeaders();
  if (body) {
    forwarded.end(body);
  } else {
    request.pipe(forwarded);
  }
  return () => forwarded.destroy();
}
