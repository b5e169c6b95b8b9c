import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../support/folders.js';
import { compared, type Figure, median } from './figures.js';
import type { Peers } from './peers.js';

const ROUNDS = 15;
const OURS = ['app', '--name', 'timer', '--yes', '--skip-install'];

/** The time of our own command, next to that of create-vite. */
export async function measureOwnCommand({ modules }: Peers): Promise<Figure> {
  const own = [join(modules, 'generator-azfunc-extension/bin.cjs'), ...OURS];
  const vite = join(modules, 'create-vite/index.js');
  const values = await interleaved({
    'Node.js alone': ['--eval', '0'],
    'create-vite': [vite, 'app', '--template', 'vanilla-ts', '--no-interactive'],
    'ours, --no-git': [...own, '--no-git'],
    'ours, with a git repository and its first commit': own,
  });
  const figure = { what: 'Scaffold into an empty folder', unit: 'ms', values, ratios: [] } as const;
  return compared(
    compared({ ...figure, ratios: [] }, 'ours, --no-git', 'create-vite', 1.2),
    'ours, with a git repository and its first commit',
    'create-vite',
  );
}

/** The time under `yo`, next to that of a generator that does nothing, and of `yo code`. */
export async function measureYo({ modules }: Peers): Promise<Figure> {
  const yo = join(modules, 'yo/lib/cli.js');
  const env = { NODE_PATH: modules };
  const values = await interleaved(
    {
      'yo empty': [yo, 'empty'],
      'yo azfunc-extension': [yo, 'azfunc-extension', ...OURS, '--no-git'],
      'yo code': [yo, 'code', 'app', '-t', 'ts', '-q', '--skip-install', '--skipOpen'],
    },
    env,
  );
  const figure: Figure = { what: 'The same under yo', unit: 'ms', values, ratios: [] };
  return compared(
    compared(figure, 'yo azfunc-extension', 'yo empty', 1.05),
    'yo azfunc-extension',
    'yo code',
    1,
  );
}

/** Medians in milliseconds. What is compared runs in turn, so that the machine is the same for all. */
async function interleaved(
  commands: Record<string, string[]>,
  env: Record<string, string> = {},
): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const time = await timeOf(args, env);
      // The first round fills caches.
      if (round > 0) {
        (times[name] ??= []).push(time);
      }
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

async function timeOf(args: string[], env: Record<string, string>): Promise<number> {
  const cwd = newFolder('bench');
  chmodSync(cwd, 0o777);
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, HOME: cwd, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const time = performance.now() - started;
  if (code !== 0) {
    throw new Error(`node ${args.join(' ')} has ended with ${String(code)}.`);
  }
  return time;
}
