import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface RunningHost {
  url: string;
  /** All that it has printed so far. */
  output(): string;
  /** Sends a signal, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ exitCode: number | undefined; milliseconds: number }>;
}

/**
 * Starts the local host of a function app as a process.
 *
 * @throws Error with its output if it ends before it listens.
 */
export async function startHost(
  app: string,
  { args = ['--port', '0'], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<RunningHost> {
  const host = execa(process.execPath, [join(app, 'dist/local-host/main.js'), ...args], {
    cwd: app,
    env,
    all: true,
    reject: false,
    stdin: 'ignore',
  });
  let output = '';
  host.all.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    host.all.on('data', function find() {
      const listening = /Listening on (http:\S+)\./.exec(output)?.[1];
      if (listening) {
        host.all.off('data', find);
        resolve(listening);
      }
    });
    void host.then(({ exitCode }) =>
      reject(new Error(`The local host has ended with ${exitCode}:\n${output}`)),
    );
  });
  return {
    url,
    output: () => output,
    stop: async (signal = 'SIGINT') => {
      const started = performance.now();
      host.kill(signal);
      const { exitCode } = await host;
      return { exitCode, milliseconds: performance.now() - started };
    },
  };
}

/** Waits until a host has printed what a pattern matches. */
export async function printed(host: RunningHost, pattern: RegExp): Promise<void> {
  for (let attempt = 0; !pattern.test(host.output()); attempt += 1) {
    assert.ok(attempt < 250, `${pattern} is not in ${host.output()}`);
    await sleep(20);
  }
}
