import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { folderWith } from './folder-with.js';

/** What git knows of a folder. Empty where it knows nothing. */
export interface GitInfo {
  /** Whether git is installed. */
  isThere: boolean;
  userName: string;
  userEmail: string;
  /** URL of the remote `origin`. */
  remote: string;
  /** The root of the repository around the folder, without symbolic links. */
  top: string;
}

/** Finds out what git knows of a folder. */
export async function readGit(folder: string): Promise<GitInfo> {
  const { stdout, isMissing } = await git(['config', '--list', '--null'], folder);
  const values = new Map(
    stdout.split('\0').map((entry) => {
      const [key = '', ...lines] = entry.split('\n');
      return [key, lines.join('\n')];
    }),
  );
  return {
    isThere: !isMissing,
    userName: values.get('user.name') ?? '',
    userEmail: values.get('user.email') ?? '',
    remote: values.get('remote.origin.url') ?? '',
    // It is a file in worktrees and submodules.
    top: folderWith('.git', realpathSync(folder)) ?? '',
  };
}

/**
 * Creates a git repository in a folder, with all that is in it as its first commit.
 *
 * @returns Why there is no commit, if there is none.
 */
export async function firstCommit(folder: string): Promise<string | undefined> {
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'Initial commit'],
  ]) {
    const { failed, stderr } = await git(args, folder);
    if (failed) {
      const reason = stderr.split('\n').find((line) => /^(fatal|error): /.test(line)) ?? stderr;
      return `git ${args[0]} has failed, ${reason.trim() || 'without a reason'}.`;
    }
  }
  return undefined;
}

interface Outcome {
  stdout: string;
  stderr: string;
  failed: boolean;
  /** Whether there is no git. */
  isMissing: boolean;
}

function git(args: string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile('git', args, { cwd, windowsHide: true }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, failed: error !== null, isMissing: error?.code === 'ENOENT' }),
    );
    child.stdin?.end();
  });
}
