import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignApp } from '../support/apps.js';
import { read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtHost, startHost } from '../../tools/support/local-host.js';
import { cli, npm, pack } from '../../tools/support/processes.js';

describe('an app of ours', () => {
  it('fails its test where an extension names a function or a setting that is not there', async () => {
    const folder = await scaffold([
      '.',
      '--name=guard',
      '--template=guard',
      '--scope=function',
      '--yes',
      '--no-git',
    ]);
    await npm(['install', '--no-audit'], folder);
    const app = join(folder, 'function-app');
    for (const [file, from, to] of [
      ['src/index.ts', "'HttpTrigger'", "['httptrigger', 'http_triger']"],
      ['local.settings.json', 'GUARD_API_KEY', 'GUARD_APIKEY'],
    ] as const) {
      writeFileSync(join(app, file), read(app, file).replace(from, to));
    }
    await assert.rejects(npm(['test'], app), (error: Error) => {
      for (const line of [
        'GuardExtension: the app has no function "http_triger". Did you mean HttpTrigger?',
        'GuardExtension: local.settings.json does not set GUARD_API_KEY. Did you mean GUARD_APIKEY?',
      ]) {
        assert.ok(error.message.includes(`'${line}'`), error.message);
      }
      assert.doesNotMatch(error.message, /no function "httptrigger"/);
      return true;
    });
  });
});

describe('an extension in an app that is not ours, for real', function () {
  this.timeout(180_000);
  const tarballs = new Map<string, string>();

  before(async () => {
    const made = newFolder('made');
    for (const scope of ['app', 'function']) {
      await scaffold(
        [':extension', scope, '--name', `${scope}-timer`, '--scope', scope, '--yes', '--no-git'],
        made,
      );
      await npm(['install', '--no-audit'], join(made, scope));
      tarballs.set(scope, (await pack(join(made, scope), made)).file);
    }
  });

  for (const [language, changes] of [
    ['typescript', {}],
    ['typescript', { type: 'module' }],
    ['javascript', {}],
    ['javascript', { type: 'module' }],
  ] as const) {
    it(`${language} ${JSON.stringify(changes)}: both scopes, on HTTP and on a queue`, async () => {
      const app = foreignApp(language, changes);
      if (language === 'typescript' && 'type' in changes) {
        writeFileSync(
          join(app, 'tsconfig.json'),
          '{ "compilerOptions": { "module": "node16", "target": "es2022", "outDir": "dist", "rootDir": "." } }',
        );
      }
      if (language === 'javascript' && 'type' in changes) {
        writeFileSync(
          join(app, 'src/functions/HttpTrigger.js'),
          "import { app } from '@azure/functions';\n\napp.http('HttpTrigger', { handler: () => ({ body: 'Hello, world!' }) });\n",
        );
      }
      const added = await cli([':function', '--trigger', 'queue', '--name', 'Orders'], {
        cwd: app,
      });
      assert.equal(added.exitCode, 0, added.all);
      for (const scope of ['app', 'function']) {
        const { exitCode, all } = await cli(
          [':use', '--extension', tarballs.get(scope) ?? '', '--function-name', 'HttpTrigger'],
          { cwd: app },
        );
        assert.equal(exitCode, 0, all);
      }
      if (language === 'typescript') {
        await npm(['run', 'build'], app);
      }
      // The command azfunc-local-host runs any app, as Core Tools do.
      const host = await startHost(app, { program: builtHost });
      try {
        const body = await (await fetch(`${host.url}/api/HttpTrigger`)).text();
        assert.match(
          body,
          /^Hello, world! \(TimeElapsed: \d\.\d{4} sec\) \(TimeElapsed: \d\.\d{4} sec\)$/,
        );
        const { status } = await fetch(`${host.url}/admin/functions/Orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"input":"a message"}',
        });
        assert.equal(status, 202);
        await host.printed(/Queue function processes a message: a message/);
        await host.printed(/AppTimerExtension: Orders succeeded after/);
        assert.doesNotMatch(host.output(), /FunctionTimerExtension: Orders/);
        assert.match(host.output(), /FunctionTimerExtension: HttpTrigger succeeded after/);
      } finally {
        await host.stop();
      }
    });
  }

  for (const [language, main, entry, source] of [
    [
      'typescript',
      'dist/src/index.js',
      'src/index.ts',
      "import { app } from '@azure/functions';\n\napp.http('Hello', { handler: async () => ({ body: 'Hello, world!' }) });\n",
    ],
    [
      'javascript',
      'index.js',
      'index.js',
      "const { app } = require('@azure/functions');\n\napp.http('Hello', { handler: () => ({ body: 'Hello, world!' }) });\n",
    ],
  ] as const) {
    it(`${language} with ${main} as main: both scopes in one run, and removed again`, async () => {
      const app = foreignApp(language, { main });
      writeFileSync(join(app, entry), source);
      const extensions = [...tarballs.values()].flatMap((file) => ['--extension', file]);
      const used = await cli([':use', ...extensions, '--function-name', 'Hello'], { cwd: app });
      assert.equal(used.exitCode, 0, used.all);
      const answerOf = async () => {
        if (language === 'typescript') {
          await npm(['run', 'build'], app);
        }
        const host = await startHost(app, { program: builtHost });
        try {
          return await (await fetch(`${host.url}/api/Hello`)).text();
        } finally {
          await host.stop();
        }
      };
      assert.match(await answerOf(), /^Hello, world! \(TimeElapsed: .*\) \(TimeElapsed: .*\)$/);
      const names = ['app-timer', 'function-timer'].flatMap((name) => ['--remove', name]);
      const removed = await cli([':use', ...names], { cwd: app });
      assert.equal(removed.exitCode, 0, removed.all);
      assert.equal(await answerOf(), 'Hello, world!');
    });
  }

  it('bundled by esbuild: with the lines that are shown, where it says', async () => {
    const app = foreignApp('typescript', {
      main: 'dist/main.js',
      scripts: {
        build:
          'esbuild src/main.ts --bundle --platform=node --external:@azure/functions-core --outfile=dist/main.js',
      },
    });
    writeFileSync(join(app, 'src/main.ts'), "import './functions/HttpTrigger';\n");
    await npm(['install', '--no-audit', '--save-dev', 'esbuild'], app);
    const { exitCode, all } = await cli([':use', '--extension', tarballs.get('app') ?? ''], {
      cwd: app,
    });
    assert.equal(exitCode, 0, all);
    const [, file = '', lines = ''] =
      /Add these two lines to (.*):\n\n((?: {4}.*\n)+)/.exec(all) ?? [];
    writeFileSync(join(app, file), `${lines}${read(app, file)}`);
    await npm(['run', 'build'], app);
    const host = await startHost(app, { program: builtHost });
    try {
      const body = await (await fetch(`${host.url}/api/HttpTrigger`)).text();
      assert.match(body, /^Hello, world! \(TimeElapsed: .*\)$/);
    } finally {
      await host.stop();
    }
  });
});

describe('a function that is added to a generated app, for real', function () {
  this.timeout(120_000);

  it('is seen by an extension at application level, whatever calls it', async () => {
    const cwd = newFolder('added');
    await scaffold(['.', '--name', 'timer', '--yes', '--no-git'], cwd);
    for (const [trigger, name] of [
      ['http', 'Second'],
      ['timer', 'Nightly'],
      ['queue', 'Orders'],
    ] as const) {
      const { exitCode, all } = await cli([':function', '--trigger', trigger, '--name', name], {
        cwd,
      });
      assert.equal(exitCode, 0, all);
    }
    await npm(['install', '--no-audit'], cwd);
    await npm(['test'], cwd);
    const host = await startHost(join(cwd, 'function-app'));
    try {
      assert.match(await (await fetch(`${host.url}/api/Second`)).text(), /\(TimeElapsed: /);
      for (const name of ['Nightly', 'Orders']) {
        await fetch(`${host.url}/admin/functions/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        });
        await host.printed(new RegExp(`TimerExtension: ${name} succeeded after`));
      }
    } finally {
      await host.stop();
    }
  });
});

