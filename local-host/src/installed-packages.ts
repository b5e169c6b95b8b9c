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
  optionalDependencies?: Record<string, string>;
}

export function readPackageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** A dependency of a package, as it is installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  /**
   * What to write for exactly this one: its version, or an alias. Nothing, if it is not from a registry:
   * from a tarball, from git, or worked on beside the app.
   */
  spec: string | undefined;
  /** Its folder, absolute. */
  folder: string;
  /** Whether it is worked on beside the app, and only linked. */
  isLinked: boolean;
}

/** A version, a range, a tag, an alias of npm or a catalog of pnpm: what is looked up in a registry. */
const IN_REGISTRY = /^(npm:|catalog:|[^/:]*$)(?!.*\.(tgz|tar|tar\.gz)$)/i;

/**
 * The dependencies of a package, without the optional ones: they are a registry's matter.
 *
 * @param root Folder of the package.
 * @throws StartError for one that is not installed.
 */
export function installedPackages(root: string): InstalledPackage[] {
  const { dependencies = {}, optionalDependencies = {} } = readPackageJson(root);
  return Object.entries(dependencies)
    .filter(([name]) => !Object.hasOwn(optionalDependencies, name))
    .map(([name, wanted]) => {
      const folder = realpathSync(find(name, root));
      const { name: ownName, version } = readPackageJson(folder);
      const isLinked = !/[\\/]node_modules[\\/]/.test(folder);
      const isFromRegistry = IN_REGISTRY.test(wanted) && !isLinked;
      const exact = ownName === name ? version : `npm:${ownName}@${version}`;
      return { name, version, spec: isFromRegistry ? exact : undefined, folder, isLinked };
    });
}

/** The folder in which a package finds another one. */
function find(name: string, from: string, above = from): string {
  const folder = join(above, 'node_modules', name);
  if (existsSync(folder)) {
    return folder;
  }
  if (dirname(above) === above) {
    throw new StartError(`${name} is not installed. Install the dependencies of ${from} first.`);
  }
  return find(name, from, dirname(above));
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
