import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../support/files.js';

export const scopes = ['app', 'function'] as const;

export type Scope = (typeof scopes)[number];

/** One thing to check. */
export interface Step {
  name: string;
  /** @throws ExecaError or AssertionError, if it is not as it should be. */
  check: () => Promise<void>;
}

/** Runs a command, and keeps what it prints for the error. */
export async function run(
  cwd: string,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<void> {
  await execa(command, args, { cwd, env, all: true, stdin: 'ignore' });
}

/**
 * Makes the project of a template, below `build/`.
 *
 * @param options Further options of the generator, by name.
 */
export async function compose(
  language: string,
  id: string,
  options: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(root, 'build/templates', [language, id, ...Object.values(options)].join('-'));
  rmSync(folder, { recursive: true, force: true });
  const flags = Object.entries({ language, template: id, name: id, ...options }).map(
    ([name, value]) => `--${name}=${value}`,
  );
  await run(root, process.execPath, [
    'bin.cjs',
    folder,
    ...flags,
    '--yes',
    '--skip-install',
    '--no-git',
  ]);
  return folder;
}
