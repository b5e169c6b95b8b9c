import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StartError } from './errors.js';
import { installedPackages } from './installed-packages.js';

/**
 * Runs an app while it is worked on: what is saved is compiled, and the app restarts. The same goes
 * for packages that are linked into it. Ends when one of its processes does.
 */
export function dev(root: string, port: number | undefined): void {
  const run = (args: string[], cwd: string): ChildProcess =>
    spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const linked = installedPackages(root).filter(({ isLinked }) => isLinked);
  const projects = [...linked.map(({ folder }) => folder), root].filter((folder) =>
    existsSync(join(folder, 'tsconfig.json')),
  );
  const start = ['start', '--root', root, ...(port === undefined ? [] : ['--port', String(port)])];
  const processes = [
    ...projects.map((folder) =>
      run([compilerOf(root), '--watch', '--preserveWatchOutput'], folder),
    ),
    run(['--watch', '--watch-preserve-output', __filename, ...start], root),
  ];
  // Ctrl+C reaches all of them. If one ends by itself, the others have nothing left to do.
  for (const child of processes) {
    child.on('exit', (code) => {
      processes.forEach((other) => other.kill());
      process.exitCode ??= code ?? 0;
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => processes.forEach((child) => child.kill()));
  }
}

/** The app's own TypeScript compiler. */
function compilerOf(root: string): string {
  try {
    const file = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    return join(file, '../bin/tsc');
  } catch {
    throw new StartError('TypeScript is not installed. Install the dependencies first.');
  }
}
