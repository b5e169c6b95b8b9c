import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hooks, invoke, run } from './worker';
import {
  app,
  type InvocationContext,
  type PostInvocationContext,
  type PreInvocationContext,
} from '@azure/functions';
import { FuncExtensionBase } from '../src/worker-extension/func-extension-base';
import type { FunctionTarget } from '../src/worker-extension/function-target';
import type { Instances, LogContext } from '../src/worker-extension/hooks';

const skip = 'log' in app.hook ? false : 'this version of @azure/functions has no log hooks';

const calls: string[] = [];
let live: FuncExtensionBase[] = [];

class Recorder extends FuncExtensionBase {
  static override init(): void {
    calls.push('init');
  }
  constructor(
    target: FunctionTarget,
    readonly name = 'recorder',
  ) {
    super(target);
    live.push(this);
  }
  override async appStart(): Promise<void> {
    await sleep(5);
    calls.push(`${this.name}: appStart`);
  }
  override async preInvocation(context: PreInvocationContext): Promise<void> {
    await sleep(5);
    calls.push(`${this.name}: before ${context.invocationContext.functionName}`);
  }
  override async postInvocation(context: PostInvocationContext): Promise<void> {
    await sleep(5);
    calls.push(`${this.name}: after ${context.error ?? context.result}`);
  }
  override appTerminate(): void {
    calls.push(`${this.name}: appTerminate`);
  }
}

async function actingOn(functionName: string, triggerType?: string): Promise<string[]> {
  calls.length = 0;
  await invoke({ functionName, triggerType, handler: () => 'ok' });
  return calls.filter((call) => call.includes('before')).map((call) => call.split(':')[0] ?? '');
}

