import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

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

/** Why there is no terminal for tests here; nothing where there is one. */
export function whyNoTerminal(): string | undefined {
  try {
    execFileSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'there is no script of util-linux';
  }
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
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(child, 'close');
  let seen = 0;
  for (const [shown, keys] of steps) {
    for (let attempt = 0; !output.slice(seen).includes(shown); attempt += 1) {
      if (attempt === 1000) {
        child.kill();
        throw new Error(`"${shown}" is not shown:\n${output}`);
      }
      await sleep(20);
    }
    seen = output.length;
    // A prompt is drawn before it listens.
    await sleep(100);
    child.stdin.write(keys);
  }
  await closed;
  const screen = stripVTControlCharacters(output);
  return {
    screen,
    exitCode: Number(/exit code (\d+)/.exec(screen)?.[1]),
    isRestored:
      /(?<!-)\bicanon\b/.test(screen) &&
      /(?<!-)\becho\b/.test(screen) &&
      output.lastIndexOf('\u001b[?25h') >= output.lastIndexOf('\u001b[?25l'),
  };
}
