import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';

/**
 * Passes a request on to the app, and its answer back. Apps that call `app.setup({
 * enableHttpStream: true })` listen for HTTP themselves, so that bodies can be streamed.
 *
 * @param to.httpUri Where the app listens.
 * @param to.id The invocation that the request belongs to.
 * @returns The request to the app, to be destroyed if the invocation does not answer it.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  to: { httpUri: string; id: string },
): ClientRequest {
  const forwarded = httpRequest(new URL(request.url ?? '/', to.httpUri), {
    method: request.method,
    headers: {
      ...request.headers,
      'x-ms-invocation-id': to.id,
      'x-forwarded-host': request.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
    },
  });
  forwarded.on('response', (answer) => {
    const { 'x-ms-invocation-id': _id, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 200, headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  forwarded.on('error', () => {});
  request.pipe(forwarded);
  return forwarded;
}
