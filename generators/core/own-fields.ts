import { placeOf, withField } from './edits.js';

/** Fields that are the user's from the first version on. */
const OWN = new Set(['version']);

/** In alphabetical order, as npm has them. */
const SORTED = /^(d|devD|peerD)ependencies$/;

/**
 * Lays what is emitted over a package.json that is there: it keeps what the user has added, and its
 * format.
 *
 * @returns The text that is there, if it has all that is emitted; what is emitted, if there is no JSON.
 */
export function keepingOwnFields(there: string, emitted: string): string {
  const own = parsed(there);
  return isObject(own) ? laidOver(there, own, JSON.parse(emitted) as object, []) : emitted;
}

function laidOver(text: string, own: Fields, emitted: object, path: string[]): string {
  let result = text;
  for (const [key, value] of Object.entries(emitted)) {
    const at = [...path, key];
    const mine = Object.hasOwn(own, key) ? own[key] : undefined;
    if (isObject(mine) && isObject(value)) {
      result = laidOver(result, mine, value, at);
    } else if (Array.isArray(mine) && Array.isArray(value)) {
      for (const item of value.filter((one) => !mine.some((other) => isSame(one, other)))) {
        result = withField(result, [...at, -1], item);
      }
    } else if (!isSame(mine, value) && !(mine !== undefined && OWN.has(at.join('.')))) {
      result = withField(result, at, value, SORTED.test(path.join('.')) ? placeOf(key) : undefined);
    }
  }
  return result;
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
