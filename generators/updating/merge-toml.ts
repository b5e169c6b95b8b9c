import { type Fields, isFields } from '../templates/package-json.js';
import {
  type Favour,
  type FieldEdit,
  type FieldRules,
  isSame,
  mergeFields,
} from './merge-fields.js';
import type { MergedText } from './merge-json.js';

const RULES: FieldRules = {
  isKept: (path) => path.join('.') === 'project.version',
  isRange: (path) => path.join('.') === 'project.requires-python',
};

/**
 * Merges TOML. All that stays is as the owner has it: comments, order and format.
 *
 * @param base The old output; `undefined`, if it is unknown.
 * @returns Nothing, if one of them is no TOML, or if its text cannot be changed in place.
 */
export async function mergeToml(
  base: string | undefined,
  ours: string,
  theirs: string,
  favour: Favour,
): Promise<MergedText | undefined> {
  const { parse, patch } = await import('@decimalturn/toml-patch');
  const parsed = (text: string): Fields | undefined => {
    try {
      const value: unknown = parse(text);
      return isFields(value) ? value : undefined;
    } catch {
      return undefined;
    }
  };
  const [own, next, old] = [parsed(ours), parsed(theirs), parsed(base ?? '')];
  if (!own || !next) {
    return undefined;
  }
  const { edits, conflicts } = mergeFields(base && old, own, next, RULES, favour);
  if (edits.length === 0) {
    return { text: ours, conflicts };
  }
  const wanted = structuredClone(own);
  edits.forEach((edit) => apply(wanted, edit));
  try {
    const text = patch(ours, wanted);
    return isSame(parsed(text), wanted) ? { text, conflicts } : undefined;
  } catch {
    return undefined;
  }
}

function apply(fields: Fields, { path, value }: FieldEdit): void {
  let target: unknown = fields;
  for (const key of path.slice(0, -1)) {
    target = (target as Fields)[key];
  }
  const last = path.at(-1) ?? '';
  if (Array.isArray(target)) {
    if (value === undefined) {
      target.splice(Number(last), 1);
    } else if (last === -1) {
      target.push(value);
    } else {
      target[Number(last)] = value;
    }
  } else if (value === undefined) {
    delete (target as Fields)[last];
  } else {
    (target as Fields)[last] = value;
  }
}
