import type { IncomingMessage } from 'node:http';
import { RequestError } from './errors.js';
import type { RegisteredFunction } from './protocol.js';
import type { Trial } from './triggers.js';

/** An origin on this machine. */
const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** What the host itself answers, as opposed to the app. */
export type AdminTarget =
  | { readonly kind: 'functions' | 'status' | 'ping' | 'unknown' }
  | { readonly kind: 'function' | 'function status'; readonly name: string };

/** What is asked for below `/admin`; undefined, if the path is not there. */
export function adminTarget(pathname: string): AdminTarget | undefined {
  const [first, ...parts] = pathname.toLowerCase().split('/').slice(1);
  if (first !== 'admin') {
    return undefined;
  }
  const [area, name, detail, ...more] = parts.filter((part) => part !== '');
  if (more.length > 0) {
    return { kind: 'unknown' };
  }
  if (area === 'functions' && name === undefined) {
    return { kind: 'functions' };
  }
  if (area === 'functions' && name !== undefined && (detail ?? 'status') === 'status') {
    return {
      kind: detail === undefined ? 'function' : 'function status',
      name: decodeURIComponent(name),
    };
  }
  if (area === 'host' && detail === undefined && (name === 'status' || name === 'ping')) {
    return { kind: name };
  }
  return { kind: 'unknown' };
}

/**
 * Whether a request is from this machine's own tools and pages. A page of a foreign site could send
 * one, too: to that site's name, if the name leads here, or with that site as its `Origin`.
 */
export function isLocal({ headers }: IncomingMessage, { origin }: URL): boolean {
  return LOCAL.test(origin) && LOCAL.test(headers.origin ?? origin);
}

/**
 * What the body of `POST /admin/functions/<name>` asks for: `{"input": "a message"}`, and in addition
 * what only this host takes.
 *
 * @throws RequestError where the Functions host refuses it.
 */
export function trialFrom(contentType: string | undefined, body: string): Trial {
  if (!/^\s*(application|text)\/([^;\s]+\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    throw new RequestError(415, 'The Content-Type has to be application/json.');
  }
  const fields = new Map(
    Object.entries(objectFrom(body)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const input = fields.get('input');
  if (typeof input === 'object' && input !== null) {
    throw new RequestError(400, '"input" has to be a text. Give JSON as a text: {"input": "{}"}.');
  }
  const content = fields.get('content');
  return {
    input: input === null || input === undefined ? undefined : String(input),
    ...(typeof content === 'string' && { content }),
    triggerMetadata: membersOf(fields.get('triggermetadata'), 'triggerMetadata'),
    inputs: membersOf(fields.get('inputs'), 'inputs'),
  };
}

function objectFrom(body: string): object {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(400, 'Expected a JSON object such as {"input": "message"}.');
  }
  return value;
}

function membersOf(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new RequestError(400, `"${name}" has to be an object.`);
  }
  return value as Record<string, unknown>;
}

/** A function as `GET /admin/functions` has it. */
export function described(
  { name, bindings }: RegisteredFunction,
  { url, route, isDisabled }: { url: string; route: string | undefined; isDisabled: boolean },
): object {
  return {
    name,
    language: 'node',
    href: `${url}/admin/functions/${name}`,
    isDisabled,
    invoke_url_template: route === undefined ? null : `${url}/${route}`,
    config: {
      name,
      bindings: Object.entries(bindings).map(([key, binding]) => ({ ...binding, name: key })),
    },
  };
}
