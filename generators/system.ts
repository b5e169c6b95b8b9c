import { spawn } from 'node:child_process';
import type { InputOutputAdapter } from '@yeoman/types';
import { withoutRepository } from './git-environment.js';

/** What a run may touch, beside files. The front doors make it, and tests can. */
export interface System {
  /** The current folder, absolute. */
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly platform: NodeJS.Platform;
  /** For the copyright notice. */
  readonly year: number;
  readonly terminal: Terminal;
  readonly processes: Processes;
}

/** Where a run speaks with the user. */
export interface Terminal {
  /** Whether there is somebody to ask. */
  isInteractive(): boolean;
  /** Prints a line. */
  say(text: string): void;
  /** Yeoman's side of it, for questions and conflicts. Most runs have none of them. */
  adapter(): Promise<InputOutputAdapter>;
}

/** Starts other programs. */
export interface Processes {
  /** Runs git, and keeps what it prints. */
  git(args: readonly string[], cwd: string): Promise<Outcome>;
  /** Runs another program, and keeps what it prints. */
  capture(command: string, args: readonly string[], cwd: string): Promise<Outcome>;
  /**
   * Runs another program, with its output on the terminal, and below it how long it has taken. Keeps what it
   * prints of errors. Ctrl+C ends that program only.
   *
   * @param env What is different in its environment.
   */
  show(
    command: string,
    args: readonly string[],
    cwd: string,
    env?: Readonly<Record<string, string | undefined>>,
  ): Promise<Outcome>;
}

/** How another program has ended. */
export interface Outcome {
  /** `missing`: there is no such program. `stopped`: the user has stopped it. */
  status: 'done' | 'failed' | 'missing' | 'stopped';
  stdout: string;
  stderr: string;
}

/** The exit code of a shell that SIGINT has ended. */
const INTERRUPTED = 130;

/** The programs of this machine. */
export function systemProcesses(env: Readonly<NodeJS.ProcessEnv>): Processes {
  // From a hook or an alias, a first commit would otherwise land in the repository around.
  const childEnv = withoutRepository(env);
  return {
    // Each run has one, so it goes without a library.
    git: (args, cwd) =>
      new Promise((resolve) => {
        const child = spawn('git', args, {
          cwd,
          env: childEnv,
          stdio: ['ignore', 'pipe', 'pipe'],
          windowsHide: true,
        });
        const printed = { stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
        child.on('error', ({ code }: NodeJS.ErrnoException) =>
          resolve({ status: statusOf(true, code), ...printed }),
        );
        child.on('close', (code) => resolve({ status: statusOf(code !== 0), ...printed }));
      }),
    capture: async (command, args, cwd) => {
      const { execa } = await import('execa');
      const { failed, code, stdout, stderr } = await execa(command, args, {
        cwd,
        env: childEnv,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      return { status: statusOf(failed, code), stdout, stderr };
    },
    show: async (command, args, cwd, env = {}) => {
      const { execa } = await import('execa');
      const { Progress } = await import('./progress.js');
      const isSeen = Progress.isPossible(process.stderr, childEnv);
      const stopping = new AbortController();
      // The run goes on: there is still to be said how to go on.
      const stop = () => stopping.abort();
      process.on('SIGINT', stop);
      const child = execa(command, args, {
        cwd,
        env: { ...childEnv, ...env },
        extendEnv: false,
        reject: false,
        stdin: 'inherit',
        stdout: isSeen ? 'pipe' : 'inherit',
        stderr: isSeen ? 'pipe' : ['inherit', 'pipe'],
        cancelSignal: stopping.signal,
      });
      const progress = isSeen
        ? new Progress(process.stderr, [command, ...args].join(' '))
        : undefined;
      for (const output of [child.stdout, child.stderr]) {
        output?.setEncoding('utf8').on('data', (text: string) => progress?.print(text));
      }
      const { failed, code, isTerminated, exitCode, stderr } = await child;
      progress?.end();
      process.off('SIGINT', stop);
      // Ctrl+C reaches that program too, and it may end before this one hears of it.
      const isStopped = stopping.signal.aborted || isTerminated || exitCode === INTERRUPTED;
      const status = failed && isStopped ? 'stopped' : statusOf(failed, code);
      return { status, stdout: '', stderr };
    },
  };
}

function statusOf(failed: boolean, code?: string): Outcome['status'] {
  return failed ? (code === 'ENOENT' ? 'missing' : 'failed') : 'done';
}
