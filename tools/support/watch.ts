import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

/** How long a process may take to print what is awaited. */
const LIMIT = 120_000;

/** Lets others wait for a state of something that changes. */
export class Watch {
  readonly #events = new EventEmitter().setMaxListeners(0);
  #hasEnded = false;

  /** To be called after each change. */
  changed(): void {
    this.#events.emit('change');
  }

  /** To be called when nothing more will change. */
  ended(): void {
    this.#hasEnded = true;
    this.#events.emit('change');
  }

  /**
   * Waits until a test is passed.
   *
   * @param test Returns the value to wait for, or undefined while it is not there.
   * @param shown What to say if it never is.
   */
  until<T>(test: () => T | undefined, shown: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const value = test();
        if (value !== undefined) {
          settle(() => resolve(value));
        } else if (this.#hasEnded) {
          settle(() => reject(new Error(`It has ended. ${shown()}`)));
        }
      };
      const limit = setTimeout(
        () => settle(() => reject(new Error(`It takes too long. ${shown()}`))),
        LIMIT,
      );
      const settle = (how: () => void) => {
        clearTimeout(limit);
        this.#events.off('change', check);
        how();
      };
      this.#events.on('change', check);
      check();
    });
  }
}

/** What a process prints. */
export class Output {
  readonly #watch = new Watch();
  #text = '';

  constructor(stream: Readable) {
    const decoder = new TextDecoder();
    stream.on('data', (chunk: Buffer) => {
      this.#text += decoder.decode(chunk, { stream: true });
      this.#watch.changed();
    });
    stream.once('close', () => this.#watch.ended());
  }

  /** All that has been printed so far. */
  get text(): string {
    return this.#text;
  }

  /**
   * Waits until a pattern matches.
   *
   * @param from Where to look from. Default: from the beginning.
   * @throws Error with the output if the process ends first.
   */
  async matches(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return this.until((text) => pattern.exec(text.slice(from)) ?? undefined, String(pattern));
  }

  /** Waits until a test of the text returns something. */
  async until<T>(test: (text: string) => T | undefined, what: string): Promise<T> {
    return this.#watch.until(
      () => test(this.#text),
      () => `${what} is not in:\n${this.#text}`,
    );
  }
}
