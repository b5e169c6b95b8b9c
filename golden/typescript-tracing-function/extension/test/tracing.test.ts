import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { switchOff, switchOn } from './switch-on';
import { invoke, run } from './worker';
import { app, HttpRequest, HttpResponse, type InvocationContext } from '@azure/functions';
import { SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { join } from '../src/worker-extension/invocation';
import { Place } from '../src/worker-extension/hooks';
import { TracingExtension, type TracingOptions } from '../src/tracing';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const traceParent = `00-${TRACE_ID}-${CALLER}-01`;

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

/** The only span that has ended. */
function theSpan(): ReadableSpan {
  const [span, ...others] = exporter.getFinishedSpans();
  assert.ok(span);
  assert.deepEqual(others, []);
  return span;
}

function traceWith(options?: TracingOptions): void {
  switchOn(TracingExtension, options);
}

describe('TracingExtension', () => {
  beforeEach(() => traceWith());

  afterEach(() => exporter.reset());

  it('makes a server span of an HTTP request, by the semantic conventions', async () => {
    const request = new HttpRequest({
      method: 'POST',
      url: 'https://example.com:8443/api/orders/7?code=secret',
      headers: { 'user-agent': 'test' },
    });
    let invocationId: string | undefined;
    const answer = Object.freeze({ status: 201 });
    const { result } = await invoke({
      trigger: { route: 'orders/{id:int}' },
      inputs: [request],
      handler: (input, context) => {
        assert.equal(input, request);
        ({ invocationId } = context);
        return answer;
      },
    });
    assert.equal(result, answer);
    const { name, kind, attributes, status, ended } = theSpan();
    assert.equal(name, 'POST api/orders/{id:int}');
    assert.equal(kind, SpanKind.SERVER);
    assert.deepEqual(status, { code: SpanStatusCode.UNSET });
    assert.equal(ended, true);
    assert.deepEqual(attributes, {
      'faas.coldstart': true,
      'faas.invocation_id': invocationId,
      'faas.name': 'HttpTrigger',
      'faas.trigger': 'http',
      'http.request.method': 'POST',
      'http.response.status_code': 201,
      'http.route': 'api/orders/{id:int}',
      'server.address': 'example.com',
      'server.port': 8443,
      'url.path': '/api/orders/7',
      'url.scheme': 'https',
      'user_agent.original': 'test',
    });
  });

  it('takes the name of the function for a missing route, and the port of the scheme', async () => {
    for (const [url, port] of [
      ['http://example.com/api/HttpTrigger', 80],
      ['https://example.com/api/HttpTrigger', 443],
    ] as const) {
      exporter.reset();
      await invoke({
        inputs: [new HttpRequest({ method: 'GET', url })],
        handler: () => undefined,
      });
      const { name, attributes } = theSpan();
      assert.equal(name, 'GET api/HttpTrigger');
      assert.equal(attributes['server.port'], port);
      assert.equal('user_agent.original' in attributes, false);
    }
  });

  for (const [route, path, expected] of [
    ['orders', '/orders', 'orders'],
    ['orders', '/a/b/orders', 'a/b/orders'],
    ['/orders/', '/api/orders/', 'api/orders'],
    ['orders/{id?}', '/api/orders', 'orders/{id?}'],
    ['orders/{id=1}', '/api/orders', 'orders/{id=1}'],
    ['{*path}', '/api/a/b', '{*path}'],
    ['orders/{id}/items', '/api/orders/7/items', 'api/orders/{id}/items'],
  ] as const) {
    it(`has the prefix of ${path} before the route ${route}, where that is certain`, async () => {
      const inputs = [new HttpRequest({ method: 'GET', url: `http://localhost${path}` })];
      await invoke({ trigger: { route }, inputs, handler: () => undefined });
      assert.equal(theSpan().attributes['http.route'], expected);
    });
  }

  it('calls only the first invocation of the process a cold start', async () => {
    await Promise.all([1, 2].map(() => invoke({ handler: () => undefined })));
    assert.deepEqual(
      exporter.getFinishedSpans().map(({ attributes }) => attributes['faas.coldstart']),
      [false, false],
    );
  });

  it('names the app where it has a name', async () => {
    process.env.WEBSITE_SITE_NAME = 'orders-app';
    try {
      await invoke({ triggerType: 'timerTrigger', handler: () => undefined });
    } finally {
      delete process.env.WEBSITE_SITE_NAME;
    }
    assert.equal(theSpan().name, 'orders-app/HttpTrigger');
    assert.equal(theSpan().attributes['faas.name'], 'orders-app/HttpTrigger');
  });

  for (const [triggerType, trigger, kind] of [
    ['queueTrigger', 'pubsub', SpanKind.CONSUMER],
    ['blobTrigger', 'datasource', SpanKind.SERVER],
    ['timerTrigger', 'timer', SpanKind.SERVER],
    ['warmupTrigger', 'other', SpanKind.SERVER],
    ['toString', 'other', SpanKind.SERVER],
  ] as const) {
    it(`traces a ${triggerType} without anything of HTTP`, async () => {
      const message = { url: 'one', headers: {} };
      const answer = { status: 500 };
      const { result } = await invoke({ triggerType, inputs: [message], handler: () => answer });
      assert.equal(result, answer);
      const span = theSpan();
      assert.equal(span.name, 'HttpTrigger');
      assert.equal(span.kind, kind);
      assert.equal(span.attributes['faas.trigger'], trigger);
      assert.deepEqual(
        Object.keys(span.attributes).filter((key) => /^(http|url|server)\./.test(key)),
        [],
      );
      assert.deepEqual(span.status, { code: SpanStatusCode.UNSET });
    });
  }

  it('names the function in Azure, where the platform tells', async () => {
    const settings = {
      WEBSITE_OWNER_NAME: 'a1b2+group-WestEuropewebspace-Linux',
      WEBSITE_RESOURCE_GROUP: 'group',
      WEBSITE_SITE_NAME: 'orders-app',
    };
    Object.assign(process.env, settings);
    try {
      await invoke({ handler: () => undefined });
    } finally {
      Object.keys(settings).forEach((name) => delete process.env[name]);
    }
    assert.equal(
      theSpan().attributes['cloud.resource_id'],
      '/subscriptions/a1b2/resourceGroups/group/providers/Microsoft.Web/sites/orders-app/functions/HttpTrigger',
    );
  });

  it('tells of itself as the package, and of the conventions', async () => {
    await invoke({ handler: () => undefined });
    const { name, version, schemaUrl } = theSpan().instrumentationScope;
    assert.equal(name, 'azfunc-extension-tracing');
    assert.match(version ?? '', /^\d+\.\d+\.\d+/);
    assert.match(schemaUrl ?? '', /^https:\/\/opentelemetry\.io\/schemas\/1\./);
  });

  for (const [what, result, status] of [
    ['nothing', undefined, 204],
    ['null', null, 204],
    ['an object without a status', {}, 200],
    ['a frozen object', Object.freeze({ status: 202 }), 202],
    ['an HttpResponse', new HttpResponse({ status: 404 }), 404],
    ['a global Response', new Response(null, { status: 302 }), 302],
    ['a server error', { status: 503 }, 503],
    ['a string, which the worker refuses', 'text', 500],
    ['a status that is no number', { status: 'unknown' }, 500],
  ] as const) {
    it(`records status ${status} for ${what}`, async () => {
      const outcome = await invoke({ handler: () => result });
      assert.equal(outcome.result, result);
      const span = theSpan();
      assert.equal(span.attributes['http.response.status_code'], status);
      const isError = status >= 500;
      assert.equal(span.attributes['error.type'], isError ? String(status) : undefined);
      assert.equal(span.status.code, isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
    });
  }

  it('records the error of a function that fails, and lets it pass', async () => {
    const failure = new TypeError('no luck');
    const { result, error } = await invoke({ handler: () => Promise.reject(failure) });
    assert.equal(result, null);
    assert.equal(error, failure);
    const { attributes, status, events, ended } = theSpan();
    assert.equal(attributes['http.response.status_code'], 500);
    assert.equal(attributes['error.type'], 'TypeError');
    assert.deepEqual(status, { code: SpanStatusCode.ERROR, message: 'no luck' });
    assert.deepEqual(
      events.map((event) => [event.name, event.attributes]),
      [
        [
          'exception',
          {
            'exception.type': 'TypeError',
            'exception.message': 'no luck',
            'exception.stacktrace': failure.stack,
          },
        ],
      ],
    );
    assert.equal(ended, true);
  });

  for (const [thrown, message] of [
    ['no luck', 'no luck'],
    [{ code: 7 }, '{ code: 7 }'],
    [Object.create(null), '[Object: null prototype] {}'],
    [0, '0'],
  ]) {
    it(`records what is thrown and is no Error: ${message}`, async () => {
      const { error } = await invoke({
        triggerType: 'queueTrigger',
        handler: () => Promise.reject(thrown),
      });
      assert.equal(error, thrown);
      const { attributes, status, events } = theSpan();
      assert.equal(attributes['error.type'], '_OTHER');
      assert.deepEqual(status, { code: SpanStatusCode.ERROR, message });
      assert.deepEqual(events[0]?.attributes, { 'exception.message': message });
    });
  }

  it('continues the trace of the caller', async () => {
    await invoke({
      traceContext: { traceParent, traceState: 'vendor=1' },
      handler: () => undefined,
    });
    const span = theSpan();
    assert.equal(span.spanContext().traceId, TRACE_ID);
    assert.equal(span.spanContext().traceState?.serialize(), 'vendor=1');
    assert.equal(span.parentSpanContext?.spanId, CALLER);
    assert.equal(span.parentSpanContext.isRemote, true);
  });

  it('begins a trace where there is no caller, whatever else is active', async () => {
    await trace.getTracer('test').startActiveSpan('other', async (other) => {
      await invoke({ handler: () => undefined });
      assert.equal(theSpan().parentSpanContext, undefined);
      assert.notEqual(theSpan().spanContext().traceId, other.spanContext().traceId);
    });
  });

  it('warns once where the host samples nothing', async () => {
    const unsampled = {
      traceContext: { traceParent: `00-${TRACE_ID}-${CALLER}-00` },
      handler: () => undefined,
    };
    assert.match((await invoke(unsampled)).logs.join(), /Set "telemetryMode": "OpenTelemetry"/);
    assert.deepEqual((await invoke(unsampled)).logs, []);
  });

  it('follows a caller that does not sample', async () => {
    const unsampled = `00-${TRACE_ID}-${CALLER}-00`;
    const { result } = await invoke({
      traceContext: { traceParent: unsampled },
      inputs: [
        new HttpRequest({
          method: 'GET',
          url: 'http://localhost/api/HttpTrigger',
          headers: { traceparent: unsampled },
        }),
      ],
      handler: (_, context) => TracingExtension.span(context)?.spanContext(),
    });
    assert.deepEqual(exporter.getFinishedSpans(), []);
    const { traceId, traceFlags } = result as { traceId: string; traceFlags: TraceFlags };
    assert.equal(traceId, TRACE_ID);
    assert.equal(traceFlags, TraceFlags.NONE);
  });

  it('has the span active in the function, which gets its arguments', async () => {
    const { result } = await invoke({
      inputs: ['message'],
      handler: async (input, context) => {
        await sleep(1);
        const span = TracingExtension.span(context);
        assert.ok(span);
        assert.equal(trace.getActiveSpan(), span);
        span.setAttribute('app.input', input as string);
        trace.getTracer('test').startSpan('work').end();
        return context.functionName;
      },
    });
    assert.equal(result, 'HttpTrigger');
    const [work, span] = exporter.getFinishedSpans();
    assert.equal(work?.name, 'work');
    assert.equal(work?.parentSpanContext?.spanId, span?.spanContext().spanId);
    assert.equal(span?.attributes['app.input'], 'message');
  });

  it('traces an invocation that another extension answers', async () => {
    const other = app.hook.preInvocation((context) =>
      join(context, { place: Place.guard, around: () => ({ status: 401 }) }),
    );
    const handler = mock.fn();
    const { result } = await invoke({ handler });
    other.dispose();
    assert.deepEqual(result, { status: 401 });
    assert.equal(handler.mock.callCount(), 0);
    assert.equal(theSpan().attributes['http.response.status_code'], 401);
  });

  it('records a failure and the status, where another extension has answered it', async () => {
    const other = app.hook.preInvocation((context) =>
      join(context, {
        place: Place.answerErrors,
        around: (_, next) => next().catch(() => ({ status: 409 })),
      }),
    );
    await invoke({ handler: () => Promise.reject(new Error('no luck')) });
    other.dispose();
    const { attributes, events, status } = theSpan();
    assert.equal(attributes['http.response.status_code'], 409);
    assert.equal(events[0]?.attributes?.['exception.message'], 'no luck');
    assert.deepEqual(status, { code: SpanStatusCode.UNSET });
  });

  it('ends the span of a stream when it has been read, or breaks off', async () => {
    async function* body(failure?: Error): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      trace.getTracer('test').startSpan('while it is read').end();
      if (failure) {
        throw failure;
      }
    }
    const whole = await invoke({ handler: () => ({ body: body() }) });
    assert.equal(exporter.getFinishedSpans().length, 0);
    await new HttpResponse(whole.result as object).text();
    const [part, span] = exporter.getFinishedSpans();
    assert.equal(part?.parentSpanContext?.spanId, span?.spanContext().spanId);
    assert.deepEqual(span?.status, { code: SpanStatusCode.UNSET });
    exporter.reset();
    const broken = await invoke({ handler: () => ({ body: body(new Error('broken off')) }) });
    await assert.rejects(new HttpResponse(broken.result as object).text());
    assert.equal(exporter.getFinishedSpans()[1]?.status.message, 'broken off');
  });

  it('names a method that is not known _OTHER', async () => {
    const request = new HttpRequest({ method: 'PURGE', url: 'http://localhost/api/HttpTrigger' });
    await invoke({ inputs: [request], handler: () => undefined });
    const { name, attributes } = theSpan();
    assert.equal(name, 'HTTP api/HttpTrigger');
    assert.equal(attributes['http.request.method'], '_OTHER');
    assert.equal(attributes['http.request.method_original'], 'PURGE');
  });

  it('keeps 50 concurrent invocations apart', async () => {
    const callers = Array.from({ length: 50 }, () => ({
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
    }));
    await Promise.all(
      callers.map(({ traceId, spanId }, index) =>
        invoke({
          traceContext: { traceParent: `00-${traceId}-${spanId}-01` },
          handler: async (_, context: InvocationContext) => {
            await sleep((index * 7) % 50);
            assert.equal(trace.getActiveSpan(), TracingExtension.span(context));
            trace.getTracer('test').startSpan(`work ${index}`).end();
            return { status: 200 + index };
          },
        }),
      ),
    );
    const ended = exporter.getFinishedSpans();
    assert.equal(ended.length, 100);
    callers.forEach(({ traceId, spanId }, index) => {
      const [work, span, ...others] = ended.filter((one) => one.spanContext().traceId === traceId);
      assert.deepEqual(others, []);
      assert.equal(span?.parentSpanContext?.spanId, spanId);
      assert.equal(span.attributes['http.response.status_code'], 200 + index);
      assert.equal(work?.name, `work ${index}`);
      assert.equal(work.parentSpanContext?.spanId, span.spanContext().spanId);
    });
  });

  it('takes spans from the provider that it is given', async () => {
    const own = new InMemorySpanExporter();
    traceWith({
      tracerProvider: new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(own)] }),
    });
    await invoke({ traceContext: { traceParent }, handler: () => undefined });
    assert.deepEqual(exporter.getFinishedSpans(), []);
    const [span] = own.getFinishedSpans();
    assert.equal(span?.instrumentationScope.name, 'azfunc-extension-tracing');
    assert.equal(span?.parentSpanContext?.spanId, CALLER);
  });

  it('traces once, however often it is switched on, and by the last options', async () => {
    traceWith({ tracerProvider: new NodeTracerProvider() });
    traceWith();
    await invoke({ handler: () => undefined });
    assert.equal(theSpan().name, 'HttpTrigger');
  });

  it('does nothing after an invocation whose start it has not seen', async () => {
    switchOff(TracingExtension);
    const { result, logs } = await invoke({
      handler: () => {
        switchOn(TracingExtension);
        return 'done';
      },
    });
    assert.equal(result, 'done');
    assert.deepEqual(logs, []);
    assert.deepEqual(exporter.getFinishedSpans(), []);
  });
});

