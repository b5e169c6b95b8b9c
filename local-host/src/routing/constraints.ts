import { isDateTime } from './dotnet-date.js';
import { RegexError, translateRegex } from './dotnet-regex.js';
import { isBool, isDecimal, isFloatingPoint, isGuid, toInt, toLong } from './dotnet-values.js';

/** Whether a parameter may have a value. It has none where an end of the path is left out. */
export type Constraint = (value: string | undefined) => boolean;

/** A constraint that ASP.NET does not know, or whose arguments it refuses. */
export class ConstraintError extends Error {}

type Arguments = readonly string[] | undefined;

/** Makes a constraint of what is in the parentheses; undefined if there are none. */
const CONSTRAINTS: ReadonlyMap<string, (text: string | undefined) => Constraint> = new Map([
  ['alpha', without((value) => /^[a-z]*\n?$/i.test(value))],
  ['bool', without(isBool)],
  ['datetime', without(isDateTime)],
  ['decimal', without(isDecimal)],
  ['double', without(isFloatingPoint)],
  ['float', without(isFloatingPoint)],
  ['guid', without(isGuid)],
  ['int', without((value) => toInt(value) !== undefined)],
  ['long', without((value) => toLong(value) !== undefined)],
  ['file', without(isFileName)],
  ['required', without((value) => value !== '')],
  ['nonfile', nonFile],
  ['minlength', (text) => withLength(lengthFrom(text), Infinity)],
  ['maxlength', (text) => withLength(0, lengthFrom(text))],
  ['length', length],
  ['min', (text) => within(longFrom(text), undefined)],
  ['max', (text) => within(undefined, longFrom(text))],
  ['range', range],
  ['regex', regex],
]);

/**
 * The check that a constraint such as `range(1,9)` stands for.
 *
 * @throws ConstraintError
 */
export function toConstraint(text: string): Constraint {
  const [, name = text, inside] = /^([^(]*)\(([^]*)\)$/.exec(text) ?? [];
  const make = CONSTRAINTS.get(name.toLowerCase());
  if (!make) {
    throw new ConstraintError(`there is no constraint "${name}"`);
  }
  try {
    return make(inside);
  } catch (error) {
    throw new ConstraintError(
      `the constraint "${text}" is wrong: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function without(accepts: (value: string) => boolean) {
  return (text: string | undefined): Constraint => {
    checkCount(split(text), 0);
    return (value) => value !== undefined && accepts(value);
  };
}

function split(text: string | undefined): Arguments {
  return text?.split(',').map((argument) => argument.trim());
}

function checkCount(found: Arguments, ...allowed: number[]): void {
  const count = found?.length ?? 0;
  if (!allowed.includes(count)) {
    throw new ConstraintError(`it takes ${allowed.join(' or ')} arguments, not ${count}`);
  }
}

function longFrom(text: string | undefined): bigint {
  const value = toLong(text ?? '');
  if (value === undefined) {
    throw new ConstraintError(`it takes an integer, not "${text ?? ''}"`);
  }
  return value;
}

function lengthFrom(text: string | undefined): number {
  const value = toInt(text ?? '');
  if (value === undefined || value < 0) {
    throw new ConstraintError(`it takes a length, not "${text ?? ''}"`);
  }
  return value;
}

function withLength(least: number, most: number): Constraint {
  if (least > most) {
    throw new ConstraintError('the first argument is larger than the second');
  }
  return (value) => value !== undefined && value.length >= least && value.length <= most;
}

function length(text: string | undefined): Constraint {
  const found = split(text);
  checkCount(found, 1, 2);
  const [least, most = least] = found ?? [];
  return withLength(lengthFrom(least), lengthFrom(most));
}

function within(least: bigint | undefined, most: bigint | undefined): Constraint {
  return (value) => {
    const number = value === undefined ? undefined : toLong(value);
    return (
      number !== undefined &&
      (least === undefined || number >= least) &&
      (most === undefined || number <= most)
    );
  };
}

function range(text: string | undefined): Constraint {
  const found = split(text);
  checkCount(found, 2);
  const [least, most] = [longFrom(found?.[0]), longFrom(found?.[1])];
  if (least > most) {
    throw new ConstraintError('the first argument is larger than the second');
  }
  return within(least, most);
}

function regex(text: string | undefined): Constraint {
  if (text === undefined) {
    throw new RegexError('it takes a regular expression');
  }
  const expression = translateRegex(text);
  return (value) => value !== undefined && expression.test(value);
}

/** The last part of a path has a point with something other than points after it. */
function isFileName(value: string): boolean {
  return /\.+[^.]/.test(value.slice(value.lastIndexOf('/') + 1));
}

function nonFile(text: string | undefined): Constraint {
  checkCount(split(text), 0);
  return (value) => value === undefined || !isFileName(value);
}
