import { join } from 'node:path';
import { execa, type Result } from 'execa';
import { root } from './files.js';

export interface RunOptions {
  cwd: string;
  env?: Record<string, string>;
  /** What stands on standard input: nothing by default, and then it is closed. */
  stdin?: 'ignore' | 'pipe';
  timeout?: number;
  uid?: number;
  gid?: number;
}

/** What a process has said and how it has ended. It may have failed: that is for the test to judge. */
export type Outcome = Result<{ all: true; reject: false }>;

export function run(command: string, args: string[], options: RunOptions): Promise<Outcome> {
  return execa(command, args, { stdin: 'ignore', ...options, all: true, reject: false });
}

/** Our own command line, as it is built. */
export function cli(args: string[], options: RunOptions): Promise<Outcome> {
  return run(process.execPath, [join(root, 'bin.cjs'), ...args], options);
}

/** Runs npm, and fails with its output if it does. */
export async function npm(
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { failed, all } = await run('npm', args, { cwd, env });
  if (failed) {
    throw new Error(`npm ${args.join(' ')} failed:\n${all}`);
  }
  return all;
}

/** Packs the package in a folder, or one of its workspace. */
export async function pack(
  folder: string,
  into: string,
  ...args: string[]
): Promise<{ file: string; files: string[] }> {
  const output = await npm(
    ['pack', ...args, '--json', '--silent', '--pack-destination', into],
    folder,
  );
  const [{ filename, files }] = JSON.parse(output) as [
    { filename: string; files: { path: string }[] },
  ];
  return { file: join(into, filename), files: files.map(({ path }) => path).sort() };
}
