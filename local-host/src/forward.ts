import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { CONNECTION_HEADERS } from './http.js';

export interface Forwarding {
  /** Where the app listens. */
  httpUri: string;
  /** The invocation that the request belongs to. */
  id: string;
  /** Path and query of the request. Its origin is none of the client's business. */
  path: string;
  /** Called when the app cannot be reached, or breaks off its answer. */
  onError(error: Error): void;
}

/**
 * Passes a request on to the app, and its answer back. Apps that call
 * `app.setup({ enableHttpStream: true })` listen for HTTP themselves, so that bodies can be
 * streamed.
 *
 * @returns The request to the app, to be destroyed if the invocation does not answer it.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { httpUri, id, path, onError }: Forwarding,
): ClientRequest {
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
    const headers = Object.entries(answer.headers).filter(([name]) => !notForClient.includes(name));
    response.writeHead(answer.statusCode ?? 200, Object.fromEntries(headers));
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
  request.pipe(forwarded);
  return forwarded;
}
