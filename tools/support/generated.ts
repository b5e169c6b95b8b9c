import { join } from 'node:path';
import { newFolder } from './folders.js';
import { cli, npm } from './processes.js';

/** Scaffolds without installing. */
export async function scaffold(args: string[], cwd = newFolder()): Promise<string> {
  const { failed, all } = await cli([...args, '--skip-install'], { cwd });
  if (failed) {
    throw new Error(`Scaffolding failed:\n${all}`);
  }
  return cwd;
}

export type Scope = 'app' | 'function';

const workspaces = new Map<Scope, Promise<string>>();

/** The default workspace of a scope, installed. It is made once and shared: tests leave it as it is. */
export function workspace(scope: Scope): Promise<string> {
  const made = workspaces.get(scope) ?? makeWorkspace(scope);
  workspaces.set(scope, made);
  return made;
}

async function makeWorkspace(scope: Scope): Promise<string> {
  const cwd = await scaffold(['--yes', '--scope', scope, '--no-git']);
  const folder = join(cwd, 'azfunc-extension-timer');
  const output = await npm(['install'], folder);
  // A setting of the machine's own npm is none of the project's business.
  if (/\bwarn\b(?!.*config)/i.test(output)) {
    throw new Error(`npm install has warned:\n${output}`);
  }
  return folder;
}
