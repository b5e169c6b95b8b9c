import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { type Outcome, run } from '../../tools/support/processes.js';
import { copyPackage, type PackageCopy } from './package-copy.js';

/** No test of an update may depend on what is in a registry. */
const OFFLINE = { npm_config_offline: 'true' };

/** A version of this package with changes in its templates. */
export function nextVersion(version = '99.0.0'): PackageCopy {
  const next = copyPackage();
  const manifest = join(next.templates, '../package.json');
  writeJson(manifest, { ...readJson(manifest), version });
  return next;
}

/** Scaffolds a project, and commits it. */
export async function committedProject(
  program: string,
  args: readonly string[],
  cwd = newFolder(),
): Promise<string> {
  const { exitCode, all } = await run(
    process.execPath,
    [program, ...args, '--yes', '--skip-install', '--no-git'],
    { cwd },
  );
  assert.equal(exitCode, 0, all);
  git(cwd, 'init', '--quiet');
  commitAll(cwd);
  return cwd;
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}

export function commitAll(cwd: string): void {
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'A commit');
}

/** Runs `:update` of a version. */
export function update(program: string, cwd: string, ...args: string[]): Promise<Outcome> {
  return run(process.execPath, [program, ':update', ...args], { cwd, env: OFFLINE });
}
