import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** What takes the line of the cursor away, and leaves the cursor at its start. */
const CLEAR = '\r\u001B[K';

/** The last line of a terminal while another program runs: what it is, and for how long. */
export class Progress {
  readonly #start = Date.now();
  readonly #timer: NodeJS.Timeout;
  #unfinished = '';

  /** @param what Such as `npm install`. */
  constructor(
    private readonly terminal: WriteStream,
    private readonly what: string,
  ) {
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), 1000);
  }

  /** Whether a terminal can show it. */
  static isPossible({ isTTY }: WriteStream, env: Readonly<NodeJS.ProcessEnv>): boolean {
    return isTTY && env['TERM'] !== 'dumb';
  }

  /** Shows what the program prints, above the line. */
  print(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    if (lines.length > 0) {
      this.terminal.write(`${CLEAR}${lines.join('\n')}\n`);
      this.#draw();
    }
  }

  /** Takes the line away. */
  end(): void {
    clearInterval(this.#timer);
    this.terminal.write(`${CLEAR}${this.#unfinished}`);
  }

  #draw(): void {
    const seconds = Math.round((Date.now() - this.#start) / 1000);
    const line = `${this.what}: ${seconds} s`;
    this.terminal.write(`${CLEAR}${styleText('dim', line, { stream: this.terminal })}`);
  }
}
