import { realpathSync } from 'node:fs';
import type { System } from '../system.js';
import { nearestWith } from './folders.js';

/** What git knows of a folder. Empty where it knows nothing. */
export interface GitFacts {
  isInstalled: boolean;
  userName: string;
  userEmail: string;
  /** URL of the remote `origin`. */
  remote: string;
  /** The root of the repository around the folder, without symbolic links. */
  root: string;
}

/** Finds out what git knows of a folder. */
export async function readGit(folder: string, { processes }: System): Promise<GitFacts> {
  const { stdout, status } = await processes.git(['config', '--list', '--null'], folder);
  const values = new Map(
    stdout.split('\0').map((entry) => {
      const [key = '', ...lines] = entry.split('\n');
      return [key, lines.join('\n')];
    }),
  );
  return {
    isInstalled: status !== 'missing',
    userName: values.get('user.name') ?? '',
    userEmail: values.get('user.email') ?? '',
    remote: values.get('remote.origin.url') ?? '',
    // It is a file in worktrees and submodules.
    root: nearestWith('.git', realpathSync(folder)) ?? '',
  };
}
