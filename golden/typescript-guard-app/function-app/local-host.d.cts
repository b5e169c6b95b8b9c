// Local host for Azure Functions apps, version 0.1.0, MIT license. A tool, not yours to edit: yo azfunc-extension:update replaces it.
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

/** A function app that runs on this machine, in a process of its own. */
export declare class LocalHost {
  private constructor();
  /** Where it listens: `http://127.0.0.1:7071`. */
  readonly url: string;
  /** The app's functions, each with what calls it, or why nothing can. */
  readonly functions: readonly { name: string; call: string }[];
  /**
   * Starts an app, and waits until it can be called.
   *
   * @throws Error with one line that says why it cannot.
   */
  static start(options?: LocalHostOptions): Promise<LocalHost>;
  /**
   * Waits until the app has printed a text.
   *
   * @returns All that it has printed.
   * @throws Error, if the app ends before.
   */
  printed(pattern: RegExp): Promise<string>;
  /** Stops: running functions may end, `appTerminate` hooks run, and all of it within two seconds. */
  stop(): Promise<void>;
}
