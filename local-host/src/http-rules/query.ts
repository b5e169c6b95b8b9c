import { toUpperOrdinal } from '../routing/ordinal.js';

/**
 * The query of a request as ASP.NET has it: keys ignore case, the first spelling stays, and the
 * values of a key are joined by commas.
 *
 * @param rawQuery With or without its question mark.
 */
export function parseQuery(rawQuery: string): Record<string, string> {
  const found = new Map<string, { key: string; values: string[] }>();
  for (const pair of rawQuery.replace(/^\?/, '').split('&')) {
    if (pair === '') {
      continue;
    }
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const upper = toUpperOrdinal(key);
    const entry = found.get(upper) ?? { key, values: [] };
    entry.values.push(value);
    found.set(upper, entry);
  }
  return Object.fromEntries([...found.values()].map(({ key, values }) => [key, values.join(',')]));
}

/** A plus is a space. Escapes that are not UTF-8 stay as they are. */
function decode(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[\da-f]{2})+/gi, decodeRun);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes those of the escapes in a row that are UTF-8. */
function decodeRun(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    // At least one is not: look at each character.
  }
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const length = [1, 2, 3, 4].find((count) => isCharacter(bytes.subarray(index, index + count)));
    text += length
      ? UTF8.decode(bytes.subarray(index, index + length))
      : escapes.slice(index * 3, index * 3 + 3);
    index += length ?? 1;
  }
  return text;
}

function isCharacter(bytes: Uint8Array): boolean {
  try {
    return UTF8.decode(bytes).length > 0;
  } catch {
    return false;
  }
}
