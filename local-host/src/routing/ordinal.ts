/**
 * Comparison of texts as .NET's `OrdinalIgnoreCase` has it: by the simple upper case of each
 * character, without a culture. Texts keep their length, so that indexes stay valid.
 */
export function toUpperOrdinal(text: string): string {
  return isAscii(text) ? text.toUpperCase() : Array.from(text, upperOf).join('');
}

export function equalsIgnoreCase(a: string, b: string): boolean {
  return a === b || (a.length === b.length && toUpperOrdinal(a) === toUpperOrdinal(b));
}

/** For sorting: below, at, or above 0. */
export function compareIgnoreCase(a: string, b: string): number {
  const [upperA, upperB] = [toUpperOrdinal(a), toUpperOrdinal(b)];
  return upperA < upperB ? -1 : upperA > upperB ? 1 : 0;
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function upperOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Neither may become an ASCII letter: the dotless i and the long s.
  if (code === 0x131 || code === 0x17f) {
    return character;
  }
  // Greek letters with a iota below have an upper case of one character only in the simple mapping.
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) {
    return String.fromCodePoint(code + 8);
  }
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) {
    return String.fromCodePoint(code + 9);
  }
  const upper = character.toUpperCase();
  return upper.length === character.length ? upper : character;
}