describe('TracingExtension when the app stops', () => {
  /** A provider of which only the flush matters. */
  function flushingBy(forceFlush: () => Promise<void>) {
    return { getTracer: trace.getTracer, forceFlush: mock.fn(forceFlush) };
  }

  let errors: string[];

  beforeEach(() => {
    errors = [];
    mock.method(console, 'error', (...args: unknown[]) => errors.push(args.join(' ')));
  });

  afterEach(() => {
    mock.restoreAll();
    traceWith();
  });

  it('sends the spans that are left', async () => {
    const forceFlush = mock.method(provider, 'forceFlush');
    await run('appTerminate');
    assert.equal(forceFlush.mock.callCount(), 1);
    assert.deepEqual(errors, []);
  });

  it('waits until they are sent', async () => {
    let sent = false;
    const tracerProvider = flushingBy(async () => {
      await sleep(20);
      sent = true;
    });
    traceWith({ tracerProvider });
    await run('appTerminate');
    assert.equal(sent, true);
    assert.deepEqual(errors, []);
  });

  it('does not wait longer than it is told to', async () => {
    traceWith({ tracerProvider: flushingBy(() => new Promise(() => {})), flushTimeout: 20 });
    await run('appTerminate');
    assert.match(errors.join('\n'), /The spans were not sent within 20 ms\./);
  });

  it('waits for half a second by default', async () => {
    traceWith({ tracerProvider: flushingBy(() => new Promise(() => {})) });
    await run('appTerminate');
    assert.match(errors.join('\n'), /The spans were not sent within 500 ms\./);
  });

  it('logs what fails, and lets the app stop', async () => {
    for (const forceFlush of [
      () => Promise.reject(new Error('no network')),
      () => {
        throw new Error('no network');
      },
    ]) {
      traceWith({ tracerProvider: flushingBy(forceFlush) });
      await run('appTerminate');
    }
    assert.equal(errors.length, 2);
    assert.match(errors[1] ?? '', /TracingExtension\.appTerminate failed .*no network/);
  });

  it('needs no provider that can flush', async () => {
    traceWith({ tracerProvider: { getTracer: trace.getTracer } });
    await run('appTerminate');
    assert.deepEqual(errors, []);
  });
});
