import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../../tools/support/files.js';
import { newFolder } from '../../../tools/support/folders.js';
import { builtHost } from '../../../tools/support/local-host.js';
import { npm, run } from '../../../tools/support/processes.js';
import type { LocalHost as LocalHostType } from '../../src/local-host.js';

const { LocalHost } = createRequire(import.meta.url)(builtHost) as {
  LocalHost: typeof LocalHostType;
};

const HELLO = "app.http('Hello', { handler: () => ({ body: 'hello' }) });";
const CJS = `const { app } = require('@azure/functions');\n${HELLO}`;
const ESM = `import { app } from '@azure/functions';\n${HELLO}`;

/** Makes an app, with the dependencies of this package unless it has its own. */
function appOf(files: Record<string, string | object>, { installs = false } = {}): string {
  const app = newFolder('layout');
  const all = { 'host.json': { version: '2.0' }, ...files };
  for (const [path, contents] of Object.entries(all)) {
    const file = join(app, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents));
  }
  if (!installs) {
    symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'), 'junction');
  }
  return app;
}

/** Starts an app, and has it stopped again. */
async function started<Result>(
  app: string,
  task: (host: LocalHostType) => Promise<Result>,
): Promise<Result> {
  const host = await LocalHost.start({ root: app, port: 0 });
  try {
    return await task(host);
  } finally {
    await host.stop();
  }
}

async function greets(app: string): Promise<void> {
  await started(app, async (host) => {
    assert.equal(await (await host.fetch('/api/Hello')).text(), 'hello');
  });
}

