import minVersion from 'semver/ranges/min-version.js';
import gt from 'semver/functions/gt.js';
import validRange from 'semver/ranges/valid.js';

/** A version with at least one full stop, so that no other number is taken for one. */
const DOTTED = /\d+(?:\.\d+)+/g;
/** Any version, also a major alone. */
const ANY = /\d+(?:\.\d+)*/g;

/**
 * Of two texts that differ in versions only, the one with the higher of each: `tool@1.2.0 --x` and
 * `tool@1.3.0 --x`. Versions go upwards only.
 *
 * @param isRange Whether the whole text is a range of versions, as those of dependencies are.
 * @returns Nothing, if they differ in something else.
 */
export function withHigherVersions(a: string, b: string, isRange: boolean): string | undefined {
  const pattern = isRange ? ANY : DOTTED;
  const parts = a.split(pattern);
  if (parts.join('\0') === b.split(pattern).join('\0')) {
    const [inA, inB] = [a.match(pattern) ?? [], b.match(pattern) ?? []];
    return parts
      .map((part, index) => {
        const [one = '', other = ''] = [inA[index], inB[index]];
        return part + (isHigher(other, one) ? other : one);
      })
      .join('');
  }
  if (!isRange || validRange(a) === null || validRange(b) === null) {
    return undefined;
  }
  const [lowestA, lowestB] = [minVersion(a), minVersion(b)];
  return lowestA && lowestB && gt(lowestB, lowestA) ? b : a;
}

/** Whether `1.10` is higher than `1.9`. */
function isHigher(a: string, b: string): boolean {
  const [left, right] = [a, b].map((one) => one.split('.').map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return false;
}
