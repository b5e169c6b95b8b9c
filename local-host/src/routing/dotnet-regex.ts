/** A regular expression that neither .NET nor this translation takes. */
export class RegexError extends Error {}

/** `\w` and `\d` of .NET go by Unicode. */
const WORD = '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}';
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: WORD,
  s: '\\f\\n\\r\\t\\v\\x85\\p{Z}',
};

/** Escapes of .NET that are a character: `\a` is the bell. */
const CHARACTERS: Readonly<Record<string, string>> = { a: '\\x07', e: '\\x1b' };

/** One character of a text with its offset moved on, in the way of a lexer. */
interface Cursor {
  readonly text: string;
  index: number;
}

/**
 * Translates a regular expression of .NET with the options `IgnoreCase` and `CultureInvariant`.
 *
 * @throws RegexError if it is not valid, or has what JavaScript cannot do.
 */
export function translateRegex(pattern: string): RegExp {
  const cursor: Cursor = { text: pattern, index: 0 };
  let source = '';
  while (cursor.index < pattern.length) {
    source += translateOne(cursor);
  }
  try {
    return new RegExp(source, 'iu');
  } catch {
    throw new RegexError(`${pattern} is not a regular expression`);
  }
}

function translateOne(cursor: Cursor): string {
  const { text, index } = cursor;
  const character = text[index] ?? '';
  switch (character) {
    case '\\':
      return translateEscape(cursor, false);
    case '[':
      return translateSet(cursor);
    case '(':
      return translateGroup(cursor);
    case '.':
      cursor.index++;
      return '[^\\n]';
    case '$':
      cursor.index++;
      return '(?=\\n?$)';
    case '{': {
      // Without a number it is a brace like any other.
      const quantifier = /^\{\d+(?:,\d*)?\}/.exec(text.slice(index))?.[0];
      cursor.index += quantifier?.length ?? 1;
      return quantifier ?? '\\{';
    }
    case '}':
    case ']':
    case '/':
      cursor.index++;
      return `\\${character}`;
    default: {
      const whole = String.fromCodePoint(text.codePointAt(index) ?? 0);
      cursor.index += whole.length;
      return whole;
    }
  }
}

function translateGroup(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.index);
  // The case is ignored anyway, and names for groups do not change what matches.
  const withoutMeaning = /^\(\?(?:#[^)]*|[in]+)\)/.exec(rest)?.[0];
  if (withoutMeaning !== undefined) {
    cursor.index += withoutMeaning.length;
    return '';
  }
  const named = /^\(\?(?:<(\w+)>|'(\w+)')/.exec(rest);
  if (named) {
    const [opening, first, second] = named;
    const name = first ?? second ?? '';
    cursor.index += opening.length;
    return /^\d/.test(name) ? '(' : `(?<${name}>`;
  }
  const opening = /^\((?:\?(?:i?:|=|!|<=|<!))?/.exec(rest)?.[0] ?? '(';
  if (opening === '(' && rest[1] === '?') {
    throw new RegexError(`"${rest.slice(0, 3)}" is not supported in a regular expression`);
  }
  cursor.index += opening.length;
  return opening === '(?i:' ? '(?:' : opening;
}

function translateEscape(cursor: Cursor, isInSet: boolean): string {
  const rest = cursor.text.slice(cursor.index);
  const take = (length: number, translated: string) => {
    cursor.index += length;
    return translated;
  };
  const [, property] = /^\\([pP]\{\w+\})/.exec(rest) ?? [];
  if (property !== undefined) {
    return take(property.length + 1, `\\${property}`);
  }
  const code = /^\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z])/i.exec(rest)?.[0];
  if (code !== undefined) {
    return take(code.length, code);
  }
  const octal = /^\\0([0-7]{0,2})/.exec(rest);
  if (octal) {
    const value = Number.parseInt(octal[1] || '0', 8);
    return take(octal[0].length, `\\x${value.toString(16).padStart(2, '0')}`);
  }
  const character = rest[1];
  if (character === undefined) {
    throw new RegexError('a regular expression cannot end in a backslash');
  }
  const members = CLASSES[character.toLowerCase()];
  if (members !== undefined) {
    const isNegated = character !== character.toLowerCase();
    if (!isInSet) {
      return take(2, `[${isNegated ? '^' : ''}${members}]`);
    }
    if (!isNegated) {
      return take(2, members);
    }
    throw new RegexError(`"\\${character}" inside brackets is not supported`);
  }
  if (CHARACTERS[character] !== undefined) {
    return take(2, CHARACTERS[character]);
  }
  if (/[fnrtv]/.test(character) || (isInSet && character === 'b')) {
    return take(2, `\\${character}`);
  }
  if (!isInSet) {
    const anchors: Record<string, string> = {
      A: '^',
      G: '^',
      z: '$',
      Z: '(?=\\n?$)',
      b: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
      B: `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
    };
    if (anchors[character] !== undefined) {
      return take(2, anchors[character]);
    }
    const reference = /^\\(?:(\d)|k[<'](\w+)[>'])/.exec(rest);
    if (reference) {
      const [all, number, name] = reference;
      return take(all.length, number ? `\\${number}(?:)` : `\\k<${name}>`);
    }
  }
  if (/[\w]/.test(character)) {
    throw new RegexError(`"\\${character}" is not an escape of a regular expression`);
  }
  return take(2, escapeLiteral(character, isInSet));
}

/** In the mode that knows Unicode, only marks may be escaped. */
function escapeLiteral(character: string, isInSet: boolean): string {
  return /[$^*+?.()|[\]{}\\/]/.test(character) || (isInSet && character === '-')
    ? `\\${character}`
    : character;
}

/** `[a-z\d_]`, and .NET's `[a-z-[aeiou]]`: the first without the second. */
function translateSet(cursor: Cursor): string {
  const { text } = cursor;
  cursor.index++;
  let opening = '[';
  if (text[cursor.index] === '^') {
    opening = '[^';
    cursor.index++;
  }
  let members = '';
  let isFirst = true;
  for (;;) {
    const character = text[cursor.index];
    if (character === undefined) {
      throw new RegexError('a bracket of a regular expression is not closed');
    }
    if (character === ']' && !isFirst) {
      cursor.index++;
      return `${opening}${members}]`;
    }
    if (character === '-' && text[cursor.index + 1] === '[' && !isFirst) {
      cursor.index++;
      const without = translateSet(cursor);
      if (text[cursor.index] !== ']') {
        throw new RegexError('a subtraction has to be the last in the brackets');
      }
      cursor.index++;
      return `(?:(?!${without})${opening}${members}])`;
    }
    isFirst = false;
    if (character === '\\') {
      members += translateEscape(cursor, true);
    } else if (character === '-') {
      cursor.index++;
      // A hyphen at an end, or after a class, is a hyphen.
      const isRange = members !== '' && text[cursor.index] !== ']' && !/\\?\}$/.test(members);
      members += isRange ? '-' : '\\-';
    } else {
      const whole = String.fromCodePoint(text.codePointAt(cursor.index) ?? 0);
      cursor.index += whole.length;
      members += escapeLiteral(whole, true);
    }
  }
}
