import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { type RunningHost, startHost } from '../../tools/support/local-host.js';
import { npm, pack } from '../../tools/support/processes.js';

const REQUESTS = 10_000;
const AT_ONCE = 100;

/** The rest of the extensions; the timer is made with the app. */
const OTHERS = [
  ['blank', 'app'],
  ['guard', 'function'],
  ['problem-details', 'app'],
  ['tracing', 'function'],
] as const;

const INDEX = `import { app, type InvocationContext, type PostInvocationContext, type PreInvocationContext } from '@azure/functions';
import { AlwaysOnSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { BlankExtension } from 'azfunc-extension-blank';
import { GuardExtension } from 'azfunc-extension-guard';
import { ProblemDetailsExtension } from 'azfunc-extension-problem-details';
import { TimerExtension } from 'azfunc-extension-timer';
import { TimerExtension as NextTimer } from 'timer-next';
import { TracingExtension } from 'azfunc-extension-tracing';

TimerExtension.configure({ appendToHttpResponse: true, serverTiming: true });
NextTimer.configure({ appendToHttpResponse: true });
BlankExtension.configure({ log: false });
ProblemDetailsExtension.configure({});
new GuardExtension('Work', { authorize: ({ headers }) => headers.get('x-key') === 'right' });
new TracingExtension(['Work'], { tracerProvider: new NodeTracerProvider({ sampler: new AlwaysOnSampler() }) });

/** Hooks that throw, that reject, and that never settle. */
class Broken extends BlankExtension {
  override preInvocation({ inputs, invocationContext }: PreInvocationContext): any {
    if (invocationContext.functionName === 'Hang') {
      return new Promise(() => {});
    }
    const number = Number((inputs[0] as any).query.get('number'));
    if (number % 100 === 1) {
      throw new Error('broken before');
    }
    return number % 100 === 2 ? Promise.reject(new Error('rejected before')) : undefined;
  }
  override postInvocation(_context: PostInvocationContext): any {
    return Math.random() < 0.02 ? Promise.reject(new Error('rejected after')) : undefined;
  }
}
Broken.register();

const contexts: WeakRef<InvocationContext>[] = [];
app.hook.preInvocation(({ invocationContext }) => void contexts.push(new WeakRef(invocationContext)));
(globalThis as any).contexts = contexts;
`;

const FUNCTIONS = `import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { app } from '@azure/functions';
import { BlankExtension } from 'azfunc-extension-blank';
import { TracingExtension } from 'azfunc-extension-tracing';

app.http('Work', {
  handler: async ({ query }, context) => {
    const number = Number(query.get('number'));
    await sleep(Math.random() * 10);
    switch (query.get('kind')) {
      case 'fails':
        throw new Error('secret ' + number);
      case 'refuses':
        throw Object.assign(new Error('not ' + number), { status: 409, expose: true });
      case 'json':
        return { jsonBody: { number, traced: TracingExtension.span(context)?.isRecording() } };
      case 'empty':
        return { status: 204 };
      default:
        return { body: number + ' ' + (BlankExtension.data(context)?.startedAt instanceof Date) };
    }
  },
});
app.http('Hang', { handler: () => ({ body: 'never' }) });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
app.http('Memory', {
  handler: async () => {
    for (let count = 0; count < 3; count += 1) {
      await sleep(100);
      collect();
    }
    const contexts = (globalThis as any).contexts as WeakRef<object>[];
    const alive = contexts.filter((one) => one.deref()).length;
    contexts.length = 0;
    return { jsonBody: { alive, heap: process.memoryUsage().heapUsed } };
  },
});
`;

const KINDS = ['text', 'fails', 'json', 'refuses', 'empty'] as const;

