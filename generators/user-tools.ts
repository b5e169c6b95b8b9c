import { execa } from 'execa';

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
    const { failed, stderr } = await execa('git', args, {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
    });
    if (failed) {
      const reason = stderr.split('\n').find((line) => /^(fatal|error): /.test(line)) ?? stderr;
      return `git ${args[0]} has failed, ${reason.trim() || 'without a reason'}.`;
    }
  }
  return undefined;
}

/** Opens a folder in Visual Studio Code, and returns whether that is there. */
export async function opened(folder: string): Promise<boolean> {
  const { failed } = await execa('code', [folder], { reject: false, stdin: 'ignore' });
  return !failed;
}
