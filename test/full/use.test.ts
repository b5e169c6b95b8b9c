import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignApp } from '../support/apps.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtHost, startHost } from '../../tools/support/local-host.js';
import { cli, npm, pack } from '../../tools/support/processes.js';

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
