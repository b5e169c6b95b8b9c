import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { Output } from '../../tools/support/watch.js';

export const ENTER = '\r';
export const CTRL_C = '\u0003';

/** What is awaited on the screen, and the keys that are then pressed. */
export type Step = [shown: string, keys: string];

export interface Session {
  /** All that was shown, without colors and the like. */
  screen: string;
  exitCode: number;
  /** Whether the terminal was left as it was: in line mode, with an echo and with a cursor. */
  isRestored: boolean;
}

/** Runs a command in a real terminal, a pseudo one of `script`, and presses keys. */
export async function inTerminal(
  command: string[],
  { cwd, env = {}, steps }: { cwd: string; env?: NodeJS.ProcessEnv; steps: Step[] },
): Promise<Session> {
  const quoted = command.map((word) => `'${word}'`).join(' ');
  // Ctrl+C is for the command, not for the shell around it.
  const line = `trap : INT; ${quoted}; echo "exit code $?"; stty -a`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  });
  const output = new Output(child.stdout);
  const closed = once(child, 'close');
  let seen = 0;
  try {
    for (const [shown, keys] of steps) {
      await output.until((text) => text.includes(shown, seen) || undefined, `"${shown}"`);
      seen = output.text.length;
      child.stdin.write(keys);
    }
    await closed;
  } finally {
    child.kill();
  }
  const { text } = output;
  const screen = stripVTControlCharacters(text);
  return {
    screen,
    exitCode: Number(/exit code (\d+)/.exec(screen)?.[1]),
    isRestored:
      /(?<!-)\bicanon\b/.test(screen) &&
      /(?<!-)\becho\b/.test(screen) &&
      text.lastIndexOf('\u001b[?25h') >= text.lastIndexOf('\u001b[?25l'),
  };
}
