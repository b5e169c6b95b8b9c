import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageManager, PackageManagers } from '../languages/package-manager.js';
import { oneOf } from '../one-of.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { upFrom } from './folders.js';

/** The package manager that a project uses. */
export interface Around {
  /** Its name. It may be one that nothing can be made for, such as bun. */
  name: string;
  /** The folder of the project. */
  root: string;
}

/** The package manager that the project around a folder uses, up to the root of the repository. */
export function packageManagerAround(
  folder: string,
  known: PackageManagers,
  { env }: Pick<System, 'env'>,
): Around | undefined {
  for (const one of upFrom(folder)) {
    // A lockfile in the home folder comes from a command that was run in the wrong place.
    const name = isHome(one, env) ? undefined : packageManagerNamedIn(one, known);
    if (name !== undefined) {
      return { name, root: one };
    }
    if (existsSync(join(one, '.git'))) {
      break;
    }
  }
  return undefined;
}

/**
 * The package manager of a new project: the one that the project around it uses, or else the one that has started this
 * process.
 *
 * @throws Refusal, if the project around uses one that nothing can be made for.
 */
export function packageManagerOf<Name extends string>(
  folder: string,
  known: PackageManagers<Name>,
  system: Pick<System, 'env'>,
): Name {
  const around = packageManagerAround(folder, known, system);
  if (around === undefined) {
    return startedIn(known, system);
  }
  const { name, root } = around;
  if (!isKnown(name, known)) {
    throw new Refusal(
      `${root} uses ${name}, for which nothing can be made. Give --package-manager ${oneOf(known.names)}, or take a folder elsewhere.`,
    );
  }
  return name;
}

/** The package manager that has started this process, or else the default. */
export function startedIn<Name extends string>(
  { names, startedIn: named }: PackageManagers<Name>,
  { env }: Pick<System, 'env'>,
): Name {
  return named(env) ?? names[0];
}

/** Whether projects can be made for a package manager. */
export function isKnown<Name extends string>(
  name: string,
  { names }: PackageManagers<Name>,
): name is Name {
  return (names as readonly string[]).includes(name);
}

/**
 * The package manager that a folder itself names: in its manifest, by a lockfile, or by its configuration. It may be one
 * that nothing can be made for.
 */
export function packageManagerNamedIn(
  folder: string,
  { files, manifest, namedIn }: PackageManagers,
): string | undefined {
  const file = join(folder, manifest);
  const named = existsSync(file) ? namedIn(readFileSync(file, 'utf8')) : undefined;
  return named ?? files.find(([one]) => existsSync(join(folder, one)))?.[1];
}

function isHome(folder: string, env: Readonly<NodeJS.ProcessEnv>): boolean {
  return folder === (env['HOME'] ?? env['USERPROFILE']);
}

/**
 * The version of a package manager, as the folder or the machine has it.
 *
 * @param folder A folder that exists.
 * @returns Nothing, if it is not installed.
 */
export async function versionOfPackageManager(
  name: PackageManager,
  folder: string,
  { env, processes }: System,
): Promise<string | undefined> {
  const [, running] = /^(\w+\/[^ ]+)/.exec(env['npm_config_user_agent'] ?? '') ?? [];
  const [agent, version] = running?.split('/') ?? [];
  const { stdout } =
    agent === name
      ? { stdout: version ?? '' }
      : await processes.capture(name, ['--version'], folder);
  return /^\d+\.\d+\.\d+[\w.-]*$/.exec(stdout.trim())?.[0];
}
