import type { Shown, ShownBody, ShownError } from './events.js';
import { inspect } from 'node:util';

/** How much of a value or of a body is shown, in characters or bytes. */
export const SHOWN = 65_536;

const DEPTH = 8;
const SECRET = '[secret]';

/** Names whose values nobody is to read over a shoulder. */
const SECRET_NAME =
  /pass(word|wd|phrase|code)|secret|token|credential|authorization|cookie|signature|connection[-_]?string|^(pwd|sas|jwt|bearer)$/i;
/** `key`, `api-key`, `apiKey`, `API_KEY`, and not `monkey`. */
const KEY_NAME = /(^k|[-_.\s]k|[a-z\d]K)eys?$|^Keys?$|[-_.]Keys?$|(^|[-_])KEYS?$/;
const HARMLESS_KEY = /(partition|primary|foreign|row|sort|routing|cache|public)[-_]?keys?$/i;
const SECRET_PART = /((?:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=)[^;&\s]+/gi;

/**
 * A value as JSON, for people to read: without secrets, cut to some size, and without any call of its own
 * code. Whatever it is, this does not throw.
 */
export function shown(value: unknown): Shown {
  try {
    return describe(value, { left: SHOWN, above: [] }, false);
  } catch {
    return '[cannot be shown]';
  }
}

/** Headers with secrets masked. */
export function shownHeaders(headers: object): Record<string, Shown> {
  return shown(headers) as Record<string, Shown>;
}

export function shownError(error: unknown): ShownError {
  try {
    const message = error instanceof Error ? error.message : String(error ?? 'Unknown error');
    return { message: message.slice(0, SHOWN), detail: inspect(error).slice(0, SHOWN) };
  } catch {
    return { message: 'An error that cannot be printed', detail: '' };
  }
}

/**
 * @param bytes All of the body, or its begin.
 * @param length Of all of the body.
 */
export function shownBody(bytes: Uint8Array, length = bytes.length): ShownBody {
  const text = textOf(bytes.subarray(0, SHOWN));
  return {
    bytes: length,
    ...(text !== undefined && { text }),
    isCut: text === undefined ? length > 0 : length > SHOWN,
  };
}

/** Nothing, if it is not UTF-8. A character may be cut at the end. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What is left to show, and what is shown around a value. */
interface Frame {
  left: number;
  readonly above: unknown[];
}

function describe(value: unknown, frame: Frame, isSecret: boolean): Shown {
  if (typeof value === 'object' && value !== null) {
    return describeObject(value, frame, isSecret);
  }
  switch (typeof value) {
    case 'string':
      return isSecret ? SECRET : cut(value.replace(SECRET_PART, `$1${SECRET}`), frame);
    case 'number':
      return isSecret ? SECRET : Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return isSecret ? SECRET : `${value}n`;
    case 'undefined':
      return '[undefined]';
    case 'symbol':
      return String(value);
    case 'function':
      return '[function]';
    default:
      return null;
  }
}

function describeObject(value: object, frame: Frame, isSecret: boolean): Shown {
  if (frame.above.includes(value)) {
    return '[circular]';
  }
  if (frame.above.length >= DEPTH || frame.left <= 0) {
    return '[…]';
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return isSecret ? SECRET : `[${value.byteLength} bytes]`;
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  }
  if (value instanceof Error) {
    return cut(inspect(value), frame);
  }
  if (value instanceof URLSearchParams || value instanceof URL) {
    return cut(value.toString(), frame);
  }
  frame.above.push(value);
  try {
    return Array.isArray(value) || value instanceof Set
      ? [...value].slice(0, 1000).map((one) => describe(one, frame, isSecret))
      : Object.fromEntries(described(value, frame, isSecret));
  } finally {
    frame.above.pop();
  }
}

function described(value: object, frame: Frame, isSecret: boolean): [string, Shown][] {
  const members: [string, Shown][] = [];
  for (const [name, member] of membersOf(value)) {
    if (frame.left <= 0) {
      members.push(['…', '[…]']);
      break;
    }
    frame.left -= name.length + 4;
    members.push([
      name,
      isStream(member) ? '[stream]' : describe(member, frame, isSecret || isSecretName(name)),
    ]);
  }
  return members;
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || (KEY_NAME.test(name) && !HARMLESS_KEY.test(name));
}

/** What there is to see of an object. A getter may do anything, so it is not called. */
function* membersOf(value: object): Generator<readonly [string, unknown]> {
  if (isStream(value)) {
    yield ['[stream]', true];
    return;
  }
  if (value instanceof Map || isHeaders(value)) {
    for (const [name, one] of value as Iterable<[unknown, unknown]>) {
      yield [String(name), one];
    }
    return;
  }
  const http = httpMembersOf(value);
  if (http) {
    yield* http;
    return;
  }
  for (const name of Object.keys(value)) {
    const { value: one } = Object.getOwnPropertyDescriptor(value, name) ?? {};
    if (one !== undefined) {
      yield [name, one];
    }
  }
}

/** Those of the classes HttpRequest and HttpResponse of `@azure/functions`, Request and Response. */
function httpMembersOf(value: object): [string, unknown][] | undefined {
  const isHttp =
    'bodyUsed' in value && 'body' in value && 'headers' in value && isHeaders(value.headers);
  return isHttp
    ? ['method', 'url', 'status', 'headers', 'query', 'params', 'cookies', 'body'].flatMap(
        (name) => {
          const one = (value as unknown as Record<string, unknown>)[name];
          return one === undefined || one === null || one === ''
            ? []
            : [[name, one] as [string, unknown]];
        },
      )
    : undefined;
}

function isHeaders(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'getSetCookie' in value &&
    typeof value.getSetCookie === 'function'
  );
}

function isStream(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    (Symbol.asyncIterator in value || 'getReader' in value)
  );
}

function cut(text: string, frame: Frame): string {
  const left = Math.max(frame.left, 0);
  frame.left -= text.length;
  return text.length > left ? `${text.slice(0, left)}[…]` : text;
}
