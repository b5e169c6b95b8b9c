import { HOST_CATEGORY, type Log } from './log.js';

/** What may surprise: where this host is kinder than Azure, and where it has nothing to give. */
const DIFFERENCES = {
  'no route': 'Azure answers 404 without a body.',
  method: 'Azure answers 404 without a body, and not 405.',
  'never answered':
    'Azure never answers this request: with enableHttpStream, an invocation that fails or returns nothing leaves it open until the client or, after 230 s, Azure breaks it off.',
  disabled: 'Azure answers 404 without a body.',
  'unbound body':
    'A body without Content-Length arrives empty, as in Azure, unless the app sets enableHttpStream.',
  'no input':
    'This input is undefined here. Azure reads it by its binding; run the function by hand to supply it.',
} as const;

export type Difference = keyof typeof DIFFERENCES;

/** Says what Azure does, once for each kind and function. */
export class Differences {
  readonly #log: Log;
  readonly #said = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param who The function, or the request for which there is none. */
  note(difference: Difference, who: string): void {
    // A client that asks for ever other paths would fill the log, and the memory.
    const key = `${difference} ${difference === 'no route' ? '' : who}`;
    if (!this.#said.has(key)) {
      this.#said.add(key);
      this.#log('warning', HOST_CATEGORY, `${who}: ${DIFFERENCES[difference]}`);
    }
  }
}
