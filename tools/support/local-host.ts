import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './files.js';
import { Output } from './watch.js';

/** The local host as it is built, for apps that do not have it. */
export const builtHost = join(root, 'dist/local-host.cjs');

/** That for Python. */
export const builtPythonHost = join(root, 'dist/local_host.py');

export interface RunningHost {
  url: string;
  /** All that it has printed so far. */
  output(): string;
  /** Waits until it has printed what a pattern matches. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends a signal, waits for the end, and returns the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | undefined>;
}

/**
 * Starts a function app as a process.
 *
 * @param command What runs the local host. Default: Node.js.
 * @param program The local host. Default: the one in the app.
 * @throws Error with its output if it ends before it listens.
 */
export async function startHost(
  app: string,
  {
    command = process.execPath,
    program = join(app, 'local-host.cjs'),
    args = ['--port', '0'],
    env = {},
  }: { command?: string; program?: string; args?: string[]; env?: Record<string, string> } = {},
): Promise<RunningHost> {
  const host = execa(command, [program, ...args], {
    cwd: app,
    env,
    all: true,
    reject: false,
    stdin: 'ignore',
    buffer: false,
  });
  const output = new Output(host.all);
  const [, url = ''] = await output.matches(/Listening on (http:\S+)\./);
  return {
    url,
    output: () => output.text,
    printed: async (pattern) => void (await output.matches(pattern)),
    stop: async (signal = 'SIGINT') => {
      host.kill(signal);
      return (await host).exitCode;
    },
  };
}
