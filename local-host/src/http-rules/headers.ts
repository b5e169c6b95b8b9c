const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The headers of a request as the worker receives them: names in lower case, bytes read as UTF-8,
 * and those that are repeated joined by commas.
 *
 * @param rawHeaders Of Node's `IncomingMessage`: names and values in turn, one character per byte.
 * @returns undefined where Kestrel answers 400, since a value is not valid UTF-8.
 */
export function headersFrom(rawHeaders: readonly string[]): Record<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = decode(rawHeaders[index + 1] ?? '');
    if (value === undefined) {
      return undefined;
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(headers);
}

function decode(value: string): string | undefined {
  if (/^\p{ASCII}*$/u.test(value)) {
    return value;
  }
  try {
    return UTF8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * Why Kestrel refuses a response header, in a clause; undefined if it does not. The answer is then
 * 500, or 502 for a stream.
 */
export function reasonAgainstHeader(name: string, value: string): string | undefined {
  const inName = /[^!#$%&'*+.^_`|~\dA-Za-z-]/.exec(name)?.[0];
  if (name === '' || inName !== undefined) {
    return name === ''
      ? 'a header has no name'
      : `${describe(inName ?? '')} in the name of a header`;
  }
  const inValue = /[^\t\x20-\x7e]/.exec(value)?.[0];
  if (inValue !== undefined) {
    return `${describe(inValue)} in the header "${name}"`;
  }
  if (name.toLowerCase() === 'content-length' && !/^\s*\d+\s*$/.test(value)) {
    return `the header "${name}" is not a number`;
  }
  return undefined;
}

function describe(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code} cannot be`;
}

/**
 * Whether a function that does not stream gets the body of a request. The host reads it only if
 * its length is known: a chunked one arrives empty.
 */
export function hasBoundBody(headers: Readonly<Record<string, string>>): boolean {
  return Number(headers['content-length'] ?? 0) > 0;
}
