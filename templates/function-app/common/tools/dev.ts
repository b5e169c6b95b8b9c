/*
 * Runs the app on this machine while it is worked on: what is saved is compiled, and the local host
 * starts anew. So it goes for the app, and for the packages that are worked on beside it. Arguments
 * are those of the local host.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackages } from './local-packages';

const root = join(__dirname, '../..');
const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc');

function run(args: string[], cwd: string): ChildProcess {
  return spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

const projects = installedPackages(root)
  .filter(({ isLocal, folder }) => isLocal && existsSync(join(folder, 'tsconfig.json')))
  .map(({ folder }) => folder);
const processes = [
  ...[...projects, root].map((folder) => run([tsc, '--watch', '--preserveWatchOutput'], folder)),
  run(
    ['--watch', '--watch-preserve-output', 'dist/local-host/main.js', ...process.argv.slice(2)],
    root,
  ),
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