describe('FuncExtensionBase', () => {
  afterEach(() => {
    live.forEach((instance) => instance.dispose());
    live = [];
    calls.length = 0;
    delete process.env.NODE_ENABLE_WORKER_EXTENSIONS;
  });

  it('runs init once, then the hooks around the functions that it is for', async () => {
    new Recorder('One');
    new Recorder('Two');
    await run('appStart');
    assert.equal(calls.length, 3);
    await invoke({ functionName: 'One', handler: () => calls.push('One') });
    await invoke({ functionName: 'Three', handler: () => 3 });
    await run('appTerminate');
    assert.deepEqual(calls, [
      'init',
      'recorder: appStart',
      'recorder: appStart',
      'recorder: before One',
      'One',
      'recorder: after 5',
      'recorder: appTerminate',
      'recorder: appTerminate',
    ]);
  });

  it('changes what its functions log, and nothing else', { skip }, async () => {
    class Shouting extends FuncExtensionBase {
      override log(context: LogContext): void {
        context.message = context.message.toUpperCase();
      }
    }
    live.push(new Shouting('One'));
    const handler = (_: unknown, context: InvocationContext) => context.log('hello');
    assert.deepEqual((await invoke({ functionName: 'One', handler })).logs, ['information: HELLO']);
    assert.deepEqual((await invoke({ functionName: 'Two', handler })).logs, ['information: hello']);
    const ofNoFunction = { message: 'hello' };
    hooks.log?.forEach((hook) => void hook(ofNoFunction));
    assert.equal(ofNoFunction.message, 'hello');
  });

  it('matches a name in any case', async () => {
    new Recorder('HttpTrigger');
    assert.deepEqual(await actingOn('httptrigger'), ['recorder']);
    assert.deepEqual(await actingOn('HTTPTRIGGER'), ['recorder']);
    assert.deepEqual(await actingOn('HttpTrigger2'), []);
  });

  it('matches a list of names', async () => {
    new Recorder(['One', 'Two']);
    assert.deepEqual(await actingOn('one'), ['recorder']);
    assert.deepEqual(await actingOn('Two'), ['recorder']);
    assert.deepEqual(await actingOn('Three'), []);
  });

  it('matches by a predicate, which is asked once for an invocation', async () => {
    const predicate = mock.fn(({ functionName }: { functionName: string }) =>
      functionName.startsWith('Http'),
    );
    new Recorder(predicate);
    assert.deepEqual(await actingOn('HttpTrigger'), ['recorder']);
    assert.equal(predicate.mock.callCount(), 1);
    assert.deepEqual(await actingOn('Nightly'), []);
  });

  it('matches the type of the trigger, in any case', async () => {
    new Recorder({ trigger: 'httpTrigger' });
    assert.deepEqual(await actingOn('One', 'httpTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('Two', 'HttpTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('One', 'queueTrigger'), []);
  });

  it('matches a list of types, without what is left out', async () => {
    new Recorder({
      trigger: ['queueTrigger', 'myOwnTrigger'],
      except: ['Audit', ({ functionName }) => functionName.startsWith('Test')],
    });
    assert.deepEqual(await actingOn('One', 'queueTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('One', 'myOwnTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('One', 'httpTrigger'), []);
    assert.deepEqual(await actingOn('audit', 'queueTrigger'), []);
    assert.deepEqual(await actingOn('TestOne', 'queueTrigger'), []);
  });

  it('matches all functions but those that are left out', async () => {
    new Recorder({ except: { trigger: 'timerTrigger' } });
    assert.deepEqual(await actingOn('One', 'queueTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('One', 'timerTrigger'), []);
  });

  it('matches what one of a list matches, whatever it is made of', async () => {
    new Recorder([
      'One',
      { trigger: 'timerTrigger' },
      ({ functionName }) => functionName === 'Two',
    ]);
    assert.deepEqual(await actingOn('One'), ['recorder']);
    assert.deepEqual(await actingOn('Two'), ['recorder']);
    assert.deepEqual(await actingOn('Three', 'timerTrigger'), ['recorder']);
    assert.deepEqual(await actingOn('Three'), []);
  });

  it('lets only the instance act that was created last', async () => {
    new Recorder(() => true, 'all');
    new Recorder(['One', 'Two'], 'two');
    new Recorder('one', 'one');
    assert.deepEqual(await actingOn('One'), ['one']);
    assert.deepEqual(await actingOn('Two'), ['two']);
    assert.deepEqual(await actingOn('Three'), ['all']);
    live.at(-1)?.dispose();
    assert.deepEqual(await actingOn('One'), ['two']);
    new Recorder({ trigger: 'httpTrigger' }, 'http');
    assert.deepEqual(await actingOn('One'), ['http']);
    assert.deepEqual(await actingOn('One', 'timerTrigger'), ['two']);
    new Recorder(() => true, 'new');
    assert.deepEqual(await actingOn('One'), ['new']);
    new Recorder(() => true, 'newest');
    assert.deepEqual(await actingOn('One'), ['newest']);
  });

  it('sees the error of a function that fails, and lets it pass', async () => {
    new Recorder('HttpTrigger');
    const { error } = await invoke({ handler: () => Promise.reject(new Error('no luck')) });
    assert.match(String(error), /no luck/);
    assert.equal(calls.at(-1), 'recorder: after Error: no luck');
  });

  for (const [value, works] of [
    ['0', false],
    ['false', false],
    ['OFF', false],
    [' no ', false],
    ['1', true],
    ['true', true],
    ['', true],
  ] as const) {
    it(`${works ? 'works' : 'does nothing'} while NODE_ENABLE_WORKER_EXTENSIONS is "${value}"`, async () => {
      process.env.NODE_ENABLE_WORKER_EXTENSIONS = value;
      // A class reads it once: hence one of our own.
      class Switched extends Recorder {}
      new Switched('HttpTrigger');
      assert.deepEqual(await actingOn('HttpTrigger'), works ? ['recorder'] : []);
    });
  }

  it('logs the errors of its hooks, thrown or rejected, and spares the function', async () => {
    class Broken extends FuncExtensionBase {
      override preInvocation(): void {
        throw new Error('broken before');
      }
      override postInvocation(): Promise<void> {
        return Promise.reject(new Error('broken after'));
      }
    }
    class Rejecting extends FuncExtensionBase {
      override preInvocation(): Promise<void> {
        return Promise.reject(new Error('rejected before'));
      }
    }
    live.push(new Broken('HttpTrigger'), new Rejecting('HttpTrigger'));
    const { result, error, logs } = await invoke({ handler: () => 'ok' });
    assert.equal(result, 'ok');
    assert.equal(error, null);
    assert.match(logs.join('\n'), /error: Broken\.preInvocation failed.*broken before/);
    assert.match(logs.join('\n'), /error: Rejecting\.preInvocation failed.*rejected before/);
    assert.match(logs.join('\n'), /error: Broken\.postInvocation failed.*broken after/);
  });

  it('logs the error of a predicate, and spares the function', async () => {
    new Recorder(() => {
      throw new Error('broken predicate');
    });
    const { result, logs } = await invoke({ handler: () => 'ok' });
    assert.equal(result, 'ok');
    assert.match(logs.join('\n'), /broken predicate/);
  });

  it('refuses the invocation where a predicate fails, if it is to fail closed', async () => {
    class Closed extends Recorder {
      static override readonly failClosed = true;
    }
    new Closed('HttpTrigger', 'strict');
    new Closed(() => {
      throw new Error('broken predicate');
    }, 'lax');
    await assert.rejects(
      invoke({ handler: () => 'ok' }),
      /Closed failed, so the invocation is refused/,
    );
  });

  it('takes what a predicate returns for true or false, and no promise', async () => {
    new Recorder(({ functionName }) => /^One/.exec(functionName) as never);
    assert.deepEqual(await actingOn('One'), ['recorder']);
    assert.deepEqual(await actingOn('Two'), []);
    new Recorder((() => Promise.resolve(true)) as never, 'promise');
    const { logs } = await invoke({ functionName: 'Three', handler: () => 'ok' });
    assert.match(logs.join(), /A predicate of Recorder failed.*has to answer at once/);
    assert.deepEqual(await actingOn('One'), ['recorder']);
  });

  for (const target of ['', ' ', [], [[]], ['One', ''], { trigger: [] }] as FunctionTarget[]) {
    it(`refuses the target ${JSON.stringify(target)}, which is for no function`, () => {
      assert.throws(() => new Recorder(target), /is for no function: its target is empty/);
    });
  }

  it('says in the end which names have matched nothing', async () => {
    class Misspelt extends FuncExtensionBase {
      override preInvocation(): void {}
    }
    live.push(new Misspelt(['HttpTrigger', 'HtpTrigger']));
    await invoke({ handler: () => 'ok' });
    const warn = mock.method(console, 'warn', () => {});
    await run('appTerminate');
    warn.mock.restore();
    assert.deepEqual(
      warn.mock.calls.map(({ arguments: [line] }) => line),
      ['Misspelt has matched no invocation of: HtpTrigger.'],
    );
  });

  it('tells a host what its targets name', () => {
    class Named extends FuncExtensionBase {
      override preInvocation(): void {}
    }
    const key = Symbol.for('azfunc-worker-extension.observer');
    const observer = mock.fn((_: unknown, instances: Instances) => instances);
    Object.assign(globalThis, { [key]: observer });
    live.push(
      new Named(['HttpTrigger', (context) => context.functionName === 'Other']),
      new Named({
        trigger: ['queueTrigger', 'blobTrigger'],
        except: ['Health', { except: 'Deep' }],
      }),
    );
    Object.assign(globalThis, { [key]: undefined });
    assert.deepEqual(observer.mock.calls[0]?.arguments[1].named?.(), {
      functions: ['HttpTrigger', 'Health', 'Deep'],
      triggers: [['queueTrigger', 'blobTrigger']],
    });
  });

  it('fails the invocation with its own error, if it is to fail closed', async () => {
    class Closed extends FuncExtensionBase {
      static override readonly failClosed = true;
      override preInvocation(): Promise<void> {
        return Promise.reject(new Error('broken guard'));
      }
    }
    live.push(new Closed('HttpTrigger'));
    await assert.rejects(
      invoke({ handler: () => 'ok' }),
      /Closed failed, so the invocation is refused/,
    );
  });

  it('stays off if init fails', async () => {
    class Broken extends FuncExtensionBase {
      static override init(): void {
        throw new Error('broken init');
      }
      override preInvocation(): void {
        calls.push('never');
      }
    }
    const error = mock.method(console, 'error', () => {});
    live.push(new Broken('HttpTrigger'));
    error.mock.restore();
    assert.match(String(error.mock.calls[0]?.arguments[0]), /Broken\.init failed/);
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls, []);
  });
});