describe('local host: apps as others lay them out', function () {
  this.timeout(240_000);

  for (const [what, files] of [
    ['one file', { 'package.json': { main: 'index.js' }, 'index.js': CJS }],
    [
      'a path that begins with a point',
      { 'package.json': { main: './src/app.js' }, 'src/app.js': CJS },
    ],
    ['a glob over folders', { 'package.json': { main: 'dist/**/*.js' }, 'dist/a/b/c.js': CJS }],
    ['a list of folders', { 'package.json': { main: '{a,b}/*.js' }, 'a/x.js': '', 'b/y.js': CJS }],
    ['ES modules', { 'package.json': { type: 'module', main: 'src/*.js' }, 'src/a.js': ESM }],
    ['one .mjs file', { 'package.json': { main: 'app.mjs' }, 'app.mjs': ESM }],
    [
      'a .cjs file among ES modules',
      { 'package.json': { type: 'module', main: 'app.cjs' }, 'app.cjs': CJS },
    ],
    [
      'functions that are registered after an await',
      {
        'package.json': { type: 'module', main: 'app.js' },
        'app.js': `import { app } from '@azure/functions';\nawait new Promise((resolve) => setTimeout(resolve, 50));\n${HELLO}`,
      },
    ],
    [
      'functions that are imported late',
      {
        'package.json': { main: 'app.js' },
        'app.js':
          "const { app } = require('@azure/functions'); app.hook.appStart(() => import('./late.mjs'));",
        'late.mjs': ESM,
      },
    ],
    [
      'files with a BOM',
      {
        'package.json': '\ufeff{"main":"app.js"}',
        'host.json': '\ufeff{"version":"2.0"}',
        'local.settings.json': '\ufeff{"IsEncrypted":false,"Values":{}}',
        'app.js': CJS,
      },
    ],
    [
      'a file with a blank and an accent',
      { 'package.json': { main: 'a b/é.js' }, 'a b/é.js': CJS },
    ],
  ] as const) {
    it(`runs ${what}`, () => greets(appOf(files)));
  }

  for (const [format, outfile, type] of [
    ['cjs', 'dist/app.js', 'commonjs'],
    ['cjs', 'dist/app.cjs', 'module'],
    ['esm', 'dist/app.mjs', 'commonjs'],
  ] as const) {
    it(`runs a bundle of esbuild, ${outfile}, in a package of type ${type}`, async () => {
      const app = appOf({ 'package.json': { type, main: outfile }, 'src/app.mjs': ESM });
      await build({
        entryPoints: [join(app, 'src/app.mjs')],
        outfile: join(app, outfile),
        bundle: true,
        minify: true,
        platform: 'node',
        format,
        external: ['@azure/functions-core'],
        ...(format === 'esm' && {
          banner: {
            js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
          },
        }),
      });
      await greets(app);
    });
  }

  it('runs a bundle of webpack', async () => {
    const app = appOf(
      {
        'package.json': {
          private: true,
          main: 'dist/main.js',
          dependencies: { '@azure/functions': '^4.0.0' },
        },
        'src/index.js': CJS,
        'webpack.config.js':
          "module.exports = { target: 'node', mode: 'production', externals: { '@azure/functions-core': 'commonjs2 @azure/functions-core' } };",
      },
      { installs: true },
    );
    await npm(['install', '--no-audit', '--no-fund', 'webpack', 'webpack-cli'], app);
    const { failed, all } = await run('npx', ['--no-install', 'webpack'], { cwd: app });
    assert.ok(!failed, all);
    await greets(app);
  });

  it('runs an app of a monorepo, whose packages are installed above it', async () => {
    const repo = appOf(
      {
        'package.json': { private: true, workspaces: ['packages/*'] },
        'packages/greeting/package.json': { name: 'greeting', version: '1.0.0', main: 'index.js' },
        'packages/greeting/index.js': "module.exports = 'hello';",
        'packages/api/package.json': {
          name: 'api',
          version: '1.0.0',
          main: 'src/functions/*.js',
          dependencies: { greeting: '1.0.0', '@azure/functions': '^4.0.0' },
        },
        'packages/api/host.json': { version: '2.0' },
        'packages/api/src/functions/hello.js':
          "const { app } = require('@azure/functions'); const body = require('greeting'); app.http('Hello', { handler: () => ({ body }) });",
      },
      { installs: true },
    );
    await npm(['install', '--no-audit', '--no-fund'], repo);
    await greets(join(repo, 'packages/api'));
  });

  for (const version of ['4.0.0', '4.1.0', '4.2.0', '4.7.3-beta.0', 'latest']) {
    it(`runs @azure/functions ${version}`, async () => {
      const app = appOf(
        { 'package.json': { main: 'index.js' }, 'index.js': CJS },
        { installs: true },
      );
      await npm(['install', '--no-audit', '--no-fund', `@azure/functions@${version}`], app);
      await greets(app);
    });
  }

  it('runs an app with durable functions, but for its orchestrations', async () => {
    const app = appOf(
      {
        'package.json': { private: true, main: 'index.js' },
        'index.js': `${CJS}
          const df = require('durable-functions');
          df.app.activity('greet', { handler: (name) => 'Hello, ' + name });
          df.app.orchestration('Greetings', function* (context) { return yield context.df.callActivity('greet', 'Ada'); });
          app.http('Start', { route: 'start', extraInputs: [df.input.durableClient()], handler: async (_, context) => {
            const client = df.getClient(context);
            return client.createCheckStatusResponse(_, await client.startNew('Greetings'));
          } });`,
      },
      { installs: true },
    );
    await npm(['install', '--no-audit', '--no-fund', '@azure/functions', 'durable-functions'], app);
    await started(app, async (host) => {
      assert.equal(await (await host.fetch('/api/Hello')).text(), 'hello');
      assert.equal((await host.run('greet', { input: '"Ada"' })).result, 'Hello, Ada');
      assert.equal((await host.fetch('/api/start')).status, 500);
      await host.printed(/Start, durableClient: This input is undefined here/);
    });
  });

  it('runs a tool of MCP by hand', async () => {
    const app = appOf({
      'package.json': { main: 'index.js' },
      'index.js': `const { app, arg } = require('@azure/functions');
        app.mcpTool('greet', { toolName: 'greet', description: 'Greets', toolProperties: { name: arg.string() },
          handler: (_, context) => 'Hello, ' + context.triggerMetadata.mcptoolargs.name });`,
    });
    await started(app, async (host) => {
      const { result, error } = await host.run('greet', {
        input: { name: 'greet', arguments: { name: 'Ada' } },
        triggerMetadata: { mcptoolargs: { name: 'Ada' } },
      });
      assert.equal(error, undefined);
      assert.match(JSON.stringify(result), /Hello, Ada/);
    });
  });
});
