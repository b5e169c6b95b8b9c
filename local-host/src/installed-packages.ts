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
  return Object.keys(readPackageJson(root).dependencies ?? {}).map((name) => {
    const folder = realpathSync(find(name, root));
    return {
      name,
      version: readPackageJson(folder).version,
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

/** The packages that a package needs at run time, however deep, as they are installed. */
export function installedTree(folder: string, seen = new Set<string>()): InstalledPackage[] {
  return installedPackages(folder)
    .filter((one) => !seen.has(one.folder) && seen.add(one.folder))
    .flatMap((one) => [one, ...installedTree(one.folder, seen)]);
}
