import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../errors.js';
import { bodyOf } from '../http.js';
import { type Trial, TrialError } from '../triggers.js';
import type { Answer } from './again.js';
import type { Inspector } from './inspector.js';

/** Below this, the inspector answers. */
const PREFIX = '/admin/inspector/';

/** How far one who watches may fall behind, in bytes. */
const MOST_BEHIND = 64 * 1024 * 1024;

/** What the inspector can have done. */
export interface Inspected {
  readonly inspector: Inspector;
  /** @throws TypeError for what cannot be sent. */
  request(request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: Buffer;
  }): Promise<Answer>;
  /** @throws TrialError */
  begin(name: string, trial: Trial): Promise<{ invocation: string }>;
  /** @throws RequestError if too little of it has been kept. */
  again(invocation: string): Promise<Pick<Answer, 'invocation'>>;
  /** @throws RequestError for one that is not there, or cannot be switched off. */
  switch(id: string, isOn: boolean): Promise<void>;
}

/** Whether it is worth a closer look: most requests are for functions. */
export function mayBeForInspector({ url = '' }: IncomingMessage): boolean {
  return url === '/' || url.startsWith('/?') || url.includes(PREFIX);
}

/** Whether a request has reached this machine by a name of its own. */
export function isForThisMachine({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/**
 * Answers what the page of the inspector, and `local-host inspect`, ask for.
 *
 * @returns Whether the request is for the inspector.
 * @throws RequestError
 */
export async function answerInspector(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  host: Inspected,
): Promise<boolean> {
  if (!url.pathname.startsWith(PREFIX)) {
    return false;
  }
  refuseForeign(request, url);
  const what = `${request.method} ${url.pathname.slice(PREFIX.length)}`;
  if (what === 'GET events') {
    sendEvents(request, response, host.inspector, url.searchParams.get('kept') !== '0');
    return true;
  }
  const answer = ANSWERS[what];
  if (!answer) {
    throw new RequestError(404, 'The inspector has nothing there.');
  }
  // Pages of other sites cannot send this type without asking first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new RequestError(415, 'The Content-Type has to be application/json.');
  }
  const body = await refusing(async () =>
    answer(fieldsOf((await bodyOf(request)).toString()), host),
  );
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

const ANSWERS: Readonly<Record<string, (fields: Fields, host: Inspected) => Promise<object>>> = {
  'POST requests': ({ method = 'GET', path = '/', headers = {}, body = '' }, host) =>
    host.request({
      method: String(method),
      path: String(path),
      headers: headers as Record<string, string>,
      body: Buffer.from(String(body), 'base64'),
    }),
  'POST runs': ({ function: name, trial = {} }, host) => host.begin(String(name), trial as Trial),
  'POST again': ({ invocation }, host) => host.again(String(invocation)),
  'POST extensions': async ({ id, isOn }, host) => {
    await host.switch(String(id), isOn === true);
    return {};
  },
};

function fieldsOf(text: string): Fields {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) {
    throw new TypeError('Expected a JSON object.');
  }
  return value as Fields;
}

/** What the page has sent wrong is told to it, in one line. */
async function refusing<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof TypeError || error instanceof SyntaxError || error instanceof TrialError
      ? new RequestError(400, error.message)
      : error;
  }
}

/**
 * Refuses what is not from the inspector's own page, or from a tool on this machine. A page of another site
 * can send a request here, too: to that site's name, if the name leads here, or with its own `Origin`.
 *
 * @throws RequestError
 */
function refuseForeign({ headers }: IncomingMessage, url: URL): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOwn =
    (headers.origin ?? url.origin) === url.origin && /^(none|same-origin)$/.test(String(site));
  if (!isForThisMachine(url) || !isOwn) {
    throw new RequestError(403, 'The inspector is for this machine only.');
  }
}

/** Sends what is kept, and then each event as it happens, until the client goes away. */
function sendEvents(
  request: IncomingMessage,
  response: ServerResponse,
  inspector: Inspector,
  isKeptSent: boolean,
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
