import { createConnection } from 'node:net';
import type { Plan } from './commands/plan.js';
import type { Switches } from './questions/switches.js';
import type { System } from './system.js';

/** The port of the local host, and of Core Tools. */
const PORT = 7071;

/** The first npm that knows workspaces. */
const OLDEST_NPM = 7;

/**
 * Looks for what on this machine will not work as the next steps say, before anything is written.
 *
 * @returns A line for each, with what to do about it. Nothing of it stops a run.
 */
export async function preflight(
  { packageManager, firstCommit, nextSteps }: Plan,
  { skipInstall, dryRun }: Switches,
  system: System,
): Promise<string[]> {
  if (dryRun) {
    return [];
  }
  const isServed = nextSteps.some(([command]) => command.includes(`:${PORT}/`));
  const warnings = await Promise.all([
    firstCommit ? gitWarnings(system) : [],
    packageManager === 'npm' && !skipInstall ? npmWarnings(system) : [],
    isServed ? portWarnings() : [],
  ]);
  return warnings.flat();
}

async function gitWarnings({ processes, cwd }: System): Promise<string[]> {
  const [identity, signing] = await Promise.all([
    processes.git(['var', 'GIT_COMMITTER_IDENT'], cwd),
    processes.git(['config', '--type=bool', 'commit.gpgsign'], cwd),
  ]);
  return [
    ...(identity.status === 'failed'
      ? [
          'git does not know who commits, so there will be no first commit. Say it: git config --global user.name "Your Name", and user.email.',
        ]
      : []),
    ...(signing.stdout.trim() === 'true'
      ? [
          'git signs commits, and may ask for the passphrase of your key. --no-git leaves that to you.',
        ]
      : []),
  ];
}

async function npmWarnings({ processes, cwd }: System): Promise<string[]> {
  const { stdout } = await processes.capture('npm', ['config', 'list', '--json'], cwd);
  const config = parsed(stdout);
  const [, version = ''] =
    /^(?:npm\/)?(\d[\w.-]*)/.exec(String(config['npm-version'] ?? config['user-agent'])) ?? [];
  return [
    ...(Number.parseInt(version, 10) < OLDEST_NPM
      ? [`npm ${version} knows no workspaces. Get a newer one: npm install --global npm`]
      : []),
    ...(config['ignore-scripts'] === true
      ? [
          'npm runs no scripts when it installs (ignore-scripts), so nothing is built then. npm run build does it.',
        ]
      : []),
  ];
}

/** Nothing, if it is no JSON: what is wrong with npm is said by npm, when it installs. */
function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function portWarnings(): Promise<string[]> {
  return (await isTaken(PORT))
    ? [`Port ${PORT} is in use. Stop what uses it, or start the app on another one.`]
    : [];
}

/** Whether something on this machine answers on a port. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
