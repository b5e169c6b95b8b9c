import { request as httpRequest } from 'node:http';
import type { ShownBody } from './events.js';
import { SHOWN, shownBody } from './shown.js';
import type { Trial } from '../triggers.js';

/** What is needed to call a function again. */
export type Repeatable =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Why there is none, if it has not been kept. */
      readonly body: Buffer | string;
    }
  | { readonly kind: 'run'; readonly name: string; readonly trial: Trial };

const EMPTY = Buffer.alloc(0);

/** A body as it is kept, or why it is not. */
export function keptBody(body: Uint8Array | undefined, isWatched: boolean): Buffer | string {
  if (body?.length === 0) {
    return EMPTY;
  }
  if (!body) {
    return 'Its body was a stream, which is not kept.';
  }
  if (!isWatched) {
    return 'Nobody was looking, so its body was not kept.';
  }
  return body.length > SHOWN
    ? 'Its body has more than 64 kB, so it was not kept.'
    : Buffer.from(body);
}

/** Of a request to this host. */
export interface Answer {
  readonly status: number;
  /** Nothing, if no function was called. */
  readonly invocation?: string;
  /** Only of one for which no function was called: else events have it. */
  readonly body?: ShownBody;
}

/** Headers that are about the connection, or that Node.js counts itself. */
const NOT_SENT = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

/**
 * Sends a request to this host, as a client does.
 *
 * @param invocationOn Tells which invocation a request was for that has come through a port.
 * @throws TypeError for a method, a path or a header that cannot be sent.
 */
export function send(
  url: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: Readonly<Record<string, string>>; body: Buffer },
  invocationOn: (port: number) => string | undefined,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path,
      method,
      agent: false,
      headers: {
        ...Object.fromEntries(
          Object.entries(headers).filter(([name]) => !NOT_SENT.includes(name.toLowerCase())),
        ),
        ...((body.length > 0 || !/^(GET|HEAD)$/i.test(method)) && {
          'content-length': body.length,
        }),
      },
    });
    let from = 0;
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        from = socket.localPort ?? 0;
      }),
    );
    request.on('error', reject);
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const invocation = invocationOn(from);
      if (invocation !== undefined) {
        response.resume();
        resolve({ status, invocation });
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status, body: shownBody(Buffer.concat(chunks)) }));
      response.on('error', reject);
    });
    request.end(body);
  });
}
