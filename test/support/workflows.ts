import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { run } from '../../tools/support/processes.js';

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
  'working-directory'?: string;
}

export interface Job {
  uses?: string;
  permissions?: Record<string, string>;
  environment?: string;
  'timeout-minutes'?: number;
  strategy?: { matrix: Record<string, unknown[]> };
  steps?: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** The workflows of a project, by the names of their files. */
export function workflowsOf(project: string): Map<string, Workflow> {
  const folder = join(project, '.github/workflows');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file, parse(read(folder, file)) as Workflow]),
  );
}

/**
 * Runs the commands of a job in order, as GitHub runs them on Linux, until one fails.
 *
 * @param checkout The folder that stands for the one that actions/checkout makes.
 * @param env What GitHub sets. All else that a command has is what it has on this machine.
 * @param artifacts The folder that stands for what jobs hand on.
 * @returns What the commands have printed, and the exit code of the last one.
 */
export async function runJob(
  { steps = [] }: Job,
  checkout: string,
  env: Record<string, string>,
  artifacts = newFolder('artifacts'),
): Promise<{ exitCode: number | undefined; output: string }> {
  let output = '';
  for (const step of steps) {
    const { run: command, uses, with: { name, path = '.' } = {} } = step;
    const { 'working-directory': folder = '.' } = step;
    const [, transfer] = /^actions\/(upload|download)-artifact@/.exec(uses ?? '') ?? [];
    if (transfer) {
      const folders = [join(checkout, String(path)), join(artifacts, String(name))] as const;
      const [from, to] = transfer === 'upload' ? folders : [folders[1], folders[0]];
      cpSync(from, to, { recursive: true });
      continue;
    }
    if (command === undefined) {
      // What stands for them here: the folder, and the Node.js, Python or uv that runs the tests.
      assert.match(
        uses ?? '',
        /^(actions\/(checkout|setup-node|setup-python)|astral-sh\/setup-uv)@/,
      );
      continue;
    }
    // GitHub would put a text into the command that may be anybody's.
    assert.doesNotMatch(command, /\$\{\{/);
    const { exitCode, all } = await run('bash', ['-e', '-c', command], {
      cwd: join(checkout, folder),
      env: { CI: 'true', ...env },
    });
    output += all;
    if (exitCode !== 0) {
      return { exitCode, output };
    }
  }
  return { exitCode: 0, output };
}
