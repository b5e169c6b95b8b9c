import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hooks, invoke, run } from './worker';
import { app, type PostInvocationContext, type PreInvocationContext } from '@azure/functions';
import { AppExtensionBase } from '../src/worker-extension/app-extension-base';
import type { LogContext } from '../src/worker-extension/hooks';

const skip = 'log' in app.hook ? false : 'this version of @azure/functions has no log hooks';

const calls: string[] = [];

class Recorder extends AppExtensionBase {
  static override init(): void {
    calls.push('init');
  }
  override async appStart(): Promise<void> {
    await sleep(5);
    calls.push('appStart');
  }
  override async preInvocation(context: PreInvocationContext): Promise<void> {
    await sleep(5);
    calls.push(`before ${context.invocationContext.functionName}`);
  }
  override async postInvocation(context: PostInvocationContext): Promise<void> {
    await sleep(5);
    calls.push(
      `after ${context.invocationContext.functionName}: ${context.error ?? context.result}`,
    );
  }
  override appTerminate(): void {
    calls.push('appTerminate');
  }
}

describe('AppExtensionBase', () => {
  afterEach(() => {
    Recorder.dispose();
    calls.length = 0;
    delete process.env.NODE_ENABLE_WORKER_EXTENSIONS;
  });

  it('runs init once, then the hooks of the app and of every function', async () => {
    Recorder.register();
    await run('appStart');
    await invoke({ functionName: 'One', handler: () => calls.push('One') });
    await invoke({ functionName: 'Two', triggerType: 'queueTrigger', handler: () => 2 });
    await run('appTerminate');
    assert.deepEqual(calls, [
      'init',
      'appStart',
      'before One',
      'One',
      'after One: 4',
      'before Two',
      'after Two: 2',
      'appTerminate',
    ]);
  });

  it('registers once, however often it is asked to', async () => {
    class Own extends Recorder {}
    Own.register();
    Own.register();
    await invoke({ handler: () => 'ok' });
    Own.dispose();
    assert.deepEqual(calls, ['init', 'before HttpTrigger', 'after HttpTrigger: ok']);
  });

  it('sees the error of a function that fails, and lets it pass', async () => {
    Recorder.register();
    const { error } = await invoke({ handler: () => Promise.reject(new Error('no luck')) });
    assert.match(String(error), /no luck/);
    assert.equal(calls.at(-1), 'after HttpTrigger: Error: no luck');
  });

  it('is off after dispose, and can be registered again', async () => {
    class Own extends Recorder {}
    Own.register();
    Own.dispose();
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls, ['init']);
    Own.register();
    await invoke({ handler: () => 'ok' });
    Own.dispose();
    assert.equal(calls.length, 3);
  });

  it('takes no hook of another extension along when it is disposed in the middle of an invocation', async () => {
    class First extends AppExtensionBase {
      override preInvocation(): void {
        First.dispose();
      }
    }
    First.register();
    Recorder.register();
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls.slice(-2), ['before HttpTrigger', 'after HttpTrigger: ok']);
  });

  it('registers no hook that is not implemented, since each costs every invocation', () => {
    class Before extends AppExtensionBase {
      override preInvocation(): void {}
    }
    const count = () => Object.values(hooks).reduce((sum, { length }) => sum + length, 0);
    const others = count();
    Before.register();
    Before.register();
    assert.equal(count(), others + 1);
    Before.dispose();
  });

  for (const off of ['0', 'false', 'OFF', ' no ']) {
    it(`does nothing while NODE_ENABLE_WORKER_EXTENSIONS is "${off}", and says so`, async () => {
      process.env.NODE_ENABLE_WORKER_EXTENSIONS = off;
      class Switched extends Recorder {}
      const info = mock.method(console, 'info', () => {});
      Switched.register();
      info.mock.restore();
      assert.match(String(info.mock.calls[0]?.arguments[0]), /^Switched is off: NODE_ENABLE/);
      await run('appStart');
      assert.equal((await invoke({ handler: () => 'ok' })).result, 'ok');
      assert.deepEqual(calls, []);
    });
  }

  for (const on of ['1', 'true', '']) {
    it(`works while NODE_ENABLE_WORKER_EXTENSIONS is "${on}"`, async () => {
      process.env.NODE_ENABLE_WORKER_EXTENSIONS = on;
      class Switched extends Recorder {}
      Switched.register();
      await invoke({ handler: () => 'ok' });
      Switched.dispose();
      assert.equal(calls.length, 3);
    });
  }

  it('changes what is logged, but not what it logs itself', { skip }, async () => {
    class Shouting extends AppExtensionBase {
      override log(context: LogContext): void {
        context.message = context.message.toUpperCase();
        context.invocationContext?.log('shouted');
      }
    }
    Shouting.register();
    const { logs } = await invoke({ handler: (_, context) => context.log('hello') });
    Shouting.dispose();
    assert.deepEqual(logs, ['information: shouted', 'information: HELLO']);
  });

  it('logs the errors of its log hook, thrown or rejected, and goes on', { skip }, async () => {
    const reasons = ['thrown', 'rejected'];
    class Unlucky extends AppExtensionBase {
      override log(): void {
        const reason = reasons.shift();
        if (reason === 'thrown') {
          throw new Error(reason);
        }
        return Promise.reject(new Error(reason)) as unknown as undefined;
      }
    }
    Unlucky.register();
    const error = mock.method(console, 'error', () => {});
    const { logs } = await invoke({
      handler: async (_, context) => {
        context.log('one');
        context.warn('two');
        await sleep(1);
      },
    });
    error.mock.restore();
    Unlucky.dispose();
    assert.deepEqual(logs, ['information: one', 'warning: two']);
    assert.deepEqual(
      error.mock.calls.map(({ arguments: [message, cause] }) => [message, String(cause)]),
      [
        ['Unlucky.log failed and was skipped:', 'Error: thrown'],
        ['Unlucky.log failed and was skipped:', 'Error: rejected'],
      ],
    );
  });

  it('warns where the Functions host has no log hooks, and does without', async () => {
    class Logging extends Recorder {
      override log(): void {}
    }
    const { log = [] } = hooks;
    delete hooks.log;
    const warn = mock.method(console, 'warn', () => {});
    Logging.register();
    hooks.log = log;
    warn.mock.restore();
    assert.match(String(warn.mock.calls[0]?.arguments[0]), /^Logging\.log does not run/);
    await invoke({ handler: () => 'ok' });
    Logging.dispose();
    assert.deepEqual(calls, ['init', 'before HttpTrigger', 'after HttpTrigger: ok']);
  });

  it('logs the errors of its hooks, thrown or rejected, and spares the function', async () => {
    class Broken extends AppExtensionBase {
      override preInvocation(): void {
        throw new Error('broken before');
      }
      override postInvocation(): Promise<void> {
        return Promise.reject(new Error('broken after'));
      }
    }
    class Rejecting extends AppExtensionBase {
      override preInvocation(): Promise<void> {
        return Promise.reject(new Error('rejected before'));
      }
    }
    Rejecting.register();
    Broken.register();
    const { result, error, logs } = await invoke({ handler: () => 'ok' });
    Broken.dispose();
    Rejecting.dispose();
    assert.equal(result, 'ok');
    assert.equal(error, null);
    assert.match(logs.join('\n'), /error: Broken\.preInvocation failed.*broken before/);
    assert.match(logs.join('\n'), /error: Rejecting\.preInvocation failed.*rejected before/);
    assert.match(logs.join('\n'), /error: Broken\.postInvocation failed.*broken after/);
  });

  it('hands its options to the hooks, and the last ones count', async () => {
    class Optional extends AppExtensionBase<{ text?: string }> {
      override preInvocation(): void {
        calls.push(this.options.text ?? 'none');
      }
    }
    Optional.register();
    await invoke({ handler: () => 'ok' });
    Optional.configure({ text: 'first' });
    Optional.configure({ text: 'last' });
    await invoke({ handler: () => 'ok' });
    Optional.configure();
    await invoke({ handler: () => 'ok' });
    Optional.dispose();
    assert.deepEqual(calls, ['none', 'last', 'none']);
  });

  it('fails the invocation with its own error, if it is to fail closed', async () => {
    class Closed extends AppExtensionBase {
      static override readonly failClosed = true;
      override preInvocation(): void {
        throw new Error('broken guard');
      }
    }
    Closed.register();
    await assert.rejects(
      invoke({ handler: () => 'ok' }),
      /Closed failed, so the invocation is refused/,
    );
    Closed.dispose();
  });

  it('stays off if init fails', async () => {
    class Broken extends AppExtensionBase {
      static override init(): void {
        throw new Error('broken init');
      }
      override preInvocation(): void {
        calls.push('never');
      }
    }
    const error = mock.method(console, 'error', () => {});
    Broken.register();
    error.mock.restore();
    assert.match(String(error.mock.calls[0]?.arguments[0]), /Broken\.init failed/);
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls, []);
  });

  it('waits for an init that takes its time, and stays off if that fails', async () => {
    class Late extends Recorder {
      static override async init(): Promise<void> {
        await sleep(5);
        throw new Error('late failure');
      }
    }
    class LateGuard extends Late {
      static override readonly failClosed = true;
    }
    const error = mock.method(console, 'error', () => {});
    Late.register();
    await run('appStart');
    error.mock.restore();
    assert.match(String(error.mock.calls[0]?.arguments[0]), /Late\.init failed/);
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls, []);
    const others = hooks.appStart?.splice(0);
    LateGuard.register();
    await assert.rejects(run('appStart'), /late failure/);
    hooks.appStart?.splice(0, Infinity, ...(others ?? []));
    LateGuard.dispose();
    Late.dispose();
  });

  it('acts once where its package is in the app twice, and says which one does', async () => {
    const acting = Symbol.for('azfunc-worker-extension.acting');
    Object.assign(globalThis, { [acting]: new Map([['twice Copy', '/elsewhere']]) });
    class Copy extends Recorder {
      static override readonly packageName = 'twice';
    }
    const warn = mock.method(console, 'warn', () => {});
    Copy.register();
    warn.mock.restore();
    assert.match(
      String(warn.mock.calls[0]?.arguments[0]),
      /twice is in this app twice\. The one in \/elsewhere acts/,
    );
    await invoke({ handler: () => 'ok' });
    assert.deepEqual(calls, []);
  });
});
