import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { PackageManagers } from '../languages/package-manager.js';
import type { System } from '../system.js';
import { nearestExisting } from './folders.js';
import { readGit } from './git.js';
import { packageManagerOf } from './surroundings.js';

/**
 * What the machine knows of the developer and of the destination, from which defaults are taken. Empty
 * where it knows nothing.
 */
export interface Machine {
  /** Name of the destination folder, if the developer has named one. */
  folder: string;
  /**
   * The package manager of the project around the destination, or else the one that has started this process.
   *
   * @throws Refusal, if it is one that nothing can be made for.
   */
  packageManager(known: PackageManagers): string;
  /** git's `user.name`. */
  userName: string;
  /** git's `user.email`. */
  userEmail: string;
  /** URL of git's remote `origin`, if the destination is the root of a repository. */
  remote: string;
  /** Whether the destination is in a repository, and not the root of it. */
  isBelowRepositoryRoot: boolean;
  /** Whether a repository can be created: git is installed, and the destination is in none. */
  canInitGit: boolean;
}

/**
 * Asks the machine what the developer has said before.
 *
 * @param destination The folder to write to, if one was named.
 */
export async function readMachine(
  destination: string | undefined,
  system: System,
): Promise<Machine> {
  const target = resolve(system.cwd, destination ?? '');
  const existing = nearestExisting(target);
  const { isInstalled, userName, userEmail, remote, root } = await readGit(existing, system);
  const isRoot = destination !== undefined && existing === target && root === realpathSync(target);
  return {
    folder: destination === undefined ? '' : basename(target),
    packageManager: (known) => packageManagerOf(existing, known, system),
    userName,
    userEmail,
    // Of a larger repository, the destination would be a part that the remote does not name.
    remote: isRoot ? remote : '',
    isBelowRepositoryRoot: root !== '' && !isRoot,
    canInitGit: isInstalled && root === '',
  };
}
