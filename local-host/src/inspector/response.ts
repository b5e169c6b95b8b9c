import type { ServerResponse } from 'node:http';
import { beforeHeaders } from '../http.js';
import { now, type Time } from './events.js';
import type { Inspector } from './inspector.js';
import { SHOWN, shownBody, shownHeaders } from './shown.js';

/** Tells when a response begins and ends, and if somebody watches, what is in it. */
export function inspectResponse(
  response: ServerResponse,
  inspector: Inspector,
  invocation: string,
): void {
  let sent: Time | undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  const { isWatched } = inspector;
  if (isWatched) {
    beforeHeaders(response, () => {
      const at = now();
      // Others may still add headers.
      queueMicrotask(() =>
        inspector.emit({
          type: 'responseStarted',
          invocation,
          at,
          status: response.statusCode,
          headers: shownHeaders(response.getHeaders()),
        }),
      );
    });
    for (const name of ['write', 'end'] as const) {
      const method = response[name].bind(response) as (...args: unknown[]) => never;
      response[name] = (chunk?: unknown, ...more: unknown[]) => {
        if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
          const bytes = Buffer.from(chunk as string);
          if (length < SHOWN) {
            chunks.push(bytes.subarray(0, SHOWN - length));
          }
          length += bytes.length;
        }
        return method(chunk, ...more);
      };
    }
  }
  response.once('finish', () => {
    sent = now();
  });
  response.once('close', () =>
    inspector.emit({
      type: 'responseEnded',
      invocation,
      at: sent ?? now(),
      status: response.statusCode,
      isComplete: response.writableFinished,
      ...(isWatched && { body: shownBody(Buffer.concat(chunks), length) }),
    }),
  );
}
