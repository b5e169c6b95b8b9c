/** Whether texts are values of .NET's types, by its `TryParse` and the invariant culture. */

/** What `NumberStyles` takes for white space. */
const WHITE = '[\\t-\\r ]*';

const INTEGER = new RegExp(`^${WHITE}([+-]?\\d+)${WHITE}$`);

const INT = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const LONG = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const LARGEST_DECIMAL = 79_228_162_514_264_337_593_543_950_335n;

/** The value as a `long`, or undefined if it is none. */
export function toLong(text: string): bigint | undefined {
  return toInteger(text, LONG);
}

/** The value as an `int`, or undefined if it is none. */
export function toInt(text: string): number | undefined {
  const value = toInteger(text, INT);
  return value === undefined ? undefined : Number(value);
}

function toInteger(text: string, [least, most]: readonly [bigint, bigint]): bigint | undefined {
  const digits = INTEGER.exec(text)?.[1]?.replace('+', '');
  if (digits === undefined) {
    return undefined;
  }
  const value = BigInt(digits.replace(/^(-?)0+(?=\d)/, '$1'));
  return value >= least && value <= most ? value : undefined;
}

export function isBool(text: string): boolean {
  return /^[\s\0\x85]*(?:true|false)[\s\0\x85]*$/i.test(text.replaceAll('\ufeff', '?'));
}

const DIGITS = '(?:\\d[\\d,]*(?:\\.\\d*)?|\\.\\d+)';
const FLOATING = new RegExp(`^${WHITE}[+-]?${DIGITS}(?:e[+-]?\\d+)?${WHITE}$`, 'i');

/** `float` and `double`: what is too large is infinite, not wrong. */
export function isFloatingPoint(text: string): boolean {
  return FLOATING.test(text) || /^[+-]?(?:infinity|nan)$/i.test(text.trim());
}

const DECIMAL = new RegExp(
  `^${WHITE}(?:[+-](${DIGITS})${WHITE}|(${DIGITS})(?:${WHITE}[+-])?${WHITE})$`,
);

export function isDecimal(text: string): boolean {
  const match = DECIMAL.exec(text);
  const [whole = '', fraction = ''] = (match?.[1] ?? match?.[2] ?? '').split('.');
  if (!match) {
    return false;
  }
  const value = BigInt(whole.replaceAll(',', '') || '0');
  return value < LARGEST_DECIMAL || (value === LARGEST_DECIMAL && !/^[5-9]/.test(fraction));
}

/** The forms N, D, B, P and X. */
export function isGuid(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length < 32) {
    return false;
  }
  if (trimmed.startsWith('(')) {
    return trimmed.length === 38 && trimmed.endsWith(')') && isGuidWithDashes(trimmed.slice(1, 37));
  }
  if (trimmed.startsWith('{')) {
    return trimmed[9] === '-'
      ? trimmed.length === 38 && trimmed.endsWith('}') && isGuidWithDashes(trimmed.slice(1, 37))
      : isGuidOfNumbers(trimmed);
  }
  return trimmed[8] === '-' ? isGuidWithDashes(trimmed) : /^[\da-f]{32}$/i.test(trimmed);
}

/** Groups may have a sign and a prefix, if they keep their length: `+0x4`. */
function isGuidWithDashes(text: string): boolean {
  const groups = text.split('-');
  return (
    groups.map(({ length }) => length).join() === '8,4,4,4,12' &&
    groups.every((group, index) =>
      index < 4
        ? toHex(group) !== undefined
        : toHex(group.slice(0, 4)) !== undefined && /^[\da-f]{8}$/i.test(group.slice(4)),
    )
  );
}

/** `{0xd85b1407,0x351d,0x4694,{0x93,0x92,0x03,0xac,0xc5,0x87,0x0e,0xb1}}` */
function isGuidOfNumbers(text: string): boolean {
  const match = /^\{0x([^,]+),0x([^,]+),0x([^,]+),\{((?:0x[^,]+,){7}0x[^,}]+)\}\}$/i.exec(
    text.replace(/[\s\x85]/g, ''),
  );
  const [, first = '', second = '', third = '', bytes = ''] = match ?? [];
  return (
    match !== null &&
    [first, second, third].every((number) => toHex(number) !== undefined) &&
    bytes.split(',').every((byte) => (toHex(byte.slice(2)) ?? 256) < 256)
  );
}

/** A number of at most 32 bits, with whatever .NET lets stand before it. */
function toHex(text: string): number | undefined {
  const digits = text.replace(/^\+?(?:0x)?0*/i, '');
  return /^[\da-f]{0,8}$/i.test(digits) ? Number.parseInt(digits || '0', 16) : undefined;
}
