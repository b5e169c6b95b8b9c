import semver from 'semver';

/** Entries of templates/package.json that stay as they are, and why. */
export const kept: Record<string, string> = {
  '@azure/functions': 'begins with the first version that has hooks',
  '@opentelemetry/api': 'begins with the oldest version that the template tracing supports',
};

/**
 * The newest version that a range may be set to without a breaking change: `^1.0.0` -> `^1.2.3`,
 * `0.3.0` -> `0.3.25`.
 *
 * @param range A version, or one with `^` or `~`.
 * @param versions All versions that there are.
 * @param latest The version that its authors recommend; newer ones are not taken.
 * @returns The range itself, if there is nothing newer.
 */
export function newest(range: string, versions: readonly string[], latest: string): string {
  const [, sign = '', lowest = ''] = /^([~^]?)(.*)$/.exec(range) ?? [];
  const allowed = sign === '~' ? range : `^${lowest}`;
  const candidates = versions.filter((version) => semver.lte(version, latest));
  const found = semver.maxSatisfying(candidates, allowed);
  return found && semver.gt(found, lowest) ? `${sign}${found}` : range;
}
