import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import xterm, { type IBufferLine } from '@xterm/headless';
import { execa } from 'execa';
import type { RunOptions } from './processes.js';
import { Watch } from './watch.js';

/** A part of a line in one style. */
export interface Span {
  text: string;
  /** A number of the palette from 0 to 15; none is the terminal's own colour. */
  color: number | undefined;
  isBold: boolean;
  isDim: boolean;
}

/** A shell in a real terminal: a pseudoterminal of the system, and the emulator xterm.js. */
export interface Terminal {
  type(keys: string): void;
  /** Waits until all lines so far match. */
  shows(pattern: RegExp): Promise<void>;
  /** All lines so far, with those that have been scrolled out. Long lines are wrapped. */
  lines(): Span[][];
  /** Hangs up. */
  close(): Promise<void>;
}

const ROWS = 40;
// A shell that is not interactive, such as the one that runs this, would drop the prompt.
const SHELL = "env PS1='$ ' bash --noprofile --norc";

/** Why there is no terminal here; nothing where there is one. */
export function whyNoTerminal(): string | undefined {
  try {
    execFileSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'there is no script of util-linux';
  }
}

/** @param columns Width of the terminal. */
export function openTerminal(columns: number, { env, ...options }: RunOptions): Terminal {
  const screen = new xterm.Terminal({
    cols: columns,
    rows: ROWS,
    scrollback: 1000,
    allowProposedApi: true,
  });
  const shell = execa(
    'script',
    ['--quiet', '--command', `stty cols ${columns} rows ${ROWS}; exec ${SHELL}`, '/dev/null'],
    {
      ...options,
      stdin: 'pipe',
      // The tests want no colours otherwise.
      env: { ...env, TERM: 'xterm-256color', NO_COLOR: undefined },
      all: true,
      buffer: false,
      reject: false,
    },
  );
  let isAnswering = true;
  const watch = new Watch();
  shell.all.on('data', (chunk: Buffer) => screen.write(chunk, () => watch.changed()));
  shell.all.once('close', () => watch.ended());
  // Programs ask the terminal, such as where its cursor is.
  screen.onData((answer) => isAnswering && shell.stdin.write(answer));

  const lines = (): Span[][] => {
    const { active: buffer } = screen.buffer;
    const all = Array.from({ length: buffer.length }, (_, row) => spansOf(buffer.getLine(row)));
    return all.slice(0, all.findLastIndex((spans) => spans.length > 0) + 1);
  };
  return {
    lines,
    type: (keys) => shell.stdin.write(keys),
    shows: async (pattern) => {
      const all = () => lines().map(textOf).join('\n');
      await watch.until(
        () => pattern.test(all()) || undefined,
        () => `${pattern} has not come up:\n${all()}`,
      );
    },
    close: async () => {
      isAnswering = false;
      // Without its terminal, all that runs in it is hung up.
      shell.kill('SIGKILL');
      await shell;
    },
  };
}

/** @throws Error for a style that a {@link Span} cannot have. */
function spansOf(line: IBufferLine | undefined): Span[] {
  const spans: Span[] = [];
  for (let column = 0; column < (line?.length ?? 0); column += 1) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) {
      continue;
    }
    const color = cell.isFgDefault() ? undefined : cell.getFgColor();
    if (cell.isFgRGB() || (color ?? 0) > 15 || !cell.isBgDefault() || cell.isInverse()) {
      throw new Error(`"${line?.translateToString(true)}" has a style that is not known here.`);
    }
    const style = { color, isBold: Boolean(cell.isBold()), isDim: Boolean(cell.isDim()) };
    const text = cell.getChars() || ' ';
    const last = spans.at(-1);
    if (last && isDeepStrictEqual({ ...last, text: '' }, { ...style, text: '' })) {
      last.text += text;
    } else {
      spans.push({ ...style, text });
    }
  }
  // A line is as wide as the terminal.
  const last = spans.at(-1);
  if (last) {
    last.text = last.text.trimEnd();
  }
  return spans.filter(({ text }) => text !== '');
}

export function textOf(line: readonly Span[]): string {
  return line.map(({ text }) => text).join('');
}
