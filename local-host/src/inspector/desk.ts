import { RequestError } from '../errors.js';
import type { Trial } from '../triggers.js';
import { type Answer, send } from './again.js';
import type { Inspector } from './inspector.js';
import type { Inspected } from './routes.js';

/** The host, as far as it is inspected. */
interface InspectedHost {
  /** Where it listens. */
  readonly url: string;
  /**
   * Begins to run a function by hand.
   *
   * @returns The id of the invocation.
   * @throws TrialError if there is no such function, or if it cannot be run in this way.
   */
  begin(name: string, trial: Trial): Promise<string>;
  /** @throws RequestError for an extension that is not there, or cannot be switched off. */
  switch(id: string, isOn: boolean): Promise<void>;
}

/** Does what those who inspect a host ask of it. */
export class Desk implements Inspected {
  readonly inspector: Inspector;
  readonly #host: InspectedHost;
  /** Requests that the host sends to itself, and, while there are some, the invocation by the client's port. */
  #sending = 0;
  readonly #invocationsOn = new Map<number, string>();

  constructor(host: InspectedHost, inspector: Inspector) {
    this.#host = host;
    this.inspector = inspector;
  }

  /** Takes note of the invocation that a request is for, since it may be one of the host's own. */
  note(clientPort: number | undefined, invocation: string): void {
    if (this.#sending > 0 && clientPort !== undefined) {
      this.#invocationsOn.set(clientPort, invocation);
    }
  }

  async request(request: Parameters<Inspected['request']>[0]): Promise<Answer> {
    this.#sending += 1;
    try {
      return await send(this.#host.url, request, (port) => this.#invocationsOn.get(port));
    } finally {
      this.#sending -= 1;
      if (this.#sending === 0) {
        this.#invocationsOn.clear();
      }
    }
  }

  async begin(name: string, trial: Trial): Promise<{ invocation: string }> {
    return { invocation: await this.#host.begin(name, trial) };
  }

  async again(invocation: string): Promise<Pick<Answer, 'invocation'>> {
    const repeatable = this.inspector.repeatable(invocation);
    if (!repeatable) {
      throw new RequestError(404, 'This invocation is no longer kept.');
    }
    if (repeatable.kind === 'run') {
      return this.begin(repeatable.name, repeatable.trial);
    }
    const { body } = repeatable;
    if (typeof body === 'string') {
      throw new RequestError(409, `It cannot be run again. ${body}`);
    }
    return this.request({ ...repeatable, body });
  }

  switch(id: string, isOn: boolean): Promise<void> {
    return this.#host.switch(id, isOn);
  }
}
