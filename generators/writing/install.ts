import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../commands/plan.js';
import { upFrom } from '../found/folders.js';
import type { PackageManager } from '../languages/package-manager.js';
import type { Switches } from '../questions/switches.js';
import type { System } from '../system.js';
import { failureOf, type InstallFailure, investigation } from './install-failure.js';

/** What was done after writing. Neither stops a run if it fails. */
export interface Installed {
  /** Whether dependencies are installed, or why they are not. */
  dependencies: 'installed' | 'not needed' | 'skipped' | InstallFailure;
  /** Why there is no first commit, if there should be one. */
  commitFailure?: string | undefined;
}

/** Installs, and makes the first commit. */
export async function install(
  plan: Plan,
  { skipInstall }: Switches,
  system: System,
): Promise<Installed> {
  const { root, packageManager, firstCommit } = plan;
  const dependencies =
    packageManager === undefined
      ? 'not needed'
      : skipInstall
        ? 'skipped'
        : await installWith(packageManager, plan, system);
  return {
    dependencies,
    commitFailure: firstCommit ? await commitAll(root, system) : undefined,
  };
}

/**
 * Settings of the user's for production and for CI: without the dependencies for development, what was made cannot be
 * built, and it has no lockfile yet.
 */
const ENVIRONMENT: Record<PackageManager, Record<string, string | undefined>> = {
  npm: { NODE_ENV: undefined, npm_config_include: 'dev' },
  pnpm: {
    NODE_ENV: undefined,
    npm_config_production: 'false',
    npm_config_frozen_lockfile: 'false',
  },
  yarn: {
    NODE_ENV: undefined,
    npm_config_production: 'false',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  },
};

async function installWith(
  packageManager: PackageManager,
  plan: Plan,
  { processes }: System,
): Promise<Installed['dependencies']> {
  const environment = ENVIRONMENT[packageManager];
  const { status, stderr } = await processes.show(
    packageManager,
    ['install'],
    plan.root,
    environment,
  );
  if (status !== 'done') {
    return failureOf(packageManager, status, stderr);
  }
  const missing = missingPackages(plan);
  return missing.length === 0
    ? 'installed'
    : {
        reason: `it has ended well, but ${missing.join(', ')} is not in node_modules`,
        remedy: investigation(packageManager),
      };
}

/** What a package.json that was written needs, and is not where Node.js looks for it. */
function missingPackages({ root, files, edits }: Plan): string[] {
  const missing = [...files, ...edits]
    .filter(({ path }) => /(^|\/)package\.json$/.test(path))
    .flatMap(({ path, contents }) => {
      const folder = dirname(join(root, path));
      // With Plug'n'Play, yarn has no node_modules.
      const isInstalled = (name: string) =>
        [...upFrom(folder)].some(
          (one) => existsSync(join(one, 'node_modules', name)) || existsSync(join(one, '.pnp.cjs')),
        );
      const { dependencies = {}, devDependencies = {} } = JSON.parse(contents) as {
        dependencies?: object;
        devDependencies?: object;
      };
      return Object.keys({ ...dependencies, ...devDependencies }).filter(
        (name) => !isInstalled(name),
      );
    });
  return [...new Set(missing)];
}

/** Creates a git repository in a folder, with all that is in it as its first commit. */
async function commitAll(root: string, { processes }: System): Promise<string | undefined> {
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'Initial commit'],
  ]) {
    const { status, stderr } = await processes.git(args, root);
    if (status !== 'done') {
      const reason = stderr.split('\n').find((line) => /^(fatal|error): /.test(line)) ?? stderr;
      return `git ${args[0]} has failed, ${reason.trim() || 'without a reason'}.`;
    }
  }
  return undefined;
}
