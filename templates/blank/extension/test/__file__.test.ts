import assert from 'node:assert/strict';
<% if (scope === 'app') { -%>
import { afterEach, describe, it } from 'node:test';
<% } else { -%>
import { after, before, describe, it } from 'node:test';
<% } -%>
import { invoke, run } from './worker';
import { <%- className %> } from '../src';

describe(<%- js(className) %>, () => {
<% if (scope === 'app') { -%>
  afterEach(() => <%- className %>.configure());
<% } else { -%>
  let extension: <%- className %>;
  before(() => {
    extension = new <%- className %>('HttpTrigger');
  });
  after(() => extension.dispose());
<% } -%>

  it('logs before and after an invocation', async () => {
    const { result, logs } = await invoke({ handler: () => 'done' });
    assert.equal(result, 'done');
    assert.deepEqual(logs, [
      'information: <%- className %>: before HttpTrigger',
      'information: <%- className %>: after HttpTrigger',
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
    const { result } = await invoke({ handler: (_, context) => <%- className %>.data(context) });
    const { startedAt } = result as { startedAt: Date };
    assert.ok(startedAt.getTime() >= before && startedAt.getTime() <= Date.now());
  });

<% if (scope === 'app') { -%>
  it('logs nothing if it is configured so', async () => {
    <%- className %>.configure({ log: false });
    assert.deepEqual((await invoke({ handler: () => 'done' })).logs, []);
  });
<% } else { -%>
  it('logs nothing if it is created so', async () => {
    const silent = new <%- className %>('HttpTrigger', { log: false });
    assert.deepEqual((await invoke({ handler: () => 'done' })).logs, []);
    silent.dispose();
  });

  it('acts on no other function', async () => {
    const { result, logs } = await invoke({
      functionName: 'Other',
      handler: (_, context) => <%- className %>.data(context),
    });
    assert.equal(result, undefined);
    assert.deepEqual(logs, []);
  });
<% } -%>

  it('lets the app start and stop', async () => {
    await run('appStart');
    await run('appTerminate');
  });
});
