import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { adminTarget, isLocal, toTriggerData } from './admin.js';
import { entryFiles } from './entry-files.js';
import { RequestError, StartError } from './errors.js';
import { forward } from './forward.js';
import { headersOf, sendResponse, toRequestData, traceContextOf, urlOf } from './http.js';
import { isDisabled } from './config/index.js';
import { buildRoutes, parseTarget, type RouteTable } from './routing/index.js';
import { type AppFiles, applySettings, readApp } from './settings.js';
import {
  type Invocation,
  type InvocationResult,
  type LogLevel,
  type RegisteredFunction,
  Worker,
} from './worker.js';

export interface HostOptions {
  /** Folder of the function app: the one with host.json. */
  root: string;
  /**
   * Port on 127.0.0.1, 0 for any free one. Default: `Host.LocalHttpPort` of
   * local.settings.json, or else 7071.
   */
  port?: number;
}

/** How long running functions have to end when the host stops, in milliseconds. */
const GRACE_FOR_FUNCTIONS = 900;

/** How long the `appTerminate` hooks have after that. */
const GRACE_FOR_HOOKS = 700;

/**
 * Runs a function app with all its hooks: HTTP functions on their routes, the others on
 * `POST /admin/functions/<name>`. A process can run one app.
 */
export class Host {
  readonly #worker = new Worker(log);
  readonly #server: Server = createServer();
  readonly #running = new Set<Promise<unknown>>();
  #routes: RouteTable<RegisteredFunction> = buildRoutes<RegisteredFunction>([], {
    routePrefix: '',
  });
  #loaded: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  private constructor() {
    this.#server.on('request', (request, response) => void this.#handle(request, response));
  }

  /**
   * @throws StartError if a file of the app is missing or wrong, or if the port is not available.
   * @throws What the app's own code throws: its files, or an `appStart` hook.
   */
  static async start({ root, port }: HostOptions): Promise<Host> {
    const app = readApp(root);
    const host = new Host();
    await host.#listen(port ?? app.localSettings.port ?? 7071);
    host.#loaded = host.#load(root, app);
    try {
      await host.#loaded;
    } catch (error) {
      host.#server.close();
      host.#server.closeAllConnections();
      throw error;
    }
    return host;
  }

  /** Where it listens: `http://127.0.0.1:7071`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The app's functions, each with what calls it, or why nothing can. */
  get functions(): { name: string; call: string }[] {
    const disabled = this.#routes.excluded.map((target) => [target, 'disabled'] as const);
    const broken = [...this.#routes.inError].map(([target, why]) => [target, why] as const);
    return [
      ...this.#routes.functions.map((target) => ({
        name: target.name,
        call: this.#callOf(target),
      })),
      ...[...disabled, ...broken].map(([{ name }, why]) => ({ name, call: why })),
    ];
  }

  #callOf(target: RegisteredFunction): string {
    if (isDisabled(target.name, process.env)) {
      return 'disabled';
    }
    const route = this.#routes.routes.find((one) => one.function === target);
    return route
      ? `[${route.methods?.join(',') ?? 'any method'}] ${this.url}/${route.template}`
      : `[POST] ${this.url}/admin/functions/${target.name} (${target.trigger.type})`;
  }

  /**
   * Stops: running functions may end, `appTerminate` hooks run, and all of it within two seconds.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#server.close();
    await within(GRACE_FOR_FUNCTIONS, Promise.allSettled(this.#running));
    if (this.#running.size > 0) {
      log('warning', `Stopping while functions are still running: ${this.#running.size}`);
    }
    try {
      await within(GRACE_FOR_HOOKS, this.#worker.terminate());
    } catch (error) {
      log('error', `An appTerminate hook failed: ${inspect(error)}`);
    }
    this.#server.closeAllConnections();
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const reason =
          error.code === 'EADDRINUSE' ? 'is in use' : `is not available (${error.code})`;
        reject(
          new StartError(
            `Port ${port} ${reason}. Choose another one with --port, or any free one with --port 0.`,
          ),
        );
      });
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  async #load(root: string, app: AppFiles): Promise<void> {
    const files = entryFiles(root, app.main);
    if (files.length === 0) {
      throw new StartError(
        `No file matches "main" in package.json (${app.main}). Run: npm run build`,
      );
    }
    const { port } = this.#server.address() as AddressInfo;
    const { config, warnings } = applySettings(app, { root, port });
    await this.#worker.start(files, app.isModule);
    this.#routes = buildRoutes(this.#worker.functions.values(), {
      routePrefix: config.routePrefix,
      functions: config.functions,
    });
    if (this.#routes.stops !== undefined) {
      throw new StartError(this.#routes.stops);
    }
    for (const warning of [...warnings, ...this.#routes.warnings]) {
      log('warning', warning);
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#loaded;
      const url = urlOf(request);
      const name = adminTarget(url.pathname);
      if (name === undefined) {
        await this.#answer(request, response, url);
      } else if (isLocal(request, url)) {
        await this.#runByHand(request, response, name);
      } else {
        throw new RequestError(403, 'A function is run by hand from this machine only.');
      }
    } catch (error) {
      fail(response, error);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const target = parseTarget(request.url ?? '/', request.method);
    if (!target) {
      throw new RequestError(400, 'The request has no valid URL.');
    }
    const match = this.#routes.match(request.method ?? 'GET', target.path);
    if (match.kind === 'none') {
      throw new RequestError(404, `No function has the route ${url.pathname}.`);
    }
    if (match.kind === 'method') {
      response.setHeader('allow', match.allowed.join(', '));
      throw new RequestError(405, `${url.pathname} does not take ${request.method}.`);
    }
    const id = randomUUID();
    const { function: called } = match.route;
    if (isDisabled(called.name, process.env)) {
      throw new RequestError(404, `The function ${called.name} is disabled.`);
    }
    const traceContext = traceContextOf(request);
    const { httpUri } = this.#worker;
    if (httpUri === undefined) {
      const http = await toRequestData(request, url, match.params);
      const result = await this.#invoke({ id, target: called, data: { http }, traceContext });
      sendResponse(response, result.http);
      return;
    }
    const forwarded = forward(request, response, {
      httpUri,
      id,
      path: url.pathname + url.search,
      onError: (error) => fail(response, error),
    });
    const triggerMetadata = {
      ...Object.fromEntries(Object.entries(match.params).map(([key, string]) => [key, { string }])),
      Headers: { json: JSON.stringify(headersOf(request)) },
    };
    const result = await this.#invoke({
      id,
      target: called,
      data: {},
      triggerMetadata,
      traceContext,
    });
    if (!result.hasValue) {
      sendResponse(response, undefined);
      forwarded.destroy();
    }
  }

  /** Accepts before the function has run, as the real host does. */
  async #runByHand(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
  ): Promise<void> {
    const target = this.#worker.functions.get(name.toLowerCase());
    if (!target) {
      throw new RequestError(404, `There is no function ${name}.`);
    }
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      throw new RequestError(405, 'A function is run by hand with POST.');
    }
    if (this.#routes.routes.some((route) => route.function === target)) {
      throw new RequestError(400, `${name} has an HTTP trigger: request its own URL.`);
    }
    const data = await toTriggerData(request, target);
    const traceContext = traceContextOf(request);
    this.#invoke({ id: randomUUID(), target, data, traceContext }).catch(() => {});
    response.statusCode = 202;
    response.end();
  }

  /** Invokes a function, and logs what becomes of it: an error with all that it carries. */
  async #invoke(invocation: Invocation): Promise<InvocationResult> {
    const { id, target } = invocation;
    const started = performance.now();
    const executed = (outcome: string) =>
      `Executed ${target.name} (${outcome}, ${Math.round(performance.now() - started)} ms, ${id})`;
    log('information', `Executing ${target.name} (${id})`);
    const running = this.#worker.invoke(invocation);
    this.#running.add(running);
    try {
      const result = await running;
      log('information', executed('succeeded'));
      return result;
    } catch (error) {
      log('error', `${executed('failed')}: ${inspect(error)}`);
      throw new RequestError(500, '');
    } finally {
      this.#running.delete(running);
    }
  }
}

/** Answers what has not become a response. What went wrong inside stays in the log. */
function fail(response: ServerResponse, error: unknown): void {
  // The answer is complete, or the client has gone away.
  if (response.writableEnded || response.destroyed) {
    return;
  }
  const { status, message } = toRequestError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames().filter((header) => header !== 'allow')) {
    response.removeHeader(name);
  }
  response.statusCode = status;
  if (message) {
    response.setHeader('content-type', 'text/plain');
  }
  response.end(message);
}

function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) {
    return error;
  }
  if (error instanceof URIError) {
    return new RequestError(400, 'The URL is not encoded correctly.');
  }
  log('error', inspect(error));
  return new RequestError(500, '');
}

function log(level: LogLevel, message: string): void {
  if (level === 'trace' || level === 'debug' || level === 'none') {
    return;
  }
  const print =
    level === 'information' ? console.info : level === 'warning' ? console.warn : console.error;
  print(`[${new Date().toISOString()}] ${message}`);
}

/** Waits for a promise, but not longer than so many milliseconds. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([promise, sleep(milliseconds, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
