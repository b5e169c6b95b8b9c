import { type ParseError, parse } from 'jsonc-parser';
import { type Fields, isFields, SORTED } from '../templates/package-json.js';
import { placeOf, withField } from '../writing/json-edits.js';
import {
  type Favour,
  type FieldConflict,
  type FieldEdit,
  type FieldRules,
  mergeFields,
  type Path,
} from './merge-fields.js';

/** A merge of a file by fields. */
export interface MergedText {
  text: string;
  conflicts: FieldConflict[];
}

const RANGES = new Set([...SORTED, 'optionalDependencies', 'engines']);

/** A package.json keeps its version: it is the owner's from the first release on. */
const PACKAGE: FieldRules = {
  isKept: ([name]) => name === 'version',
  isRange: ([list]) => RANGES.has(String(list)),
};

const ANY: FieldRules = { isKept: () => false, isRange: () => false };

/**
 * Merges JSON, with or without comments. All that stays is as the owner has it: comments, order and
 * format.
 *
 * @param base The old output; `undefined`, if it is unknown.
 * @returns Nothing, if one of them is no JSON object.
 */
export function mergeJson(
  path: string,
  base: string | undefined,
  ours: string,
  theirs: string,
  favour: Favour,
): MergedText | undefined {
  const [own, next] = [parsed(ours), parsed(theirs)];
  if (!own || !next) {
    return undefined;
  }
  const rules = /(^|\/)package\.json$/.test(path) ? PACKAGE : ANY;
  const { edits, conflicts } = mergeFields(base && parsed(base), own, next, rules, favour);
  return { text: edits.reduce(edited, ours), conflicts };
}

function parsed(text: string): Fields | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 && isFields(value) ? value : undefined;
}

function edited(text: string, { path, value, order = [] }: FieldEdit): string {
  return withField(text, [...path], value, placeFor(path, order));
}

/** Dependencies are in alphabetical order; other fields come after the one that they follow in the new output. */
function placeFor(path: Path, order: readonly string[]): (names: string[]) => number {
  const name = String(path.at(-1));
  if (path.length === 2 && SORTED.has(String(path[0]))) {
    return placeOf(name);
  }
  const before = order.slice(0, Math.max(0, order.indexOf(name)));
  return (names) => Math.max(0, ...before.map((one) => names.indexOf(one) + 1)) || names.length;
}
