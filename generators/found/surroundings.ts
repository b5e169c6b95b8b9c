import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PackageManager,
  packageManagerIn,
  packageManagers,
} from '../languages/package-manager.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { upFrom } from './folders.js';

/** Files that only one package manager has. */
const FILES: readonly (readonly [file: string, name: string])[] = [
  ['pnpm-workspace.yaml', 'pnpm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['.yarnrc.yml', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

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
  { env }: Pick<System, 'env'>,
): Around | undefined {
  for (const one of upFrom(folder)) {
    // A lockfile in the home folder comes from a command that was run in the wrong place.
    const name = isHome(one, env) ? undefined : packageManagerNamedIn(one);
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
export function packageManagerOf(folder: string, system: Pick<System, 'env'>): PackageManager {
  const { name, root } = packageManagerAround(folder, system) ?? {
    name: packageManagerIn(system.env['npm_config_user_agent']),
  };
  if (!isKnown(name)) {
    throw new Refusal(
      `${root} uses ${name}, for which nothing can be made. Give --package-manager ${packageManagers.join(', ')}, or take a folder elsewhere.`,
    );
  }
  return name;
}

/** Whether projects can be made for a package manager. */
export function isKnown(name: string): name is PackageManager {
  return (packageManagers as readonly string[]).includes(name);
}

/**
 * The package manager that a folder itself names: in package.json, by a lockfile, or by its configuration. It may be one
 * that nothing can be made for.
 */
export function packageManagerNamedIn(folder: string): string | undefined {
  const { packageManager, devEngines } = packageJsonIn(folder);
  const [demanded] = [devEngines?.packageManager ?? []].flat();
  return (
    packageManager?.replace(/@.*/s, '') ??
    demanded?.name ??
    FILES.find(([file]) => existsSync(join(folder, file)))?.[1]
  );
}

interface PackageJson {
  packageManager?: string;
  devEngines?: { packageManager?: { name?: string } | { name?: string }[] };
}

/** What is no JSON says nothing. */
function packageJsonIn(folder: string): PackageJson {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  } catch {
    return {};
  }
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
