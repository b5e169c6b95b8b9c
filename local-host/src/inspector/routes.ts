import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../errors.js';
import type { Inspector } from './inspector.js';

/** How far one who watches may fall behind, in bytes. */
const MOST_BEHIND = 64 * 1024 * 1024;

/**
 * Refuses what is not from the inspector's own page, or from a tool on this machine. A page of another site
 * can send a request here, too: to that site's name, if the name leads here, or with its own `Origin`.
 *
 * @throws RequestError
 */
export function refuseForeign({ headers }: IncomingMessage, { origin, hostname }: URL): void {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOwn = (headers.origin ?? origin) === origin && /^(none|same-origin)$/.test(String(site));
  if (!isLocal || !isOwn) {
    throw new RequestError(403, 'The inspector is for this machine only.');
  }
}

/** Sends what is kept, and then each event as it happens, until the client goes away. */
export function sendEvents(
  request: IncomingMessage,
  response: ServerResponse,
  inspector: Inspector,
  { isKeptSent }: { isKeptSent: boolean },
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.flushHeaders();
  request.socket.setNoDelay(true);
  const send = (json: string) => {
    response.write(`data: ${json}\n\n`);
    if (response.writableLength > MOST_BEHIND) {
      response.destroy();
    }
  };
  for (const event of isKeptSent ? inspector.kept() : []) {
    send(JSON.stringify(event));
  }
  response.once(
    'close',
    inspector.watch((_, json) => send(json)),
  );
}
