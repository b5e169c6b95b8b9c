import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Asked, type Calls, logOutputs } from './calls.js';
import { isDisabled } from './config/index.js';
import type { Differences } from './differences.js';
import { RequestError } from './errors.js';
import { forward } from './forward.js';
import { bodyOf, boundBodyOf, type ParsedRequest, sendResponse, toRequestData } from './http.js';
import { hasBoundBody, httpTriggerMetadata, traceContextFrom } from './http-rules/index.js';
import { keptBody } from './inspector/again.js';
import type { Desk } from './inspector/desk.js';
import { inspectResponse } from './inspector/response.js';
import { shownBody, shownHeaders } from './inspector/shown.js';
import type { Invocation, RegisteredFunction, TypedData } from './protocol.js';
import type { Match } from './routing/index.js';
import type { RunningApp } from './running-app.js';
import { otherInputsOf } from './triggers.js';

/** A request for a function. */
interface Called {
  readonly app: RunningApp;
  readonly parsed: ParsedRequest;
  readonly match: Extract<Match<RegisteredFunction>, { kind: 'function' }>;
}

interface Surroundings {
  readonly calls: Calls;
  readonly desk: Desk;
  readonly differences: Differences;
  /** Answer as Azure does where this host is kinder otherwise. */
  readonly isStrict: boolean;
  /** Called for an error that comes once a function runs. */
  onError(response: ServerResponse, error: RequestError): void;
}

/** Answers requests for functions: by what they return, or by the app's own server where it streams. */
export class FunctionRequests {
  readonly #calls: Calls;
  readonly #desk: Desk;
  readonly #differences: Differences;
  readonly #isStrict: boolean;
  readonly #onError: Surroundings['onError'];

  constructor({ calls, desk, differences, isStrict, onError }: Surroundings) {
    this.#calls = calls;
    this.#desk = desk;
    this.#differences = differences;
    this.#isStrict = isStrict;
    this.#onError = onError;
  }

  /**
   * Answers a request, with what a function answers.
   *
   * @throws RequestError if there is none, or if it fails.
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    app: RunningApp,
    parsed: ParsedRequest,
  ): Promise<void> {
    const match = app.routes.match(request.method ?? 'GET', parsed.target.path);
    const what = `${request.method} ${parsed.url.pathname}`;
    if (match.kind === 'none') {
      throw this.#notFound('no route', what, `No function has the route ${parsed.url.pathname}.`);
    }
    if (match.kind === 'method') {
      const [{ function: first } = { function: { name: what } }] = match.routes;
      if (this.#isStrict) {
        throw new RequestError(404, '');
      }
      this.#differences.note('method', first.name);
      response.setHeader('allow', match.allowed.join(', '));
      throw new RequestError(405, `${parsed.url.pathname} does not take ${request.method}.`);
    }
    const { name } = match.route.function;
    if (isDisabled(name, app.config.env)) {
      throw this.#notFound('disabled', name, `The function ${name} is disabled.`);
    }
    const most = app.config.host.maxOutstandingRequests ?? Infinity;
    if (this.#calls.count >= most) {
      throw new RequestError(429, '');
    }
    const called = { app, parsed, match };
    if (app.process.app.httpUri === undefined) {
      await this.#callBuffered(request, response, called);
    } else {
      await this.#callStreamed(request, response, called, app.process.app.httpUri);
    }
  }

  /** What Azure answers, with a line of text that it has not. */
  #notFound(difference: 'no route' | 'disabled', who: string, message: string): RequestError {
    if (this.#isStrict) {
      return new RequestError(404, '');
    }
    this.#differences.note(difference, who);
    return new RequestError(404, message);
  }

  async #callBuffered(
    request: IncomingMessage,
    response: ServerResponse,
    { app, parsed, match }: Called,
  ): Promise<void> {
    const { name } = match.route.function;
    const body = await boundBodyOf(request, parsed);
    const isUnbound = !hasBoundBody(parsed.headers) && 'transfer-encoding' in parsed.headers;
    if (isUnbound) {
      this.#differences.note('unbound body', name);
    }
    const http = toRequestData(request.method ?? 'GET', parsed, match.params, body);
    const id = randomUUID();
    const asked = this.#asked(request, response, { id, parsed, body });
    const result = await this.#calls.invoke(
      app,
      this.#requested({ app, parsed, match }, id, { http }, body),
      asked,
    );
    if (result.error) {
      throw new RequestError(500, '');
    }
    logOutputs(app, match.route.function, result);
    sendResponse(response, result.returnValue?.http);
  }

  async #callStreamed(
    request: IncomingMessage,
    response: ServerResponse,
    { app, parsed, match }: Called,
    httpUri: string,
  ): Promise<void> {
    const { name } = match.route.function;
    // The host looks into a body whose length it knows, for the parameters, and so has all of it first.
    const body = hasBoundBody(parsed.headers) ? await bodyOf(request) : undefined;
    const id = randomUUID();
    const asked = this.#asked(request, response, { id, parsed, body });
    const breakOff = forward(request, response, {
      httpUri,
      id,
      path: parsed.url.pathname + parsed.url.search,
      body,
      onError: (error) => this.#onError(response, new RequestError(502, '', error)),
    });
    const result = await this.#calls.invoke(
      app,
      this.#requested({ app, parsed, match }, id, {}, body),
      asked,
    );
    logOutputs(app, match.route.function, result);
    if (result.error === undefined && result.hasValue) {
      return;
    }
    if (!response.writableEnded && !response.destroyed) {
      this.#differences.note('never answered', name);
    }
    if (this.#isStrict) {
      return;
    }
    breakOff();
    if (result.error) {
      throw new RequestError(500, '');
    }
    sendResponse(response, undefined);
  }

  /** What the inspector needs to know of a request for a function. */
  #asked(
    { method = 'GET', socket }: IncomingMessage,
    response: ServerResponse,
    { id, parsed, body }: { id: string; parsed: ParsedRequest; body: Buffer | undefined },
  ): Asked {
    const { url, headers } = parsed;
    const { inspector } = this.#desk;
    const { isWatched } = inspector;
    inspectResponse(response, inspector, id);
    this.#desk.note(socket.remotePort, id);
    return {
      request: {
        method,
        url: url.href,
        headers: isWatched ? shownHeaders(headers) : {},
        ...(body?.length && isWatched && { body: shownBody(body) }),
      },
      repeatable: {
        kind: 'request',
        method,
        path: url.pathname + url.search,
        headers,
        body: keptBody(body, isWatched),
      },
    };
  }

  /** What the worker gets for a request. For other inputs there is nothing that they could come from. */
  #requested(
    { app, parsed, match }: Called,
    id: string,
    data: TypedData,
    body: Uint8Array | undefined,
  ): Invocation {
    const { name, trigger, bindings } = match.route.function;
    const others = otherInputsOf(bindings);
    for (const { type } of others) {
      this.#differences.note('no input', `${name}, ${type}`);
    }
    return {
      id,
      name,
      inputData: [{ name: trigger.name, data }, ...others.map(({ key }) => ({ name: key }))],
      triggerMetadata: httpTriggerMetadata({
        params: match.params,
        absentParams: match.absentParams,
        rawQuery: parsed.target.rawQuery,
        headers: parsed.headers,
        body,
      }),
      traceContext: traceContextFrom(parsed.headers, app.config.host.isTraced),
    };
  }
}
