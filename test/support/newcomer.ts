import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './files.js';
import { newFolder } from './folders.js';
import { npm, pack } from './processes.js';
import type { Registry } from './registry.js';
import { developer, temporary } from './setup.js';

/** Someone who has Node.js, git and an empty home. */
export interface Newcomer {
  home: string;
  /** How a process is run as this user. */
  as: { env: Record<string, string>; uid?: number; gid?: number };
}

const NOBODY = 65_534;

let made: Newcomer | undefined;

/**
 * Always the same one, whose cache of npm fills only once. As root, `yo` becomes another user, who
 * would not get at what root has made: there it is a plain user for everything.
 */
export function newcomer(): Newcomer {
  if (made) {
    return made;
  }
  chmodSync(temporary, 0o755);
  const home = newFolder('home');
  const global = join(home, 'global');
  mkdirSync(global);
  const gitConfig = join(home, '.gitconfig');
  writeFileSync(gitConfig, `[user]\n\tname = ${developer.name}\n\temail = ${developer.email}\n`);
  const isRoot = process.getuid?.() === 0;
  for (const path of isRoot ? [home, global, gitConfig] : []) {
    chownSync(path, NOBODY, NOBODY);
  }
  made = {
    home,
    as: {
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
      env: {
        HOME: home,
        PATH: [join(global, 'bin'), process.env.PATH].join(delimiter),
        GIT_CONFIG_GLOBAL: gitConfig,
        npm_config_prefix: global,
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
      },
    },
  };
  return made;
}

/** Publishes this package, as it is built, to a registry on this machine. */
export async function publishTo(registry: Registry): Promise<void> {
  const folder = newFolder('package');
  // Other tests use what a build would replace.
  const { file } = await pack(root, folder, '--ignore-scripts');
  await npm(['publish', file, '--ignore-scripts'], folder, registry.publisher);
}
