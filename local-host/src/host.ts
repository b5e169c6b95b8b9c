import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { adminTarget, type AdminTarget, described, isLocal, trialFrom } from './admin.js';
import { AppEnded, AppProcess, LoadError } from './app-process.js';
import { Calls, logOutputs, ranWith } from './calls.js';
import { decideCors, isDisabled } from './config/index.js';
import { Differences } from './differences.js';
import { entryFiles } from './entry-files.js';
import { RequestError, StartError } from './errors.js';
import { FunctionRequests } from './function-requests.js';
import { Desk } from './inspector/desk.js';
import { type InspectedFunction, type InvocationEvent, now } from './inspector/events.js';
import { Inspector } from './inspector/inspector.js';
import { sendPage } from './inspector/page.js';
import { answerInspector, isForThisMachine, mayBeForInspector } from './inspector/routes.js';
import { located, sourced } from './inspector/source-maps.js';
import { Waterfalls } from './inspector/waterfall.js';
import { beforeHeaders, bodyOf, parseRequest, type ParsedRequest, urlOf } from './http.js';
import { traceContextFrom } from './http-rules/index.js';
import { HOST_CATEGORY, type Log, logTo, NO_LEVELS, writeToTerminal } from './log.js';
import { type Run, toRun } from './run.js';
import { type AppFunction, functionsOf, routeOf, type RunningApp } from './running-app.js';
import type { Invocation, RegisteredFunction } from './protocol.js';
import { buildRoutes, equalsIgnoreCase } from './routing/index.js';
import { configure, readApp } from './settings.js';
import { otherInputsOf, toInvocation, type Trial, TrialError } from './triggers.js';
import { unmatched } from './unmatched.js';

export interface HostOptions {
  /** Folder of the function app: the one with host.json. */
  root: string;
  /**
   * Port on 127.0.0.1, 0 for any free one. Default: `Host.LocalHttpPort` of
   * local.settings.json, or else 7071.
   */
  port?: number;
  /** Answer as Azure does where this host is kinder otherwise. */
  isStrict?: boolean;
  /** Print what happens in each invocation when it is over. */
  isInspected?: boolean;
}

/** How long running functions have to end when the host stops, in milliseconds. */
const GRACE_FOR_FUNCTIONS = 900;

/** How long the `appTerminate` hooks have after that. */
const GRACE_FOR_HOOKS = 700;

/**
 * Runs a function app with all its hooks, in a process of its own: HTTP functions on their routes, and all
 * of them on `POST /admin/functions/<name>`. If the app ends, it is started again.
 */
export class Host {
  readonly #options: HostOptions;
  readonly #server: Server = createServer();
  readonly #inspector = new Inspector((isWatched) => this.#watch(isWatched));
  readonly #calls = new Calls(this.#inspector, (event) => this.#emit(event));
  /** Extensions that are switched off for this run, by their ids. */
  readonly #off = new Set<string>();
  readonly #desk = new Desk(this, this.#inspector);
  #log: Log = logTo(NO_LEVELS, writeToTerminal);
  readonly #differences = new Differences((...line) => this.#log(...line));
  readonly #requests: FunctionRequests;
  /** The app, or the way to it. */
  #app: Promise<RunningApp> | undefined;
  #current: RunningApp | undefined;
  #stopped: Promise<void> | undefined;
  readonly #started = performance.now();

