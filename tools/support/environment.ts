import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutRepository } from '../../generators/git-environment.js';

/** Where tests and tools put everything they make. Mocha's processes share it. */
export const temporary = (process.env.TEST_FOLDER ||= realpathSync(
  mkdtempSync(join(tmpdir(), 'azfunc-extension-test-')),
));

/** What git knows about the developer. */
export const developer = { name: 'Ada Example', email: 'ada@example.com' };

// Defaults come from git's configuration, and must not depend on the one of this machine.
const gitConfig = join(temporary, 'gitconfig');
writeFileSync(gitConfig, `[user]\n\tname = ${developer.name}\n\temail = ${developer.email}\n`);
process.env.GIT_CONFIG_GLOBAL = gitConfig;
process.env.GIT_CONFIG_NOSYSTEM = '1';

// Programs print and install differently where these are set. Tests see what a developer sees.
for (const name of ['CI', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'COLORTERM', 'TMUX', 'TF_BUILD']) {
  delete process.env[name];
}
process.env.NO_COLOR = '1';

// A hook may run the tests.
const env = withoutRepository(process.env);
for (const name of Object.keys(process.env).filter((key) => !(key in env))) {
  delete process.env[name];
}

// Settings of the npm that runs this are not for the npm that it runs.
for (const name of Object.keys(process.env).filter((key) => /^npm_/i.test(key))) {
  delete process.env[name];
}

export function removeTemporary(): void {
  rmSync(temporary, { recursive: true, force: true });
}
