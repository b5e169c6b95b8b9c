import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { StartError } from './errors.js';
import type { Run } from './run.js';
import type { Trial } from './triggers.js';

const PROXIES = ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY'];

/**
 * Keeps requests to this machine from a proxy of the user's, to which Node.js sends them from version 24 on where
 * `NODE_USE_ENV_PROXY` is set. `fetch` looks at the variables for each request.
 */
function passProxies(env: NodeJS.ProcessEnv): void {
  if (PROXIES.some((name) => env[name])) {
    const hosts = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[,\s]+/).filter(Boolean);
    const value = [...new Set([...hosts, '127.0.0.1', 'localhost'])].join(',');
    env['no_proxy'] = value;
    env['NO_PROXY'] = value;
  }
}

/** What to run. */
export interface LocalHostOptions {
  /** Folder of the function app: the one with host.json. Default: the current folder. */
  root?: string;
  /**
   * Port on 127.0.0.1, 0 for any free one. Default: `Host.LocalHttpPort` of local.settings.json, or
   * else 7071.
   */
  port?: number;
  /** Answer as Azure does where the local host is kinder otherwise. Default: false. */
  strict?: boolean;
  /** Further environment variables. They win over local.settings.json. */
  env?: Record<string, string>;
}

/** A function of the app, with what calls it, or why nothing can. */
export interface LocalFunction {
  name: string;
  call: string;
}

/** What the process of the host tells the one that has started it. */
export type HostMessage =
  | { type: 'started'; url: string; functions: LocalFunction[]; unmatched: readonly string[] }
  | { type: 'refused'; error: string }
  | { type: 'ran'; id: string; outcome: { run: Run } | { error: string } };

/** What it is told. */
export type HostOrder = { type: 'stop' } | { type: 'run'; id: string; name: string; trial: Trial };

/**
 * A function app that runs on this machine, in processes of its own. So a process can start as many as
 * it likes, one after the other or at once, whatever runs its tests.
 */
export class LocalHost {
  /** Where it listens: `http://127.0.0.1:7071`. */
  readonly url: string;
  readonly functions: readonly LocalFunction[];
  /** What is named and matches nothing, a line for each: a function in a target, an app setting. */
  readonly unmatched: readonly string[];
  readonly #process: ChildProcess;
  readonly #output: Output;

  private constructor(
    process: ChildProcess,
    output: Output,
    { url, functions, unmatched }: Omit<Extract<HostMessage, { type: 'started' }>, 'type'>,
  ) {
    this.#process = process;
    this.#output = output;
    this.url = url;
    this.functions = functions;
    this.unmatched = unmatched;
  }

  /**
   * Starts an app, and waits until it can be called.
   *
   * @throws Error with one line that says why it cannot.
   */
  static async start({
    root = '.',
    port,
    strict = false,
    env = {},
  }: LocalHostOptions = {}): Promise<LocalHost> {
    passProxies(process.env);
    const host = fork(
      __filename,
      [
        'start',
        '--root',
        resolve(root),
        ...(port === undefined ? [] : ['--port', String(port)]),
        ...(strict ? ['--strict'] : []),
      ],
      {
        env: { ...process.env, ...env },
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    const output = new Output(host);
    const message = await received(
      host,
      (one): one is Exclude<HostMessage, { type: 'ran' }> =>
        one.type === 'started' || one.type === 'refused',
    );
    if (message.type === 'refused') {
      host.kill();
      throw new StartError(message.error);
    }
    return new LocalHost(host, output, message);
  }

  /** Requests a function, by a path like `/api/HttpTrigger`. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.url), init);
  }

  /**
   * Runs a function, whatever its trigger, and waits for its end.
   *
   * @throws Error if there is no such function, or if it cannot be run in this way. A function that
   *   fails does not throw: see `error` of what is returned.
   */
  async run(name: string, trial: Trial = {}): Promise<Run> {
    const id = randomUUID();
    const answer = received(
      this.#process,
      (one): one is Extract<HostMessage, { type: 'ran' }> => one.type === 'ran' && one.id === id,
    );
    this.#process.send({ type: 'run', id, name, trial } satisfies HostOrder);
    const { outcome } = await answer;
    if ('error' in outcome) {
      throw new Error(outcome.error);
    }
    return outcome.run;
  }

  /**
   * Waits until the app has printed a text.
   *
   * @param timeout How long to wait, in milliseconds. Default: 30,000.
   * @returns All that it has printed.
   * @throws Error, if the app ends before, or if it takes too long.
   */
  printed(pattern: RegExp, timeout = 30_000): Promise<string> {
    return this.#output.matching(pattern, AbortSignal.timeout(timeout));
  }

  /** Stops: running functions may end, `appTerminate` hooks run, and all of it within two seconds. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const ended = once(this.#process, 'close');
    this.#process.send({ type: 'stop' } satisfies HostOrder);
    await ended;
  }
}

/** Waits for a message of the host. Under `node --watch` there are others, too. */
function received<Message extends HostMessage>(
  host: ChildProcess,
  isIt: (message: HostMessage) => message is Message,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      host.off('message', listen);
      host.off('exit', refuse);
    };
    const listen = (message: HostMessage) => {
      if (isIt(message)) {
        settle();
        resolve(message);
      }
    };
    const refuse = (code: number | null) => {
      settle();
      reject(new StartError(`The local host has ended (${code}).`));
    };
    host.on('message', listen);
    host.on('exit', refuse);
  });
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

  async matching(pattern: RegExp, signal: AbortSignal): Promise<string> {
    while (this.#text.search(pattern) < 0) {
      if (this.#hasEnded) {
        throw new Error(`The app has ended, and printed nothing like ${pattern}.`);
      }
      await once(this, 'change', { signal }).catch(() => {
        throw new Error(`The app has printed nothing like ${pattern} in time.`);
      });
    }
    return this.#text;
  }
}
