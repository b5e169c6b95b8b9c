import { type Fields, isFields } from '../templates/package-json.js';
import { withHigherVersions } from './versions.js';

/** Whose side a conflict is decided for, if it is. */
export type Favour = 'ours' | 'theirs' | undefined;

export type Path = readonly (string | number)[];

/** One change. Without a value the field goes; where the path ends in -1, the value goes to the end of a list. */
export interface FieldEdit {
  path: Path;
  value: unknown;
  /** The names of the fields beside it, as the new output has them. */
  order?: readonly string[];
}

/** A field that both have changed. The owner's value stays. */
export interface FieldConflict {
  path: Path;
  theirs: unknown;
}

export interface FieldMerge {
  edits: FieldEdit[];
  conflicts: FieldConflict[];
}

/** What is particular about the fields of a file. */
export interface FieldRules {
  /** Whether the owner's value stays, whatever the new one is. */
  isKept(path: Path): boolean;
  /** Whether a value is a range of versions, also where it has no full stop. */
  isRange(path: Path): boolean;
}

/**
 * Three-way merge of fields: what the generator has changed from the old output to the new one, as
 * changes to what the owner has.
 *
 * @param base The old output. `undefined`, if it is unknown.
 */
export function mergeFields(
  base: unknown,
  ours: Fields,
  theirs: Fields,
  rules: FieldRules,
  favour: Favour,
): FieldMerge {
  const merge = (
    old: unknown,
    own: unknown,
    next: unknown,
    path: Path,
    order: readonly string[],
  ): FieldMerge => {
    const edit = (value: unknown): FieldMerge => ({
      edits: [{ path, value, order }],
      conflicts: [],
    });
    if (isSame(old, next) || isSame(own, next) || (own !== undefined && rules.isKept(path))) {
      return NOTHING;
    }
    if (typeof own === 'string' && typeof next === 'string') {
      const higher = withHigherVersions(own, next, rules.isRange(path));
      if (higher !== undefined) {
        return higher === own ? NOTHING : edit(higher);
      }
    }
    if (isFields(own) && isFields(next)) {
      return fieldsOf(isFields(old) ? old : undefined, own, next, path);
    }
    if (isSame(own, old)) {
      return edit(next);
    }
    if (Array.isArray(own) && Array.isArray(next)) {
      const items = itemsOf(Array.isArray(old) ? old : undefined, own, next, path);
      if (items) {
        return items;
      }
    }
    if (own === undefined || next === undefined) {
      // What the owner has removed stays removed, and what the owner has changed stays.
      return NOTHING;
    }
    switch (favour) {
      case 'ours':
        return NOTHING;
      case 'theirs':
        return edit(next);
      default:
        return { edits: [], conflicts: [{ path, theirs: next }] };
    }
  };

  const fieldsOf = (old: Fields | undefined, own: Fields, next: Fields, path: Path): FieldMerge => {
    const names = [...new Set([...Object.keys(next), ...Object.keys(old ?? {})])];
    return all(
      names.map((name) =>
        merge(
          valueIn(old, name),
          valueIn(own, name),
          valueIn(next, name),
          [...path, name],
          Object.keys(next),
        ),
      ),
    );
  };

  /** Lists whose items have an identity: each is merged by itself. Nothing, if the order may count. */
  const itemsOf = (
    old: readonly unknown[] | undefined,
    own: readonly unknown[],
    next: readonly unknown[],
    path: Path,
  ): FieldMerge | undefined => {
    const [inOld, inOwn, inNext] = [old ?? [], own, next].map(byIdentity);
    if (!inOld || !inOwn || !inNext || /args$/i.test(String(path.at(-1)))) {
      return undefined;
    }
    const kept = [...inOwn].map(([id, index]) =>
      inNext.has(id)
        ? merge(
            old?.[inOld.get(id) ?? -1],
            own[index],
            next[inNext.get(id) ?? -1],
            [...path, index],
            [],
          )
        : NOTHING,
    );
    const removed = [...inOwn]
      .filter(
        ([id, index]) =>
          !inNext.has(id) && inOld.has(id) && isSame(old?.[inOld.get(id) ?? -1], own[index]),
      )
      .map(([, index]): FieldEdit => ({ path: [...path, index], value: undefined }))
      .reverse();
    const added = [...inNext]
      .filter(([id]) => !inOwn.has(id) && !inOld.has(id))
      .map(([, index]): FieldEdit => ({ path: [...path, -1], value: next[index] }));
    const { edits, conflicts } = all(kept);
    return { edits: [...edits, ...removed, ...added], conflicts };
  };

  return fieldsOf(isFields(base) ? base : undefined, ours, theirs, []);
}

const NOTHING: FieldMerge = { edits: [], conflicts: [] };

function all(merges: readonly FieldMerge[]): FieldMerge {
  return {
    edits: merges.flatMap(({ edits }) => edits),
    conflicts: merges.flatMap(({ conflicts }) => conflicts),
  };
}

/** Where each item is, by what makes it the same one in another list; nothing, if two of them are the same. */
function byIdentity(items: readonly unknown[]): Map<string, number> | undefined {
  const result = new Map(items.map((item, index) => [identityOf(item), index]));
  return result.size === items.length ? result : undefined;
}

/** Names of what is in lists of launch.json, tasks.json and the like. */
const NAMES = ['name', 'label', 'id', 'key'];

function identityOf(item: unknown): string {
  if (isFields(item)) {
    const name = NAMES.find((one) => typeof item[one] === 'string');
    return name === undefined ? JSON.stringify(item) : `${name}:${String(item[name])}`;
  }
  // A requirement in pyproject.toml: `azure-functions>=1.7.0,<2.0.0`
  const [, requirement] =
    typeof item === 'string' ? (/^([\w.-]+)\s*[<>=!~]=/.exec(item) ?? []) : [];
  return requirement === undefined ? JSON.stringify(item) : `requirement:${requirement}`;
}

function valueIn(fields: Fields | undefined, name: string): unknown {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether two values are the same, in whatever order their fields are. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  }
  if (isFields(a) && isFields(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
    );
  }
  return a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime());
}
