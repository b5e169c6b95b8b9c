import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PackageManager,
  packageManagerIn,
  packageManagers,
} from '../languages/package-manager.js';
import type { System } from '../system.js';
import { upFrom } from './folders.js';

/** Files that only one package manager has. */
const FILES: readonly (readonly [file: string, PackageManager])[] = [
  ['pnpm-workspace.yaml', 'pnpm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['.yarnrc.yml', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/**
 * The package manager of a folder: the one that the project around it uses, up to the root of the repository, or
 * else the one that has started this process.
 */
export function packageManagerOf(folder: string, { env }: Pick<System, 'env'>): PackageManager {
  for (const one of upFrom(folder)) {
    // A lockfile in the home folder comes from a command that was run in the wrong place.
    const found = isHome(one, env) ? undefined : packageManagerNamedIn(one);
    if (found !== undefined) {
      return found;
    }
    if (existsSync(join(one, '.git'))) {
      break;
    }
  }
  return packageManagerIn(env['npm_config_user_agent']);
}

/** The package manager that a folder itself names: in package.json, by a lockfile, or by its configuration. */
export function packageManagerNamedIn(folder: string): PackageManager | undefined {
  const { packageManager, devEngines } = packageJsonIn(folder);
  const [demanded] = [devEngines?.packageManager ?? []].flat();
  const name = packageManager?.replace(/@.*/s, '') ?? demanded?.name;
  return (
    packageManagers.find((one) => one === name) ??
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
