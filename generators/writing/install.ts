import type { Plan } from '../commands/plan.js';
import type { Switches } from '../questions/switches.js';
import type { System } from '../system.js';

/** What was done after writing. Neither stops a run if it fails. */
export interface Installed {
  /** Whether dependencies are installed, or why they are not. */
  dependencies: 'installed' | 'not needed' | 'skipped' | { failure: string };
  /** Why there is no first commit, if there should be one. */
  commitFailure?: string | undefined;
}

/** Installs, and makes the first commit. */
export async function install(
  { root, packageManager, firstCommit }: Plan,
  { skipInstall }: Switches,
  system: System,
): Promise<Installed> {
  const dependencies =
    packageManager === undefined
      ? 'not needed'
      : skipInstall
        ? 'skipped'
        : await installWith(packageManager, root, system);
  return {
    dependencies,
    commitFailure: firstCommit ? await commitAll(root, system) : undefined,
  };
}

async function installWith(
  packageManager: string,
  root: string,
  { processes }: System,
): Promise<Installed['dependencies']> {
  const { status } = await processes.show(packageManager, ['install'], root);
  switch (status) {
    case 'done':
      return 'installed';
    case 'stopped':
      return { failure: 'since it was stopped' };
    case 'missing':
      return { failure: `there is no ${packageManager} on the PATH` };
    case 'failed':
      return { failure: 'see above' };
  }
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
