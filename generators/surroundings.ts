import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Surroundings } from './core/answers.js';
import { packageManagerIn } from './core/package-manager.js';
import { nearestFolder } from './destination.js';
import { readGit } from './git.js';

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
  const { isThere, userName, userEmail, remote, top } = await readGit(existing);
  const isRoot = existing === target && top === realpathSync(target);
  return {
    folder: destination === undefined ? '' : basename(target),
    packageManager: packageManagerIn(process.env.npm_config_user_agent),
    userName,
    userEmail,
    // Of a larger repository, the destination would be a part that the remote does not name.
    remote: destination !== undefined && isRoot ? remote : '',
    isPart: top !== '' && !(destination !== undefined && isRoot),
    canInitGit: isThere && top === '',
  };
}
