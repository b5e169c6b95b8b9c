/*
 * `npm run bump`: sets the versions in templates/package.json to the newest ones that break nothing and are a month old,
 * and says what has changed. A new major version is left to a developer.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import semver from 'semver';
import { root } from '../support/files.js';
import { kept, newest } from './newest.js';

interface Releases {
  versions: string | string[];
  'dist-tags.latest': string;
  time: Record<string, string>;
}

/** Companies let versions ripen before they install them; `min-release-age` has npm do so. */
const OLD_ENOUGH = Date.now() - 30 * 24 * 3600 * 1000;

const [file = join(root, 'templates/package.json')] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
for (const field of ['dependencies', 'devDependencies']) {
  const ranges = manifest[field] ?? {};
  for (const [name, range] of Object.entries(ranges)) {
    const reason = kept[name];
    if (reason !== undefined) {
      console.log(`${name} ${range} is kept: it ${reason}`);
      continue;
    }
    const { stdout } = await execa('npm', [
      'view',
      name,
      'versions',
      'dist-tags.latest',
      'time',
      '--json',
    ]);
    const { versions, 'dist-tags.latest': latest, time } = JSON.parse(stdout) as Releases;
    const ripe = [versions].flat().filter((one) => Date.parse(time[one] ?? '') < OLD_ENOUGH);
    const next = newest(range, ripe, latest);
    ranges[name] = next;
    const change = next === range ? 'stays' : `becomes ${next}`;
    const isBehind = semver.gt(latest, next.replace(/^[~^]/, ''));
    console.log(`${name} ${range} ${change}${isBehind ? `; there is ${latest}, too` : ''}`);
  }
}
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
