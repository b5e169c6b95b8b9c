import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type {
  HostToWorker,
  Invocation,
  InvocationResult,
  LoadedApp,
  LoadOrder,
  WorkerToHost,
} from './protocol.js';
import type { Middleware, WorkerEvent } from './inspector/events.js';

/** Why an app cannot be loaded, with all that is known of it. */
export class LoadError extends Error {}

/** Why an invocation has no result: the process of the app has ended. */
export class AppEnded extends Error {}

/** Who waits for an invocation. */
interface Waiting {
  resolve(result: InvocationResult): void;
  reject(error: AppEnded): void;
}

/** The process in which the app runs, as the host sees it. */
export class AppProcess {
  readonly app: LoadedApp;
  /** How it has ended: `code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, Waiting>();

  private constructor(
    child: ChildProcess,
    app: LoadedApp,
    ended: Promise<string>,
    onEvent: (event: WorkerEvent) => void,
  ) {
    this.#process = child;
    this.app = app;
    this.ended = ended;
    child.on('message', (message: WorkerToHost) => {
      if (message.type === 'invoked') {
        this.#waiting.get(message.id)?.resolve(message.result);
      } else if (message.type === 'events') {
        message.events.forEach(onEvent);
      }
    });
    void ended.then((how) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new AppEnded(`The app has ended (${how}).`));
      }
    });
  }

  /**
   * Starts a process, and loads the app.
   *
   * @param env The environment of the app, whole.
   * @param onEvent Called with what happens in invocations, while they are watched.
   * @throws LoadError
   */
  static async start(
    order: LoadOrder,
    env: NodeJS.ProcessEnv,
    onEvent: (event: WorkerEvent) => void,
  ): Promise<AppProcess> {
    const child = fork(__filename, ['worker'], {
      cwd: order.root,
      env,
      // Two processes cannot be debugged on one port.
      execArgv: process.execArgv.map((one) =>
        one.replace(/^--inspect(-brk|-wait)?(=.*)?$/, '--inspect$1=0'),
      ),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code, signal]) =>
      signal === null ? `code ${code}` : `signal ${signal}`,
    );
    send(child, { type: 'load', order });
    const message = await Promise.race([
      received(child, 'loaded', 'failed'),
      ended.then((how) => ({ type: 'failed' as const, detail: `The app has ended (${how}).` })),
    ]);
    if (message.type === 'failed') {
      child.kill('SIGKILL');
      throw new LoadError(message.detail);
    }
    return new AppProcess(child, message.app, ended, onEvent);
  }

  /** @throws AppEnded */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { id } = invocation;
    const result = new Promise<InvocationResult>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    send(this.#process, { type: 'invoke', invocation }, () =>
      this.#waiting.get(id)?.reject(new AppEnded('The app has ended.')),
    );
    try {
      return await result;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Has invocations recorded from now on, or no longer. */
  watch(isWatched: boolean): void {
    send(this.#process, { type: 'watch', isWatched });
  }

  /** Switches an extension off, or on again. */
  switch(id: string, isOn: boolean): void {
    send(this.#process, { type: 'switch', id, isOn });
  }

  /** What there is of extensions and hooks; undefined, if the process has ended. */
  async middleware(): Promise<Middleware | undefined> {
    const answer = received(this.#process, 'described');
    send(this.#process, { type: 'describe' });
    const message = await Promise.race([answer, this.ended]);
    return typeof message === 'string' ? undefined : message.middleware;
  }

  /**
   * Runs the `appTerminate` hooks.
   *
   * @returns What has gone wrong in them, if something has.
   */
  async terminate(): Promise<string | undefined> {
    send(this.#process, { type: 'terminate' });
    const message = await Promise.race([received(this.#process, 'terminated'), this.ended]);
    return typeof message === 'string' ? undefined : message.problem;
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** @param onFailure Called if the process is no longer there. */
function send(child: ChildProcess, message: HostToWorker, onFailure?: () => void): void {
  if (child.connected) {
    child.send(message, (error) => error && onFailure?.());
  } else {
    onFailure?.();
  }
}

/** Waits for the next message of one of some types. */
function received<Type extends WorkerToHost['type']>(
  child: ChildProcess,
  ...types: readonly Type[]
): Promise<Extract<WorkerToHost, { type: Type }>> {
  return new Promise((resolve) => {
    const listen = (message: WorkerToHost) => {
      if (types.some((type) => type === message.type)) {
        child.off('message', listen);
        resolve(message as Extract<WorkerToHost, { type: Type }>);
      }
    };
    child.on('message', listen);
  });
}
