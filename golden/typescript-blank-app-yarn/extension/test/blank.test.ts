import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { switchOn } from './switch-on';
import { invoke, run } from './worker';
import { BlankExtension } from '../src/blank';

describe('BlankExtension', () => {
  beforeEach(() => switchOn(BlankExtension));

  it('logs before and after an invocation', async () => {
    const { result, logs } = await invoke({ handler: () => 'done' });
    assert.equal(result, 'done');
    assert.deepEqual(logs, [
      'information: BlankExtension: before HttpTrigger',
      'information: BlankExtension: after HttpTrigger',
    ]);
  });

  it('logs after a function that fails, and lets its error pass', async () => {
    const failure = new Error('no luck');
    const { error, logs } = await invoke({ handler: () => Promise.reject(failure) });
    assert.equal(error, failure);
    assert.equal(logs.length, 2);
  });

  it('hands the start of the invocation to the function', async () => {
    const before = Date.now();
    const { result } = await invoke({ handler: (_, context) => BlankExtension.data(context) });
    const { startedAt } = result as { startedAt: Date };
    assert.ok(startedAt.getTime() >= before && startedAt.getTime() <= Date.now());
  });

  it('logs nothing if the option says so', async () => {
    switchOn(BlankExtension, { log: false });
    assert.deepEqual((await invoke({ handler: () => 'done' })).logs, []);
  });

  it('lets the app start and stop', async () => {
    await run('appStart');
    await run('appTerminate');
  });
});
