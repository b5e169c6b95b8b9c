import assert from 'node:assert/strict';
import { join } from 'node:path';
import { checkExpectations } from '../../tools/support/expectations.js';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { workspace } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm, pack, run } from '../../tools/support/processes.js';
import { testsIn } from '../support/reports.js';
import { checkStyle } from '../support/style.js';
import { templatesOf } from '../support/templates.js';

const ELAPSED = / \(TimeElapsed: \d+\.\d{4} sec\)$/;
const ANSWER =
  'This HTTP triggered function executed successfully. Pass a name in the query string or in the request body for a personalized response.';

for (const scope of ['app', 'function'] as const) {
  describe(`workspace of scope ${scope}, for real`, function () {
    this.timeout(120_000);
    let folder: string;
    before(async () => {
      folder = await workspace(scope);
    });

    // At function level there is one more: what says which functions an instance is for.
    const limit = scope === 'app' ? 37 : 38;
    it(`has at most ${limit} files`, () => {
      const files = filesIn(folder);
      assert.ok(files.length <= limit, files.join('\n'));
    });

    it('installs at most 8 packages, and one copy of @azure/functions', async () => {
      const { packages } = readJson(folder, 'node_modules/.package-lock.json') as {
        packages: Record<string, { link?: boolean }>;
      };
      const installed = Object.entries(packages)
        .filter(([path, { link }]) => path.startsWith('node_modules/') && !link)
        .map(([path]) => path);
      assert.ok(installed.length <= 8, installed.join(', '));
      assert.equal(installed.filter((path) => path.endsWith('@azure/functions')).length, 1);
    });

    it('builds, and passes its own tests', async () => {
      const output = await npm(['test'], folder);
      const { runs, passed, failed } = testsIn(output);
      assert.equal(runs, 2, output);
      assert.ok(passed > 0);
      assert.equal(failed, 0);
      assert.doesNotMatch(output, /\bwarn(ing)?\b(?!.*config "nodedir")/i);
    });

    it('is formatted and free of lint', async () => {
      await checkStyle(folder);
    });

    it('answers over HTTP as the tutorial does', async () => {
      const host = await startHost(join(folder, 'function-app'));
      try {
        const response = await fetch(`${host.url}/api/HttpTrigger`);
        assert.equal(response.status, 200);
        const body = await response.text();
        assert.match(body, ELAPSED);
        assert.equal(body.replace(ELAPSED, ''), ANSWER);
      } finally {
        await host.stop();
      }
    });

    it('answers as its template says', async () => {
      const [timer] = templatesOf('typescript');
      const host = await startHost(join(folder, 'function-app'));
      await checkExpectations(host, '/api/HttpTrigger', timer?.expect ?? []);
      assert.match(host.output(), /TimerExtension: HttpTrigger started/);
      assert.match(host.output(), /TimerExtension: HttpTrigger succeeded after \d\.\d{4} sec/);
    });

    it('shows with --inspect what the extension does', async () => {
      const host = await startHost(join(folder, 'function-app'), {
        args: ['--port', '0', '--inspect'],
      });
      await fetch(`${host.url}/api/HttpTrigger`);
      await host.printed(
        /^HttpTrigger  GET \/api\/HttpTrigger  200, .*\n[^]* TimerExtension\.aroundInvocation .* changes result\n[^]* HttpTrigger +\|[^]* response /m,
      );
      // The hooks by which the contract does so are none of their own.
      assert.doesNotMatch(host.output(), /\d ms +(pre|post)Invocation/);
      await host.stop();
    });

    it('answers without the extension while it is switched off', async () => {
      const host = await startHost(join(folder, 'function-app'), {
        env: { NODE_ENABLE_WORKER_EXTENSIONS: '0' },
      });
      try {
        assert.equal(await (await fetch(`${host.url}/api/HttpTrigger`)).text(), ANSWER);
      } finally {
        await host.stop();
      }
    });

    it('starts with npm start, which passes arguments on', async () => {
      const started = run('npm', ['start', '--', '--port', 'none'], { cwd: folder });
      const { exitCode, all } = await started;
      assert.notEqual(exitCode, 0);
      assert.match(all, /^--port takes a number from 0 to 65535, not "none"\.$/m);
    });

    it('packs exactly what is to be published, and require and import can load it', async () => {
      const cwd = newFolder('customer');
      const { file, files } = await pack(folder, cwd, '--workspace', 'extension');
      const modules = filesIn(join(folder, 'extension/src')).map((path) => path.slice(0, -3));
      assert.deepEqual(
        files,
        [
          'CHANGELOG.md',
          'LICENSE',
          'README.md',
          ...modules.flatMap((name) =>
            ['d.ts', 'js', 'js.map'].map((end) => `dist/src/${name}.${end}`),
          ),
          'package.json',
        ].sort(),
      );
      await npm(['init', '-y'], cwd);
      await npm(['install', '--no-audit', file], cwd);
      for (const args of [
        ['-e', "console.log(Object.keys(require('azfunc-extension-timer')).join())"],
        [
          '--input-type=module',
          '-e',
          "import { TimerExtension } from 'azfunc-extension-timer'; console.log(TimerExtension.name)",
        ],
        ['-p', "require('azfunc-extension-timer/package.json').name && 'TimerExtension'"],
      ]) {
        const { all, exitCode } = await run(process.execPath, args, { cwd });
        assert.equal(exitCode, 0, all);
        assert.match(all, /^(\w+,)*TimerExtension$/m);
      }
      const types = read(cwd, 'node_modules/azfunc-extension-timer/dist/src/timer.d.ts');
      assert.ok(types.includes('TimerOptions'));
    });
  });
}
