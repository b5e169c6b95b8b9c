import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { RunOptions } from './processes.js';

/** A process that serves, with all that it has started. */
export interface Server {
  /** All that has been printed so far. */
  output(): string;
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
    // A group of its own, as in a terminal: Ctrl+C reaches all of it.
    detached: true,
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    shell.all.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (isUp.test(output)) {
        resolve();
      }
    });
    void shell.then(() => reject(new Error(`${script}\n\n${output}`)));
  });
  return {
    output: () => output,
    stop: async () => {
      process.kill(-Number(shell.pid), 'SIGINT');
      await shell;
    },
  };
}

/** Waits for a port on this machine, which another run of the tests may have for a while. */
export async function whenFree(port: number): Promise<void> {
  for (let seconds = 0; !(await isFree(port)); seconds += 1) {
    if (seconds === 120) {
      throw new Error(`Port ${port} is in use. End what listens on it.`);
    }
    await sleep(1000);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]).catch(() => false);
  server.close();
  return isListening;
}