  private constructor(options: HostOptions) {
    this.#options = options;
    this.#requests = new FunctionRequests({
      calls: this.#calls,
      desk: this.#desk,
      differences: this.#differences,
      isStrict: options.isStrict ?? false,
      onError: (response, error) => this.#fail(response, error),
    });
    this.#server.on('request', (request, response) => void this.#handle(request, response));
  }

  /**
   * @throws StartError if a file of the app is missing or wrong, or if the port is not available.
   * @throws LoadError for what the app's own code throws: its files, or an `appStart` hook.
   */
  static async start(options: HostOptions): Promise<Host> {
    const host = new Host(options);
    if (options.isInspected) {
      const waterfalls = new Waterfalls((text) => writeToTerminal(`${text}\n`, false));
      host.#inspector.watch((event) => waterfalls.add(event));
    }
    await host.#listen(options.port ?? readApp(options.root).localSettings.port ?? 7071);
    try {
      await host.#ready();
    } catch (error) {
      host.#server.close();
      host.#server.closeAllConnections();
      throw error;
    }
    return host;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where it listens: `http://127.0.0.1:7071`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The app's functions, each with what calls it, or why nothing can. */
  get functions(): { name: string; call: string }[] {
    return functionsOf(this.#current).map(({ target: { name, trigger }, route, off }) => ({
      name,
      call:
        off ??
        (route
          ? `[${route.methods?.join(',') ?? 'any method'}] ${this.url}/${route.template}`
          : `[POST] ${this.url}/admin/functions/${name} (${trigger.type})`),
    }));
  }

  /** What is named and matches nothing, a line for each. */
  get unmatched(): readonly string[] {
    return this.#current?.unmatched ?? [];
  }

  /**
   * Runs a function by hand.
   *
   * @throws TrialError if there is no such function, or if it cannot be run in this way.
   */
  async run(name: string, trial: Trial): Promise<Run> {
    const app = await this.#ready();
    const target = this.#named(app, name);
    const result = await this.#calls.invoke(
      app,
      this.#byHand(app, target, trial, {}),
      ranWith(name, trial),
    );
    return toRun(target, result);
  }

  /**
   * Begins to run a function by hand.
   *
   * @returns The id of the invocation.
   * @throws TrialError if there is no such function, or if it cannot be run in this way.
   */
  async begin(name: string, trial: Trial): Promise<string> {
    const app = await this.#ready();
    return this.#beginByHand(app, this.#named(app, name), trial, {});
  }

  /**
   * Switches an extension off for this run, or on again.
   *
   * @throws RequestError for one that is not there, or cannot be switched off.
   */
  async switch(id: string, isOn: boolean): Promise<void> {
    const app = await this.#ready();
    const middleware = await app.process.middleware();
    const extension = middleware?.extensions.find((one) => one.id === id);
    if (!extension) {
      throw new RequestError(404, `There is no extension ${id}.`);
    }
    if (extension.failsClosed && !isOn) {
      throw new RequestError(409, `${extension.name} fails closed, so it cannot be switched off.`);
    }
    this.#off[isOn ? 'delete' : 'add'](id);
    app.process.switch(id, isOn);
    const state = isOn ? 'on again' : 'off for this run';
    this.#log('warning', HOST_CATEGORY, `${extension.name} is ${state}, by the inspector.`);
    await this.#describe(app);
  }

  /** Restarts the app: running functions may end, and `appTerminate` hooks run. Its port stays. */
  async restart(why: string): Promise<void> {
    if (this.#stopped) {
      return;
    }
    this.#log('information', 'Function.dev', `The app is started again: ${why}.`);
    const old = this.#current?.process;
    this.#current = undefined;
    this.#app = this.#end(old).then(() => this.#begin());
    await this.#app.catch((error: unknown) => this.#logFailure(error));
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
    await this.#end(this.#current?.process);
    this.#server.closeAllConnections();
  }

  /** Ends an app: running functions may end, and its hooks run. */
  async #end(app: AppProcess | undefined): Promise<void> {
    await within(GRACE_FOR_FUNCTIONS, this.#calls.ended());
    if (this.#calls.count > 0) {
      const message = `Stopping while functions are still running: ${this.#calls.count}`;
      this.#log('warning', HOST_CATEGORY, message);
    }
    const problem = await within(GRACE_FOR_HOOKS, app?.terminate());
    if (problem !== undefined) {
      this.#log('error', HOST_CATEGORY, `An appTerminate hook failed: ${problem}`);
    }
    await app?.kill();
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

  /** The app. If it could not be started again, this tries once more. */
  #ready(): Promise<RunningApp> {
    this.#app ??= this.#begin();
    return this.#app;
  }

  async #begin(): Promise<RunningApp> {
    try {
      const app = await this.#load();
      void app.process.ended.then((how) => this.#beginAgain(app, how));
      return app;
    } catch (error) {
      this.#app = undefined;
      throw error;
    }
  }

  /** Starts an app again that has ended by itself. */
  async #beginAgain(app: RunningApp, how: string): Promise<void> {
    if (this.#stopped || this.#current !== app) {
      return;
    }
    this.#log('error', HOST_CATEGORY, `The app has ended (${how}). It is started again.`);
    this.#app = undefined;
    await this.#ready().catch((error: unknown) => this.#logFailure(error));
  }

  #logFailure(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The app does not start. The next request tries again. ${reason}`;
    this.#log('error', HOST_CATEGORY, message);
  }

  async #load(): Promise<RunningApp> {
    const { root } = this.#options;
    const files = readApp(root);
    const config = configure(files, process.env, { root, port: this.#port });
    this.#log = logTo(config.host.logLevels, writeToTerminal);
    const entries = entryFiles(root, files.main);
    if (entries.length === 0) {
      throw new StartError(
        `No file matches "main" in package.json (${files.main}). Run: npm run build`,
      );
    }
    const order = {
      root,
      files: entries,
      isModule: files.isModule,
      logLevels: config.host.logLevels,
      off: [...this.#off],
    };
    const app = await AppProcess.start(order, config.env, (event) => this.#emit(event));
    const { functions, isConnected } = app.app;
    const routes = buildRoutes(functions, {
      routePrefix: config.host.routePrefix,
      functions: config.host.functions,
    });
    if (routes.stops !== undefined) {
      await app.kill();
      throw new StartError(routes.stops);
    }
    const none = functions.length === 0 ? [reasonForNone(entries, isConnected)] : [];
    const nothing = unmatched(app.app, config, files);
    for (const warning of [...config.warnings, ...routes.warnings, ...none, ...nothing]) {
      this.#log('warning', HOST_CATEGORY, warning);
    }
    for (const message of config.messages) {
      this.#log('information', HOST_CATEGORY, message);
    }
    this.#current = { process: app, config, routes, unmatched: nothing, log: this.#log };
    this.#watch(this.#inspector.isWatched);
    return this.#current;
  }

  /** Tells those who watch, with places in the sources rather than in compiled files. */
  #emit(event: InvocationEvent): void {
    this.#inspector.emit(this.#inspector.isWatched ? sourced(event, this.#options.root) : event);
  }

  /** Has the app recorded from now on, or no longer. */
  #watch(isWatched: boolean): void {
    this.#current?.process.watch(isWatched);
    if (isWatched) {
      void this.#describe(this.#current);
    }
  }

  /** Tells those who watch what the app has. */
  async #describe(app: RunningApp | undefined): Promise<void> {
    const middleware = await app?.process.middleware();
    if (app && middleware) {
      this.#inspector.emit({
        type: 'app',
        at: now(),
        root: this.#options.root,
        functions: functionsOf(app).map(inspected),
        extensions: middleware.extensions,
        hooks: middleware.hooks.map((hook) => located(hook, this.#options.root)),
      });
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (mayBeForInspector(request) && (await this.#answersInspector(request, response))) {
        return;
      }
      const app = await this.#ready();
      beforeHeaders(response, () => {
        for (const [name, value] of app.config.host.customHeaders) {
          if (!response.hasHeader(name)) {
            response.setHeader(name, value);
          }
        }
      });
      const parsed = parseRequest(request);
      const admin = adminTarget(parsed.url.pathname);
      if (admin) {
        await this.#administer(request, response, { app, parsed, admin });
      } else if (!answersPreflight(request, response, app)) {
        await this.#requests.answer(request, response, app, parsed);
      }
    } catch (error) {
      this.#fail(response, error);
    }
  }

  /**
   * Whether the page of the inspector is at `/`, where the Functions host has its home page: unless the app has a
   * function there, or the setting that switches the home page off. Where the app does not start, it is.
   */
  get hasPage(): boolean {
    const { routes, config } = this.#current ?? {};
    const isOff = /^(true|1)$/i.test(config?.env['AzureWebJobsDisableHomepage'] ?? '');
    return !isOff && routes?.match('GET', '/').kind !== 'function';
  }

  /** @returns Whether the request is for the inspector, or for its page. */
  async #answersInspector(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = urlOf(request);
    if (await answerInspector(request, response, url, this.#desk)) {
      return true;
    }
    const isPage = url.pathname === '/' && ['GET', 'HEAD'].includes(request.method ?? '');
    if (!isPage || !isForThisMachine(url)) {
      return false;
    }
    await this.#ready().catch(() => undefined);
    const { hasPage } = this;
    if (hasPage) {
      sendPage(request, response);
    }
    return hasPage;
  }

  async #administer(
    request: IncomingMessage,
    response: ServerResponse,
    { app, parsed, admin }: { app: RunningApp; parsed: ParsedRequest; admin: AdminTarget },
  ): Promise<void> {
    if (!isLocal(request, parsed.url)) {
      throw new RequestError(403, 'The host answers this to this machine only.');
    }
    if (admin.kind === 'unknown') {
      throw new RequestError(404, '');
    }
    const target = 'name' in admin ? this.#find(app, admin.name) : undefined;
    if ('name' in admin && !target) {
      throw new RequestError(404, `There is no function ${admin.name}.`);
    }
    if (target && admin.kind === 'function' && request.method === 'POST') {
      await this.#runByHand(request, response, { app, parsed }, target);
      return;
    }
    if (request.method !== 'GET') {
      response.setHeader('allow', admin.kind === 'function' ? 'GET, POST' : 'GET');
      throw new RequestError(
        405,
        'A function is run by hand with POST, and all else is read with GET.',
      );
    }
    const body = this.#adminBody(app, admin, target);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  #adminBody(app: RunningApp, { kind }: AdminTarget, target?: RegisteredFunction): unknown {
    const describe = (one: RegisteredFunction) =>
      described(one, {
        url: this.url,
        route: routeOf(one, app)?.template,
        isDisabled: isDisabled(one.name, app.config.env),
      });
    switch (kind) {
      case 'functions':
        return app.routes.functions.map(describe);
      case 'function':
        return target && describe(target);
      case 'function status':
        return {};
      case 'status':
        return {
          id: 'local-host',
          state: 'Running',
          version: '4.1000.0',
          processUptime: Math.round(performance.now() - this.#started),
        };
      default:
        return undefined;
    }
  }

  /** @throws TrialError if there is no such function. */
  #named(app: RunningApp, name: string): RegisteredFunction {
    const target = this.#find(app, name);
    if (!target) {
      const names = app.routes.functions.map((one) => one.name).join(', ');
      throw new TrialError(`There is no function ${name}. There is: ${names || 'none'}.`);
    }
    return target;
  }

  #find({ routes }: RunningApp, name: string): RegisteredFunction | undefined {
    return routes.functions.find((one) => equalsIgnoreCase(one.name, name));
  }

  /** Accepts before the function has run, as the real host does. */
  async #runByHand(
    request: IncomingMessage,
    response: ServerResponse,
    { app, parsed }: { app: RunningApp; parsed: ParsedRequest },
    target: RegisteredFunction,
  ): Promise<void> {
    const body = (await bodyOf(request)).toString();
    const trial = trialFrom(parsed.headers['content-type'], body);
    this.#beginByHand(app, target, trial, parsed.headers);
    response.statusCode = 202;
    response.end();
  }

  /** @returns The id of an invocation for whose end nobody waits. */
  #beginByHand(
    app: RunningApp,
    target: RegisteredFunction,
    trial: Trial,
    headers: Record<string, string>,
  ): string {
    const invocation = this.#byHand(app, target, trial, headers);
    void this.#calls.invoke(app, invocation, ranWith(target.name, trial)).then(
      (result) => logOutputs(app, target, result),
      () => {},
    );
    return invocation.id;
  }

  #byHand(
    app: RunningApp,
    target: RegisteredFunction,
    trial: Trial,
    headers: Record<string, string>,
  ): Invocation {
    const route = routeOf(target, app);
    const { invocation, missing } = toInvocation(
      target,
      trial,
      traceContextFrom(headers, app.config.host.isTraced),
      {
        ...(route && { url: `${this.url}/${route.template}` }),
      },
    );
    for (const type of missing) {
      this.#differences.note('no input', `${target.name}, ${type}`);
    }
    return invocation;
  }

  /** Answers what has not become a response. What went wrong inside stays in the log. */
  #fail(response: ServerResponse, error: unknown): void {
    // The answer is complete, or the client has gone away.
    if (response.writableEnded || response.destroyed) {
      return;
    }
    const { status, message } = this.#toRequestError(error);
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

  #toRequestError(error: unknown): RequestError {
    if (error instanceof RequestError) {
      if (error.cause !== undefined) {
        this.#log('error', HOST_CATEGORY, inspect(error.cause));
      }
      return error;
    }
    if (error instanceof URIError) {
      return new RequestError(400, 'The URL is not encoded correctly.');
    }
    if (error instanceof TrialError) {
      return new RequestError(400, error.message);
    }
    // It has been logged where it happened.
    const isKnown = error instanceof AppEnded;
    if (!isKnown) {
      this.#log('error', HOST_CATEGORY, inspect(error));
    }
    return new RequestError(
      error instanceof LoadError || error instanceof StartError ? 503 : 500,
      '',
    );
  }
}

