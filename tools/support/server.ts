import { once } from 'node:events';
import { createServer } from 'node:net';
import { execa } from 'execa';
import type { RunOptions } from './processes.js';
import { Output } from './watch.js';

/** A process that serves, with all that it has started. */
export interface Server {
  output: Output;
  /** Ends it as Ctrl+C does. */
  stop(): Promise<void>;
}

/**
 * Runs commands of which the last one serves, and waits until it does.
 *
 * @param isUp Matches what it prints then.
 * @throws Error with its output if it ends before.
 */
export async function startServer(
  script: string,
  isUp: RegExp,
  options: RunOptions,
): Promise<Server> {
  const shell = execa('bash', ['-e', '-c', script], {
    ...options,
    stdin: 'ignore',
    all: true,
    reject: false,
    buffer: false,
    // A group of its own, as in a terminal: Ctrl+C reaches all of it.
    detached: true,
  });
  const output = new Output(shell.all);
  const server = {
    output,
    stop: async () => {
      process.kill(-Number(shell.pid), 'SIGINT');
      await shell;
    },
  };
  await output.matches(isUp);
  return server;
}

/** @throws Error if a port on this machine is in use. */
export async function checkIsFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    throw new Error(`Port ${port} is in use. End what listens on it.`);
  } finally {
    server.close();
  }
}
