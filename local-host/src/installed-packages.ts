import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from './errors.js';

export interface PackageJson {
  name: string;
  version: string;
  type?: string;
  main: string;
  engines?: object;
  dependencies?: Record<string, string>;
}

export function readPackageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** A dependency of the app, as it is installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** What to write for exactly this one: its version, an alias, or where it is from. */
  spec: string;
  /** Its folder, absolute. */
  folder: string;
  /** Whether it is worked on beside the app, as opposed to installed from elsewhere. */
  isLocal: boolean;
}

/**
 * The app's dependencies.
 *
 * @param root Folder of the app.
 * @throws StartError for one that is not installed.
 */
export function installedPackages(root: string): InstalledPackage[] {
  return Object.entries(readPackageJson(root).dependencies ?? {}).map(([name, wanted]) => {
    const folder = realpathSync(find(name, root));
    const { name: ownName, version } = readPackageJson(folder);
    const isFromRegistry = !wanted.includes('/') || wanted.startsWith('npm:');
    const exact = ownName === name ? version : `npm:${ownName}@${version}`;
    return {
      name,
      version,
      spec: isFromRegistry ? exact : wanted,
      folder,
      isLocal: !/[\\/]node_modules[\\/]/.test(folder),
    };
  });
}

function find(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) {
    return folder;
  }
  if (dirname(from) === from) {
    throw new StartError(`${name} is not installed. Install the dependencies first.`);
  }
  return find(name, dirname(from));
}

/** A package, and one that it depends on, as they are installed. */
export interface Dependency {
  from: InstalledPackage;
  to: InstalledPackage;
}

/** What a package needs at run time, however deep. */
export function dependenciesOf(from: InstalledPackage, seen = new Set<string>()): Dependency[] {
  if (seen.has(from.folder)) {
    return [];
  }
  seen.add(from.folder);
  return installedPackages(from.folder).flatMap((to) => [
    { from, to },
    ...dependenciesOf(to, seen),
  ]);
}
