import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { developer, temporary } from './environment.js';
import { root } from './files.js';
import { newFolder } from './folders.js';
import { npm, pack, run } from './processes.js';
import { startRegistry } from './registry.js';

/** Someone who has Node.js, git, and what {@link INSTALL} installs. */
export interface Newcomer {
  home: string;
  /** How a process is run as this user. */
  as: { env: Record<string, string>; uid?: number; gid?: number };
}

export const INSTALL = 'npm install --global yo generator-azfunc-extension';

const NOBODY = 65_534;

let made: Promise<Newcomer> | undefined;

/**
 * Always the same one, since to install takes a minute. As root, `yo` becomes another user, who would
 * not get at what root has made: there it is a plain user for everything.
 */
export function newcomer(): Promise<Newcomer> {
  made ??= makeNewcomer();
  return made;
}

async function makeNewcomer(): Promise<Newcomer> {
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
  const as = {
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
  };
  await install(home, as);
  return { home, as };
}

/** From a registry on this machine, to which this package is published as it is built. */
async function install(cwd: string, as: Newcomer['as']): Promise<void> {
  const registry = await startRegistry();
  try {
    const folder = newFolder('package');
    // Other tests use what a build would replace.
    const { file } = await pack(root, folder, '--ignore-scripts');
    await npm(['publish', file, '--ignore-scripts'], folder, registry.publisher);
    const env = { ...as.env, ...registry.customer };
    const { failed, all } = await run('bash', ['-c', INSTALL], { cwd, ...as, env });
    if (failed) {
      throw new Error(all);
    }
  } finally {
    registry.close();
  }
}
