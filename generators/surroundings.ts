import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { execa } from 'execa';
import type { Surroundings } from './core/answers.js';

/**
 * Asks the machine what the developer has said before.
 *
 * @param cwd The current folder.
 * @param destination The folder to write to, if one was named.
 */
export async function readSurroundings(
  cwd: string,
  destination: string | undefined,
): Promise<Surroundings> {
  const target = resolve(cwd, destination ?? '');
  const git = (...args: string[]) => output('git', args, nearestFolder(target));
  const [version, userName, userEmail, remote, inside] = await Promise.all([
    git('--version'),
    git('config', 'user.name'),
    git('config', 'user.email'),
    git('config', 'remote.origin.url'),
    git('rev-parse', '--is-inside-work-tree'),
  ]);
  return {
    folder: destination === undefined ? '' : basename(target),
    userName,
    userEmail,
    remote,
    canInitGit: version !== '' && inside !== 'true',
  };
}

/** The folder itself, or the nearest one above it that exists. */
export function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

/** What a command prints, or nothing where it fails or is not there. */
async function output(command: string, args: string[], cwd: string): Promise<string> {
  const { stdout, failed } = await execa(command, args, { cwd, reject: false });
  return failed ? '' : stdout.trim();
}
