import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { appWithHost } from '../support/app-with-host.js';
import { read, root } from '../../../tools/support/files.js';
import type { LocalHost as LocalHostType } from '../../src/local-host.js';
import { builtHost } from '../../../tools/support/local-host.js';

const { LocalHost } = createRequire(import.meta.url)(builtHost) as {
  LocalHost: typeof LocalHostType;
};

const APP = `const { app, input, output } = require('@azure/functions');
const blob = input.storageBlob({ path: 'samples/{queueTrigger}', connection: 'c' });
const queue = output.storageQueue({ queueName: 'out', connection: 'c' });
const handler = async (given, context) => {
  const shown = Buffer.isBuffer(given) ? { buffer: given.toString() }
    : typeof given?.text === 'function' ? { method: given.method, body: await given.text() } : given;
  console.log('GOT ' + JSON.stringify({ name: context.functionName, given: shown, metadata: context.triggerMetadata }));
};
app.timer('timer', { schedule: '0 0 0 * * *', handler });
app.storageQueue('queue', { queueName: 'q', connection: 'c', handler });
app.serviceBusQueue('ServiceBus', { queueName: 'q', connection: 'c', handler });
app.serviceBusQueue('ServiceBus-many', { queueName: 'q', connection: 'c', cardinality: 'many', handler });
app.eventHub('EventHubs', { eventHubName: 'e', connection: 'c', cardinality: 'one', handler });
app.eventHub('EventHubs-many', { eventHubName: 'e', connection: 'c', cardinality: 'many', handler });
app.storageBlob('blob', { path: 'samples/{name}.txt', connection: 'c', handler });
app.eventGrid('EventGrid', { handler });
app.cosmosDB('CosmosDB', { databaseName: 'd', containerName: 'c', connection: 'c', handler });
app.sql('SQL', { tableName: 't', connectionStringSetting: 'c', handler });
app.warmup('warmup', { handler });
app.http('HTTP', { route: 'http/{id?}', handler: async (request, context) => {
  await handler(request, context);
  return { status: 201, jsonBody: { id: request.params.id, q: request.query.get('q'), h: request.headers.get('x-h'), path: new URL(request.url).pathname } };
} });
app.generic('other', { trigger: { type: 'someTrigger' }, handler });
app.storageQueue('Binary', { queueName: 'q', connection: 'c', dataType: 'binary', handler });
app.storageQueue('Copies', { queueName: 'q', connection: 'c', extraInputs: [blob], extraOutputs: [queue],
  return: output.serviceBusQueue({ queueName: 'r', connection: 'c' }),
  handler: (message, context) => {
    context.log('copying ' + message);
    context.extraOutputs.set(queue, { copied: message });
    return 'from blob: ' + context.extraInputs.get(blob);
  } });
app.storageQueue('Fails', { queueName: 'q', connection: 'c', handler: () => { throw new Error('no way'); } });
`;

/** The rows of the page on functions by hand: trigger, body, what the function gets, metadata. */
const rows = [
  ...read(root, 'local-host/README.md').matchAll(
    /^\| (.+?) +\| `(\{.*?\})` +\| (.+?) +\| (.*?) *\|$/gm,
  ),
].map(([, trigger = '', body = '', given = '', metadata = '']) => ({
  trigger,
  body,
  given,
  metadata,
}));

/** What is written in words in the readme. */
const IN_WORDS: Record<string, unknown> = {
  'a Buffer with `Hello`': { buffer: 'Hello' },
  'an empty object': {},
  'a POST with the body `a body`': { method: 'POST', body: 'a body' },
};

