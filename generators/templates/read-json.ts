import { readFileSync } from 'node:fs';

/** A value of a JSON file, which knows where it stands. */
export interface JsonValue {
  /** The file, as errors name it. */
  readonly file: string;
  /** The key, as errors name it: `names.TimerExtension`; empty for the whole file. */
  readonly key: string;
  readonly value: unknown;
}

/**
 * Reads a JSON file of ours.
 *
 * @throws Error that names the file, if it is missing or no JSON.
 */
export function readJson(path: string, file: string): JsonValue {
  try {
    return { file, key: '', value: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** An error about a value, which names its file and key. */
export function wrong({ file, key }: JsonValue, what: string): Error {
  return new Error(`${file}: ${key === '' ? '' : `${key} `}${what}`);
}

/** The value of a field, which may be missing. */
export function field(json: JsonValue, name: string): JsonValue {
  const value = Object.hasOwn(Object(json.value) as object, name)
    ? (json.value as Record<string, unknown>)[name]
    : undefined;
  return { file: json.file, key: json.key === '' ? name : `${json.key}.${name}`, value };
}

/**
 * The fields of an object.
 *
 * @param known Its only possible fields. Default: any.
 * @throws Error for a value of another type, and for an unknown field.
 */
export function fields(json: JsonValue, known?: readonly string[]): [string, JsonValue][] {
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    throw wrong(json, 'is not an object');
  }
  return Object.keys(json.value).map((name) => {
    const one = field(json, name);
    if (known && !known.includes(name)) {
      throw wrong(one, `is unknown. Known: ${known.join(', ')}`);
    }
    return [name, one];
  });
}

/** An object as a record, each value of which is read in the same way; empty if it is missing. */
export function record<Value>(
  json: JsonValue,
  read: (value: JsonValue) => Value,
): Record<string, Value> {
  return json.value === undefined
    ? {}
    : Object.fromEntries(fields(json).map(([name, value]) => [name, read(value)]));
}

/** A list, each item of which is read in the same way; empty if it is missing. */
export function list<Value>(json: JsonValue, read: (value: JsonValue) => Value): Value[] {
  if (json.value === undefined) {
    return [];
  }
  if (!Array.isArray(json.value)) {
    throw wrong(json, 'is not a list');
  }
  return json.value.map((value: unknown, index) =>
    read({ file: json.file, key: `${json.key}[${index}]`, value }),
  );
}

/** Text that is not empty. */
export function text(json: JsonValue): string {
  if (typeof json.value !== 'string' || json.value === '') {
    throw wrong(json, json.value === undefined ? 'is missing' : 'is not a text');
  }
  return json.value;
}

export function number(json: JsonValue): number {
  if (typeof json.value !== 'number') {
    throw wrong(json, json.value === undefined ? 'is missing' : 'is not a number');
  }
  return json.value;
}

/** `true` or `false`; `false` if it is missing. */
export function flag(json: JsonValue): boolean {
  if (json.value !== undefined && typeof json.value !== 'boolean') {
    throw wrong(json, 'is not true or false');
  }
  return json.value === true;
}

/** One of some values. */
export function oneOf<Value extends string>(json: JsonValue, values: readonly Value[]): Value {
  const found = values.find((one) => one === json.value);
  if (found === undefined) {
    throw wrong(json, `is not one of: ${values.join(', ')}`);
  }
  return found;
}

/** A regular expression, as its source. */
export function pattern(json: JsonValue): string {
  const source = text(json);
  try {
    new RegExp(source);
  } catch (error) {
    throw wrong(json, `is not a regular expression: ${(error as Error).message}`);
  }
  return source;
}

/** What is read if the value is there. */
export function optional<Value>(
  json: JsonValue,
  read: (value: JsonValue) => Value,
): Value | undefined {
  return json.value === undefined ? undefined : read(json);
}
