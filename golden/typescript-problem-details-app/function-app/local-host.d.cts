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
  /** Answer as Azure does where the local host is kinder otherwise. Default: false. */
  strict?: boolean;
  /** Further environment variables. They win over local.settings.json. */
  env?: Record<string, string>;
}

/** What a function is run with by hand. All of it may be left out. */
export interface Trial {
  /**
   * What its trigger passes on: a message, or several for `cardinality: 'many'`; for a blob its path, or
   * its content as bytes; for an HTTP function the body.
   */
  input?: unknown;
  /** What an HTTP function is requested with. Default: a POST with `input` as its body. */
  request?: {
    method?: string;
    headers?: Record<string, string>;
    query?: Record<string, string>;
    /** Parameters of the route. */
    params?: Record<string, string>;
    body?: unknown;
  };
  /** The content of a blob. */
  content?: string | Uint8Array;
  /** In place of what is made up, by name: `{ messageId: '1' }`. */
  triggerMetadata?: Record<string, unknown>;
  /** The other inputs of the function, by the name or by the type of the binding: `{ blob: 'text' }`. */
  inputs?: Record<string, unknown>;
}

/** A value that a function has given to an output binding. */
export interface Output {
  /** Name of the binding. */
  name: string;
  /** Its type: `queue`. */
  type: string;
  value: unknown;
}

/** A line that a function has logged. */
export interface LogLine {
  level: 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
  message: string;
}

/** What has become of a function that was run by hand. */
export interface Run {
  /** What it has returned; of an HTTP function `{ status, headers, body }`. */
  result: unknown;
  /** Why it has failed; undefined if it has not. */
  error: string | undefined;
  outputs: readonly Output[];
  /** What it and the hooks around it have logged. */
  log: readonly LogLine[];
}

/** A function app that runs on this machine, in processes of its own. */
export declare class LocalHost {
  private constructor();
  /** Where it listens: `http://127.0.0.1:7071`. */
  readonly url: string;
  /** The app's functions, each with what calls it, or why nothing can. */
  readonly functions: readonly { name: string; call: string }[];
  /**
   * What is named and matches nothing, a line for each. Extensions name functions and triggers in their
   * targets, and the app settings that they read; settings and host.json name functions.
   */
  readonly unmatched: readonly string[];
  /**
   * Starts an app, and waits until it can be called.
   *
   * @throws Error with one line that says why it cannot.
   */
  static start(options?: LocalHostOptions): Promise<LocalHost>;
  /** Requests a function, by a path like `/api/HttpTrigger`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /**
   * Runs a function, whatever its trigger, and waits for its end.
   *
   * @throws Error if there is no such function, or if it cannot be run in this way. A function that
   *   fails does not throw: see `error` of what is returned.
   */
  run(name: string, trial?: Trial): Promise<Run>;
  /**
   * Waits until the app has printed a text.
   *
   * @param timeout How long to wait, in milliseconds. Default: 30,000.
   * @returns All that it has printed.
   * @throws Error, if the app ends before, or if it takes too long.
   */
  printed(pattern: RegExp, timeout?: number): Promise<string>;
  /** Stops: running functions may end, `appTerminate` hooks run, and all of it within two seconds. */
  stop(): Promise<void>;
}
