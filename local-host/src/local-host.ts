import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { StartError } from './errors.js';

/** What to run. */
export interface LocalHostOptions {
  /** Folder of the function app: the one with host.json. Default: the current folder. */
  root?: string;
  /**
   * Port on 127.0.0.1, 0 for any free one. Default: `Host.LocalHttpPort` of local.settings.json, or
   * else 7071.
   */
  port?: number;
}

/** A function of the app, with what calls it, or why nothing can. */
export interface LocalFunction {
  name: string;
  call: string;
}

/** What the process of the app tells the one that has started it. */
export type HostMessage = { url: string; functions: LocalFunction[] } | { error: string };

/**
 * A function app that runs on this machine, in a process of its own. So a process can start as many as
 * it likes, one after the other or at once, whatever runs its tests.
 */
export class LocalHost {
  /** Where it listens: `http://127.0.0.1:7071`. */
  readonly url: string;
  readonly functions: readonly LocalFunction[];
  readonly #process: ChildProcess;
  readonly #output: Output;

  private constructor(
    process: ChildProcess,
    output: Output,
    { url, functions }: { url: string; functions: LocalFunction[] },
  ) {
    this.#process = process;
    this.#output = output;
    this.url = url;
    this.functions = functions;
  }

  /**
   * Starts an app, and waits until it can be called.
   *
   * @throws Error with one line that says why it cannot.
   */
  static async start({ root = '.', port }: LocalHostOptions = {}): Promise<LocalHost> {
    const app = fork(
      __filename,
      ['start', '--root', resolve(root), ...(port === undefined ? [] : ['--port', String(port)])],
      { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    const output = new Output(app);
    const message = await Promise.race([
      once(app, 'message').then(([first]) => first as HostMessage),
      once(app, 'exit').then(([code]): HostMessage => ({ error: `The app has ended (${code}).` })),
    ]);
    if ('error' in message) {
      app.kill();
      throw new StartError(message.error);
    }
    return new LocalHost(app, output, message);
  }

  /**
   * Waits until the app has printed a text.
   *
   * @returns All that it has printed.
   * @throws Error, if the app ends before.
   */
  printed(pattern: RegExp): Promise<string> {
    return this.#output.matching(pattern);
  }

  /** Stops: running functions may end, `appTerminate` hooks run, and all of it within two seconds. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const ended = once(this.#process, 'close');
    this.#process.send('stop');
    await ended;
  }
}

/** What a process prints: it is kept, and passed on. */
class Output extends EventEmitter {
  #text = '';
  #hasEnded = false;

  constructor(app: ChildProcess) {
    super();
    app.stdout?.pipe(process.stdout, { end: false });
    app.stderr?.pipe(process.stderr, { end: false });
    for (const stream of [app.stdout, app.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk: string) => {
        this.#text += chunk;
        this.emit('change');
      });
    }
    app.on('close', () => {
      this.#hasEnded = true;
      this.emit('change');
    });
  }

  async matching(pattern: RegExp): Promise<string> {
    while (this.#text.search(pattern) < 0) {
      if (this.#hasEnded) {
        throw new Error(`The app has ended, and printed nothing like ${pattern}.`);
      }
      await once(this, 'change');
    }
    return this.#text;
  }
}
