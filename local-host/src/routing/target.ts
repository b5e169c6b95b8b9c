/** The target of a request, as Kestrel understands it. */
export interface Target {
  /** Decoded, without dot segments. Empty for `OPTIONS *`. */
  readonly path: string;
  /** As it came, without the query. */
  readonly rawPath: string;
  /** As it came, with its question mark; or empty. */
  readonly rawQuery: string;
}

/** @returns undefined where Kestrel answers 400. */
export function parseTarget(target: string, method = 'GET'): Target | undefined {
  if (target === '*') {
    return method === 'OPTIONS' ? { path: '', rawPath: '*', rawQuery: '' } : undefined;
  }
  const [, origin, rawPath = '', rawQuery = ''] =
    /^(https?:\/\/[^/?#]*)?([^?]*)(\?[^]*)?$/i.exec(target) ?? [];
  if (
    !/^\p{ASCII}*$/u.test(target) ||
    target.includes('\0') ||
    !(rawPath.startsWith('/') || (origin && rawPath === ''))
  ) {
    return undefined;
  }
  if (origin !== undefined && !URL.canParse(origin)) {
    return undefined;
  }
  const decoded = decodePath(rawPath || '/');
  return decoded === undefined
    ? undefined
    : { path: removeDotSegments(decoded), rawPath: rawPath || '/', rawQuery };
}

/**
 * Decodes the escapes of a path once. `%2F` and what is not valid UTF-8 stay as they are.
 *
 * @returns undefined if there is a `%00`.
 */
export function decodePath(rawPath: string): string | undefined {
  let path = '';
  let index = 0;
  while (index < rawPath.length) {
    const { text, length } = rawPath[index] === '%' ? decodeOne(rawPath, index) : PLAIN;
    if (text === '\0') {
      return undefined;
    }
    path += text ?? rawPath.slice(index, index + length);
    index += length;
  }
  return path;
}

/** How many characters have been read, and what they stand for, if they are not to stay. */
interface Decoded {
  readonly text?: string;
  readonly length: number;
}

const PLAIN: Decoded = { length: 1 };

function decodeOne(rawPath: string, start: number): Decoded {
  const first = byteAt(rawPath, start);
  if (first === undefined) {
    return PLAIN;
  }
  if (first < 0x80) {
    return { text: String.fromCharCode(first), length: 3 };
  }
  const count = first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first >= 0xf8) {
    return { length: 3 };
  }
  let code = first & (0x7f >> count);
  for (let read = 1; read < count; read++) {
    const next = byteAt(rawPath, start + read * 3);
    if (next === undefined || (next & 0xc0) !== 0x80) {
      return { length: read * 3 };
    }
    code = (code << 6) | (next & 0x3f);
    const left = count - read - 1;
    const isSurrogate = left === 1 && code >= 0x360 && code <= 0x37f;
    const isTooLarge = left === 2 && code >= 0x110;
    if (isSurrogate || isTooLarge) {
      return { length: read * 3 };
    }
  }
  const least = [0x80, 0x800, 0x10000][count - 2] ?? 0;
  // More than 0x10FFFF cannot be reached, but for the last two bytes of a sequence of four.
  return code < least || code > 0x10ffff
    ? { length: count * 3 }
    : { text: String.fromCodePoint(code), length: count * 3 };
}

/** The byte that an escape stands for, unless there is none or it is a slash. */
function byteAt(text: string, index: number): number | undefined {
  const [, digits] = /^%([\da-f]{2})/i.exec(text.slice(index, index + 3)) ?? [];
  return digits === undefined || digits.toLowerCase() === '2f'
    ? undefined
    : Number.parseInt(digits, 16);
}

/** By RFC 3986, section 5.2.4. */
export function removeDotSegments(path: string): string {
  if (!/\/\.{1,2}(?:\/|$)/.test(path)) {
    return path;
  }
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..') {
      kept.pop();
    }
    if (!isDots) {
      kept.push(segment);
    } else if (index === segments.length - 1) {
      kept.push('');
    }
  }
  return `/${kept.join('/')}`;
}
