import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from '../../tools/support/files.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm } from '../../tools/support/processes.js';

const TEMPLATES = ['timer', 'tracing', 'problem-details', 'guard'] as const;

/** What each import is followed by. */
const SETUP = {
  timer: 'TimerExtension.configure({ appendToHttpResponse: true, serverTiming: true });',
  tracing: 'TracingExtension.configure({ tracerProvider: provider });',
  'problem-details': 'ProblemDetailsExtension.configure({});',
  guard:
    "GuardExtension.configure({ authorize: (request) => request.headers.get('x-key') === 'right' });",
};

const FUNCTIONS = `const { app } = require('@azure/functions');
app.http('Works', { handler: () => ({ body: 'done' }) });
app.http('Fails', { handler: () => { throw Object.assign(new Error('no luck'), { status: 409, expose: true }); } });
app.http('Breaks', { handler: () => ({ body: (async function* () {
  yield Buffer.from('a');
  throw new Error('broken off');
})() }) });
app.http('Spans', { handler: () => ({ jsonBody: globalThis.spans }) });`;

const REQUESTS = [
  ['success', '/api/Works', 'right'],
  ['a thrown error', '/api/Fails', 'right'],
  ['a refused request', '/api/Works', 'wrong'],
  ['a streamed body that breaks', '/api/Breaks', 'right'],
] as const;

/** All orders of a list. */
function permutations<Item>(items: readonly Item[]): Item[][] {
  return items.length <= 1
    ? [[...items]]
    : items.flatMap((one, index) =>
        permutations(items.toSpliced(index, 1)).map((others) => [one, ...others]),
      );
}

function entryFor(order: readonly (typeof TEMPLATES)[number][]): string {
  const classOf = (template: string) =>
    `${template.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Extension`;
  return [
    "const { AlwaysOnSampler, InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');",
    'const exporter = new InMemorySpanExporter();',
    'const provider = new NodeTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [new SimpleSpanProcessor(exporter)] });',
    "Object.defineProperty(globalThis, 'spans', { get: () => exporter.getFinishedSpans().map(({ name, attributes, status, events }) => ({",
    "  name, status, code: attributes['http.response.status_code'], error: attributes['error.type'], events: events.map(({ name }) => name) })) });",
    ...order.map(
      (template) =>
        `const { ${classOf(template)} } = require('azfunc-extension-${template}');\n${SETUP[template]}`,
    ),
  ].join('\n');
}

/** Without what differs from one run to the next. */
function normal(text: string): string {
  return text
    .replace(/[\da-f]{8}-[\da-f-]{27}/g, '<id>')
    .replace(/\d+\.\d{4} sec/g, '<time> sec')
    .replace(/dur=[\d.]+/g, 'dur=<time>')
    .replace(/^\[[^\]]+\] /gm, '')
    .replace(/, \d+ ms,/g, ', <time> ms,')
    .replace(/^ +at .*\n/gm, '');
}

describe('extensions of several packages', function () {
  this.timeout(300_000);
  let app: string;

  before(async () => {
    const folder = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
    app = join(folder, 'function-app');
    const manifest = readJson(app, 'package.json');
    for (const template of TEMPLATES.slice(1)) {
      const options = ['--name', template, '--template', template];
      await scaffold([':extension', template, ...options, '--yes', '--no-git'], folder);
      manifest.dependencies[`azfunc-extension-${template}`] = '*';
    }
    manifest.dependencies['@opentelemetry/sdk-trace-node'] = '*';
    manifest.main = 'app/*.js';
    writeJson(join(app, 'package.json'), manifest);
    rmSync(join(app, 'src'), { recursive: true });
    mkdirSync(join(app, 'app'));
    writeFileSync(join(app, 'app/functions.js'), FUNCTIONS);
    await npm(['install', '--no-audit', '--no-fund'], folder);
    for (const template of ['timer', ...TEMPLATES.slice(1)]) {
      await npm(['run', 'build', '-w', `azfunc-extension-${template}`], folder);
    }
  });

  /** What there is to see of an app in which the extensions are imported in an order. */
  async function observed(order: readonly (typeof TEMPLATES)[number][]) {
    writeFileSync(join(app, 'app/a-extensions.js'), entryFor(order));
    const host = await startHost(app);
    try {
      const answers = [];
      for (const [what, path, key] of REQUESTS) {
        const response = await fetch(host.url + path, { headers: { 'x-key': key } });
        const headers = [...response.headers].filter(([name]) => name !== 'date');
        answers.push([what, response.status, headers.map(String), await response.text()]);
      }
      const spans = await (
        await fetch(`${host.url}/api/Spans`, { headers: { 'x-key': 'right' } })
      ).json();
      await host.stop();
      const [, log = ''] =
        /Press Ctrl\+C to stop\.\n([^]*?)[^\n]*Executing Spans/.exec(host.output()) ?? [];
      return {
        answers: normal(JSON.stringify(answers)),
        spans, // stdout and stderr are two pipes, so lines of the one may overtake those of the other.
        log: normal(log).split('\n').sort(),
      };
    } finally {
      await host.stop();
    }
  }

  it('do the same in whatever order they are imported', async () => {
    const [first, ...others] = permutations(TEMPLATES);
    const expected = await observed(first ?? []);
    const answers = JSON.parse(expected.answers) as [string, number, string[], string][];
    assert.deepEqual(
      answers.map(([, status]) => status),
      [200, 409, 403, 500],
    );
    assert.equal(answers[0]?.[3], 'done (TimeElapsed: <time> sec)');
    assert.ok(
      answers
        .slice(0, 3)
        .every(([, , headers]) => headers.some((one) => one.startsWith('server-timing'))),
    );
    assert.match(expected.log.join('\n'), /TimerExtension: Fails failed after <time> sec/);
    assert.match(expected.log.join('\n'), /TimerExtension: Breaks broke off after/);
    assert.deepEqual(
      (expected.spans as { code: number; events: string[] }[]).map(({ code, events }) => [
        code,
        events,
      ]),
      [
        [200, []],
        [409, ['exception']],
        [403, []],
        [200, ['exception']],
      ],
    );
    for (const order of others) {
      assert.deepEqual(await observed(order), expected, order.join(' > '));
    }
  });
});