/** @returns Whether that was all that there is to do. */
function answersPreflight(
  { method = 'GET', headers }: IncomingMessage,
  response: ServerResponse,
  { config }: RunningApp,
): boolean {
  const decision = decideCors(
    {
      method,
      origin: headers.origin,
      requestMethod: headers['access-control-request-method'],
      requestHeaders: headers['access-control-request-headers']?.toString(),
    },
    config.cors,
  );
  beforeHeaders(response, () => {
    for (const [name, value] of Object.entries(decision.headers)) {
      if (name === 'vary') {
        response.appendHeader(name, value);
      } else {
        response.setHeader(name, value);
      }
    }
  });
  if (decision.kind === 'preflight') {
    response.statusCode = 204;
    response.end();
  }
  return decision.kind === 'preflight';
}

/** A function, as the inspector has it. */
function inspected({ target, route, off }: AppFunction): InspectedFunction {
  const { name, trigger, bindings } = target;
  return {
    name,
    trigger: trigger.type,
    ...(route && { route: route.template }),
    ...(route?.methods && { methods: route.methods }),
    ...(off !== undefined && { off }),
    inputs: otherInputsOf(bindings).map(({ type }) => type),
  };
}

function reasonForNone(files: readonly string[], isConnected: boolean): string {
  const loaded = `The app has registered no function. Loaded: ${files.join(', ')}.`;
  return isConnected
    ? loaded
    : `${loaded} @azure/functions has not reached this host: it registers nothing, or something else stands in its place, as where a test runner bundles it.`;
}

/** Waits for a promise, but not longer than so many milliseconds. */
async function within<Value>(
  milliseconds: number,
  promise: Promise<Value> | undefined,
): Promise<Value | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
  } finally {
    timer.abort();
  }
}