describe('an app that was made alone, for real', function () {
  this.timeout(180_000);

  async function appFor(...options: string[]): Promise<{ app: string; said: string }> {
    const cwd = await scaffold([':extension', 'extension', ...options, '--yes', '--no-git']);
    await npm(['install', '--no-audit'], join(cwd, 'extension'));
    const made = await cli(
      [':function-app', 'app', '--extension', './extension', '--yes', '--no-git'],
      { cwd },
    );
    assert.equal(made.exitCode, 0, made.all);
    return { app: join(cwd, 'app'), said: made.all };
  }

  it('for a guard, is requested with the key that it needs', async () => {
    const { app, said } = await appFor('--name', 'guard', '--template', 'guard');
    await npm(['test'], app);
    const [command = '', header = ''] = /curl (-H '.*') http\S+/.exec(said) ?? [];
    assert.ok(read(app, 'README.md').includes(command));
    const [, name = '', value = ''] = /'(.*): (.*)'/.exec(header) ?? [];
    const host = await startHost(app);
    try {
      const url = `${host.url}/api/HttpTrigger`;
      assert.equal((await fetch(url)).status, 401);
      assert.equal((await fetch(url, { headers: { [name]: value } })).status, 200);
    } finally {
      await host.stop();
    }
  });

  it('fails its test where an extension acts on no function', async () => {
    const { app } = await appFor('--name', 'timer', '--scope', 'function');
    await npm(['test'], app);
    const entry = join(app, 'src/index.ts');
    writeFileSync(entry, read(entry).replace("'HttpTrigger'", "'HttpTriger'"));
    await assert.rejects(
      npm(['test'], app),
      /TimerExtension has matched no invocation of: .*HttpTriger/,
    );
  });
});
