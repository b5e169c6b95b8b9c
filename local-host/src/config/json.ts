import {
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { ConfigError } from './errors.js';

/** An object of a JSON file, with each value still as it is written. */
export interface JsonObject {
  readonly file: string;
  /** In their order, the last one of those with the same name. */
  readonly members: ReadonlyMap<string, JsonValue>;
}

/** A value of a JSON file. */
export type JsonValue =
  | { readonly kind: 'object'; readonly object: JsonObject }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'null' }
  /** As .NET makes a text of it: `True`, `1.5`. */
  | { readonly kind: 'text'; readonly text: string; readonly value: string | number | boolean };

/**
 * Reads JSON as the Functions tools do: comments, commas at the end and a byte order mark are fine.
 *
 * @param file Its name, for messages.
 * @throws ConfigError
 */
export function parseJsonObject(text: string, file: string): JsonObject {
  const source = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error || !root) {
    const offset = error?.offset ?? 0;
    const reason = error ? words(printParseErrorCode(error.error)) : 'the file is empty';
    throw new ConfigError(`${file} is not valid JSON: ${reason}${positionIn(source, offset)}.`);
  }
  if (root.type !== 'object') {
    throw new ConfigError(`${file} has to hold a JSON object.`);
  }
  return toObject(root, source, file);
}

/** `CommaExpected` as "comma expected". */
function words(code: string): string {
  return code.replace(/(?!^)[A-Z]/g, ' $&').toLowerCase();
}

function positionIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return ` in line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function toObject({ children = [] }: Node, source: string, file: string): JsonObject {
  const members = new Map<string, JsonValue>();
  for (const { children: [key, value] = [] } of children) {
    if (key && value) {
      members.set(String(getNodeValue(key)), toValue(value, source, file));
    }
  }
  return { file, members };
}

function toValue(node: Node, source: string, file: string): JsonValue {
  switch (node.type) {
    case 'object':
      return { kind: 'object', object: toObject(node, source, file) };
    case 'array':
      return {
        kind: 'array',
        items: (node.children ?? []).map((child) => toValue(child, source, file)),
      };
    case 'null':
      return { kind: 'null' };
    default: {
      const value = getNodeValue(node) as string | number | boolean;
      const written = source.slice(node.offset, node.offset + node.length);
      return { kind: 'text', text: textOf(value, written), value };
    }
  }
}

function textOf(value: string | number | boolean, written: string): string {
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  return typeof value === 'number' ? numberText(value, written) : value;
}

/** Integers stay as they are written. Others have the shortest form of a .NET `double`. */
function numberText(value: number, written: string): string {
  if (/^-?\d+$/.test(written)) {
    return written === '-0' ? '0' : written;
  }
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < 15 && power > -5) {
    return String(value);
  }
  return `${digits}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
