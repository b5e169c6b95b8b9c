/*
 * Lays one package.json over another. It is the same for two layers of a template and for what is
 * emitted over a file of the user's: what the lower one lacks is added, what differs is changed, and all
 * else stays.
 */

export type Fields = Record<string, unknown>;

/** One change. Where the path ends in -1, the value goes to the end of a list. */
export interface Change {
  path: (string | number)[];
  value: unknown;
}

/** In alphabetical order, as npm has them. */
export const SORTED: ReadonlySet<string> = new Set([
  'dependencies',
  'devDependencies',
  'peerDependencies',
]);

/**
 * The changes after which one package.json has all of another.
 *
 * @param kept Fields of the lower one that stay, whatever the upper one says.
 */
export function changesBetween(
  lower: Fields,
  upper: Fields,
  kept: ReadonlySet<string> = new Set(),
  path: string[] = [],
): Change[] {
  return Object.entries(upper).flatMap(([key, value]): Change[] => {
    const at = [...path, key];
    const below = Object.hasOwn(lower, key) ? lower[key] : undefined;
    if (isFields(below) && isFields(value)) {
      return changesBetween(below, value, kept, at);
    }
    if (Array.isArray(below) && Array.isArray(value)) {
      return value
        .filter((item) => !below.some((one) => isSame(one, item)))
        .map((item: unknown) => ({ path: [...at, -1], value: item }));
    }
    const stays = isSame(below, value) || (below !== undefined && kept.has(at.join('.')));
    return stays ? [] : [{ path: at, value }];
  });
}

/** Makes changes in place. */
export function applyChanges(fields: Fields, changes: readonly Change[]): void {
  for (const { path, value } of changes) {
    let target: unknown = fields;
    for (const key of path.slice(0, -1)) {
      target = (target as Fields)[key];
    }
    const last = path.at(-1);
    if (Array.isArray(target)) {
      target.push(value);
    } else if (last !== undefined) {
      (target as Fields)[last] = value;
    }
  }
}

/** A package.json in npm's format, with dependencies in alphabetical order. */
export function formatted(fields: Fields): string {
  const sorted = Object.entries(fields).map(([key, value]) => [
    key,
    SORTED.has(key) && isFields(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  ]);
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