describe('local host: functions by hand', function () {
  this.timeout(60_000);
  let app: string;
  let host: LocalHostType;

  before(async () => {
    app = await appWithHost(
      { 'package.json': '{"main":"index.js"}', 'host.json': '{"version":"2.0"}', 'index.js': APP },
      '',
    );
    host = await LocalHost.start({ root: app, port: 0 });
  });
  after(() => host.stop());

  it('has a row for each trigger', () => {
    assert.ok(rows.length >= 14, String(rows.length));
  });

  for (const [index, { trigger, body, given, metadata }] of rows.entries()) {
    it(`${trigger}: ${body}`, async () => {
      const name =
        trigger === 'any other' ? 'other' : trigger.replace(', ', '-').replaceAll(' ', '');
      const response = await host.fetch(`/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      assert.equal(response.status, 202, await response.text());
      const earlier = rows.slice(0, index).filter((one) => one.trigger === trigger).length;
      const pattern = new RegExp(`^GOT \\{"name":"${name}",.*$`, 'gm');
      const printed = await host.printed(
        new RegExp(`(GOT \\{"name":"${name}",[^]*){${earlier + 1}}\\n`),
      );
      const line = printed.match(pattern)?.[earlier] ?? '';
      const got = JSON.parse(line.slice(4)) as {
        given: unknown;
        metadata?: Record<string, unknown>;
      };
      if (given.startsWith('a timer')) {
        assert.equal((got.given as { isPastDue: boolean }).isPastDue, false);
      } else {
        assert.deepEqual(
          got.given,
          given in IN_WORDS ? IN_WORDS[given] : JSON.parse(given.slice(1, -1)),
        );
      }
      for (const [, key = ''] of metadata.matchAll(/`(\w+)`/g)) {
        assert.notEqual(got.metadata?.[key], undefined, `${key} in ${line}`);
      }
      if (body.includes('"messageId": "1"')) {
        assert.equal(got.metadata?.['messageId'], 1, 'as the worker reads it: JSON, where it is');
      }
    });
  }

  it('returns result, outputs and log of a run, with inputs that were supplied', async () => {
    const run = await host.run('copies', { input: 'hello', inputs: { blob: 'the content' } });
    assert.equal(run.result, 'from blob: the content');
    assert.equal(run.error, undefined);
    assert.deepEqual(
      run.outputs.map(({ type, value }) => ({ type, value })),
      [
        { type: 'queue', value: { copied: 'hello' } },
        { type: 'serviceBus', value: 'from blob: the content' },
      ],
    );
    assert.deepEqual(run.log, [{ level: 'information', message: 'copying hello' }]);
  });

  it('says once that an input is not supplied, and logs outputs', async () => {
    for (let time = 0; time < 2; time += 1) {
      assert.equal((await host.run('Copies', { input: 'x' })).result, 'from blob: undefined');
    }
    const printed = await host.printed(/Copies, blob: This input is undefined here/);
    assert.equal(printed.match(/Copies, blob: This input/g)?.length, 1);
  });

  it('returns why a function has failed', async () => {
    const { error, result } = await host.run('Fails', { input: 'x' });
    assert.equal(error, 'no way');
    assert.equal(result, undefined);
  });

  it('takes bytes, lists and metadata of any type', async () => {
    const given = async (name: string, trial: Parameters<LocalHostType['run']>[1]) => {
      await host.run(name, trial);
      const printed = await host.printed(/GOT/);
      const lines = printed.match(new RegExp(`^GOT \\{"name":"${name}",.*$`, 'gm')) ?? [];
      return JSON.parse(lines.at(-1)?.slice(4) ?? '') as {
        given: unknown;
        metadata: Record<string, unknown>;
      };
    };
    assert.deepEqual((await given('Binary', { input: 'bytes' })).given, { buffer: 'bytes' });
    assert.deepEqual((await given('blob', { input: Buffer.from('raw') })).given, { buffer: 'raw' });
    const many = await given('ServiceBus-many', { input: [{ a: 1 }, 'b'] });
    assert.deepEqual(many.given, [{ a: 1 }, 'b']);
    const { metadata } = await given('queue', {
      input: { a: 1 },
      triggerMetadata: { dequeueCount: 5, own: { x: true } },
    });
    assert.equal(metadata['dequeueCount'], 5);
    assert.deepEqual(metadata['own'], { x: true });
    assert.deepEqual(metadata['queueTrigger'], { a: 1 });
  });

  it('runs HTTP functions with a request', async () => {
    const { result } = await host.run('HTTP', {
      request: { method: 'GET', query: { q: '1' }, params: { id: '7' }, headers: { 'X-H': 'h' } },
    });
    const { status, body } = result as { status: number; body: string };
    assert.equal(status, 201);
    assert.deepEqual(JSON.parse(body), { id: '7', q: '1', h: 'h', path: '/api/http/7' });
  });

  for (const [what, name, trial, message] of [
    ['a function that is not there', 'None', {}, /^There is no function None\. There is: /],
    ['an input that is not there', 'queue', { inputs: { blob: 1 } }, /^queue has no input "blob"/],
    [
      'a path that is not one of the function',
      'blob',
      { input: 'other/x' },
      /^The path "other\/x" is not one for samples/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(host.run(name, trial), { message });
    });
  }

  it('says what was not printed in time', async () => {
    await assert.rejects(host.printed(/never/, 20), {
      message: 'The app has printed nothing like /never/ in time.',
    });
  });

  it('gives an app settings of a test', async () => {
    const other = await LocalHost.start({
      root: app,
      port: 0,
      env: { 'AzureWebJobs.timer.Disabled': '1' },
      strict: true,
    });
    assert.equal(other.functions.find(({ name }) => name === 'timer')?.call, 'disabled');
    assert.equal(await (await other.fetch('/api/none')).text(), '');
    await other.stop();
  });

  it('is the file that apps get', () => {
    assert.equal(read(join(app, 'local-host.cjs')), read(builtHost));
  });
});
