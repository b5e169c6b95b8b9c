import type { IncomingMessage } from 'node:http';
import { RequestError } from './errors.js';
import { bodyOf } from './http.js';
import type { RegisteredFunction, TypedData } from './worker.js';

/** An origin on this machine. */
const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** The function that is named in `/admin/functions/<name>`, if the path is one of these. */
export function adminTarget(pathname: string): string | undefined {
  const name = /^\/admin\/functions\/([^/]+)\/?$/i.exec(pathname)?.[1];
  return name && decodeURIComponent(name);
}

/**
 * Whether a request is from this machine's own tools and pages. A page of a foreign site could send
 * one, too: to that site's name, if the name leads here, or with that site as its `Origin`.
 */
export function isLocal({ headers }: IncomingMessage, { origin }: URL): boolean {
  return LOCAL.test(origin) && LOCAL.test(headers.origin ?? origin);
}

/**
 * What a function without an HTTP trigger receives for `POST /admin/functions/<name>` with a body
 * like `{"input": "message"}`, the real host's way to run one by hand.
 *
 * @throws RequestError if the body is something else.
 */
export async function toTriggerData(
  request: IncomingMessage,
  { trigger }: RegisteredFunction,
): Promise<TypedData> {
  const body = (await bodyOf(request)).toString();
  let input: unknown;
  try {
    ({ input } = JSON.parse(body || '{}') as { input?: unknown });
  } catch {
    throw new RequestError(400, 'Expected a JSON object such as {"input": "message"}.');
  }
  if (trigger.type.toLowerCase() === 'timertrigger') {
    const now = new Date().toISOString();
    return {
      json: JSON.stringify({
        Schedule: { AdjustForDST: true },
        ScheduleStatus: { Last: now, LastUpdated: now, Next: now },
        IsPastDue: false,
      }),
    };
  }
  return typeof input === 'string' ? { string: input } : { json: JSON.stringify(input ?? null) };
}