/** Numbers from 0 up to 1, the same ones for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('five extensions, one of them in two copies, under load', function () {
  this.timeout(300_000);
  let host: RunningHost;

  before(async () => {
    const folder = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
    const app = join(folder, 'function-app');
    const manifest = readJson(app, 'package.json');
    for (const [template, scope] of OTHERS) {
      const options = ['--name', template, '--template', template, '--scope', scope];
      await scaffold([':extension', template, ...options, '--yes', '--no-git'], folder);
      manifest.dependencies[`azfunc-extension-${template}`] = '*';
    }

    await npm(['install', '--no-audit', '--no-fund'], folder);
    const next = newFolder('next');
    cpSync(join(folder, 'extension'), next, { recursive: true });
    const { scripts: _, ...fields } = readJson(next, 'package.json');
    writeJson(join(next, 'package.json'), { ...fields, version: '2.0.0' });
    manifest.dependencies['timer-next'] = `file:${(await pack(next, next)).file}`;
    writeJson(join(app, 'package.json'), manifest);
    for (const path of ['test', 'src/functions/HttpTrigger.ts']) {
      rmSync(join(app, path), { recursive: true });
    }
    writeFileSync(join(app, 'src/index.ts'), INDEX);
    writeFileSync(join(app, 'src/functions/functions.ts'), FUNCTIONS);
    await npm(['install', '--no-audit', '--no-fund'], folder);
    await npm(['run', 'build', '--workspaces'], folder);
    host = await startHost(app);
  });
  after(() => host?.stop());

  async function memory(): Promise<{ alive: number; heap: number }> {
    const response = await fetch(`${host.url}/api/Memory`);
    return (await response.json()) as { alive: number; heap: number };
  }

  /** Sends a request, and checks every part of the answer. */
  async function work(number: number, kind: (typeof KINDS)[number], isAllowed: boolean) {
    const response = await fetch(`${host.url}/api/Work?number=${number}&kind=${kind}`, {
      headers: { 'x-key': isAllowed ? 'right' : 'wrong' },
    });
    const body = await response.text();
    const is = (status: number, pattern: RegExp) => {
      const what = `${kind} ${number}, allowed: ${isAllowed}`;
      assert.equal(response.status, status, what);
      assert.match(body, pattern, what);
      assert.match(response.headers.get('server-timing') ?? '', /^total;dur=[\d.]+$/, what);
    };
    const problem = (status: number, members: string) =>
      is(
        status,
        new RegExp(
          `^\\{"type":"about:blank","title":"[A-Za-z ]+","status":${status}${members}\\}$`,
        ),
      );
    if (!isAllowed) {
      return problem(403, '');
    }
    switch (kind) {
      case 'fails':
        return problem(500, ',"correlationId":"[-0-9a-f]{36}"');
      case 'refuses':
        return problem(409, `,"detail":"not ${number}","correlationId":"[-0-9a-f]{36}"`);
      case 'json':
        return is(200, new RegExp(`^\\{"number":${number},"traced":true\\}$`));
      case 'empty':
        return is(204, /^$/);
      case 'text':
        return is(200, new RegExp(`^${number} true \\(TimeElapsed: \\d\\.\\d{4} sec\\)$`));
    }
  }

  it(`answers ${REQUESTS} requests right, ${AT_ONCE} at once, and keeps nothing of them`, async () => {
    const random = randomFrom(5);
    const requests = Array.from({ length: REQUESTS }, (_, number) => {
      const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'text';
      return [number, kind, random() > 0.1] as const;
    });
    const send = async (queue: typeof requests) => {
      const worker = async () => {
        for (let next = queue.pop(); next; next = queue.pop()) {
          await work(...next);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    };
    await send(requests.slice(0, 2000));
    const early = await memory();
    await send(requests.slice(2000));
    const late = await memory();
    console.table({ early, late });
    // That of the function that counts them is there, and what the last turn of the loop holds.
    assert.ok(late.alive < AT_ONCE / 10, `${late.alive} contexts are still there`);
    // A kilobyte of each of the 8,000 invocations in between would be more.
    assert.ok(late.heap < early.heap + 5e6, `${early.heap} bytes became ${late.heap}`);
    for (const failure of ['before', 'rejected before', 'rejected after']) {
      await host.printed(
        new RegExp(
          `Broken\\.(pre|post)Invocation failed and was skipped: Error: (broken )?${failure}`,
        ),
      );
    }
    assert.doesNotMatch(host.output(), /uncaught|unhandled/i);
  });

  it('lets a hook that never settles hold up its own invocation only', async () => {
    let state = 'waiting';
    const hanging = fetch(`${host.url}/api/Hang`).then(
      () => (state = 'answered'),
      () => (state = 'broken off'),
    );
    await host.printed(/Executing Hang/);
    for (let number = 0; number < AT_ONCE; number += 1) {
      await work(number, 'text', true);
    }
    assert.equal(state, 'waiting');
    assert.equal(await host.stop(), 0);
    assert.match(host.output(), /Stopping while functions are still running: 1/);
    assert.equal(await hanging, 'broken off');
  });
});
