import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { npm } from '../../tools/support/processes.js';

/** Whether this clone has a commit: a shallow one may not. */
export function hasCommit(commit: string): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** This package as it was in a commit, built. */
export async function packageAt(commit: string): Promise<string> {
  const folder = join(newFolder('history'), 'package');
  mkdirSync(folder);
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x'], { cwd: folder, input: archive });
  // Builds it, too.
  await npm(['ci', '--no-audit', '--no-fund', '--prefer-offline'], folder);
  return folder;
}
