import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { execa } from 'execa';
import type { Surroundings } from './core/answers.js';
import { packageManagerIn } from './core/package-manager.js';
import { nearestFolder } from './destination.js';

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
  const existing = nearestFolder(target);
  const git = (...args: string[]) => output('git', args, existing);
  const [version, userName, userEmail, remote, top] = await Promise.all([
    git('--version'),
    git('config', 'user.name'),
    git('config', 'user.email'),
    git('config', 'remote.origin.url'),
    git('rev-parse', '--show-toplevel'),
  ]);
  const isRoot = top !== '' && existing === target && realpathSync(top) === realpathSync(target);
  return {
    folder: destination === undefined ? '' : basename(target),
    packageManager: packageManagerIn(process.env.npm_config_user_agent),
    userName,
    userEmail,
    // Of a larger repository, the destination would be a part that the remote does not name.
    remote: destination !== undefined && isRoot ? remote : '',
    isPart: top !== '' && !(destination !== undefined && isRoot),
    canInitGit: version !== '' && top === '',
  };
}

/** What a command prints, or nothing where it fails or is not there. */
async function output(command: string, args: string[], cwd: string): Promise<string> {
  const { stdout, failed } = await execa(command, args, { cwd, reject: false });
  return failed ? '' : stdout.trim();
}
