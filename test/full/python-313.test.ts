/*
 * Extensions on the versions of Python on which Azure Functions runs none, in the code that the worker has for
 * them. That code is on PyPI; no host and no Core Tools are needed.
 */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { run } from '../../tools/support/processes.js';
import {
  findPythons,
  pythonsWithHooks,
  pythonVersions,
  script,
  testedPythons,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { templatesOf } from '../support/templates.js';

const FIXTURES = join(root, 'test/fixtures/python-313');
const CASES = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Extensions that are published. OpenCensus's holds azure-functions at 1.x, so it has its own environment. */
const PACKAGES = {
  newest: [
    'azure-functions-runtime',
    'azure-functions-runtime-v1',
    'azure-functions>=2,<3',
    'azure-functions-durable',
    'azurefunctions-extensions-http-fastapi',
    'elastic-apm',
    'opentelemetry-sdk',
  ],
  opencensus: ['azure-functions-runtime', 'opencensus-extension-azure-functions'],
};

for (const version of testedPythons.filter((one) => !pythonsWithHooks.includes(one))) {
  describe(`worker extensions on Python ${version}`, function () {
    this.timeout(240_000);
    const environments = new Map<string, string>();
    /** An extension, with the bridge that every extension has. */
    let source: string;

    before(async function () {
      const python = (await findPythons()).get(version);
      const reason = python ? await whyNoPyPI(python) : `there is no Python ${version}`;
      if (python === undefined || reason !== undefined) {
        const isRequired = process.env.REQUIRE_PYTHON === '1' && pythonVersions.includes(version);
        assert.ok(!isRequired, reason);
        this.test!.parent!.title += ` (${reason})`;
        this.skip();
      }
      const made = await scaffold([
        '.',
        '--language=python',
        '--template=tracing',
        '--name=tracing',
        '-y',
        '--no-git',
      ]);
      source = join(made, 'extension/src');
      for (const [name, packages] of Object.entries(PACKAGES)) {
        const folder = newFolder('venv');
        const wanted = packages.map((one) => `'${one}'`).join(' ');
        await script([`'${python}' -m venv .`, `bin/pip install --quiet ${wanted}`], folder, {});
        environments.set(name, join(folder, 'bin/python'));
      }
    });

    /** Runs a program in an environment, and returns what it has printed. */
    async function python(
      environment: keyof typeof PACKAGES,
      args: string[],
      cwd: string,
      path: readonly string[] = [],
    ): Promise<{ stdout: string; all: string }> {
      const { failed, stdout, all } = await run(environments.get(environment) ?? '', args, {
        cwd,
        env: { PYTHONPATH: [FIXTURES, ...path].join(':'), PYTHONDONTWRITEBYTECODE: '1' },
      });
      assert.ok(!failed, all);
      return { stdout: String(stdout), all };
    }

    for (const name of CASES) {
      it(name, async () => {
        const folder = newFolder(name);
        cpSync(join(FIXTURES, name), folder, { recursive: true });
        copyFileSync(
          join(source, 'python_worker_extension_tracing/bridge.py'),
          join(folder, 'worker_extension_bridge.py'),
        );
        const environment = name === 'opencensus' ? name : 'newest';
        const { all } = await python(environment, ['-m', 'unittest', '-v'], folder, [source]);
        assert.match(all, /^Ran [1-9]\d* tests?\b[^]*^OK$/m);
      });
    }

    for (const { id: template, expect } of templatesOf('python')) {
      for (const scope of ['app', 'function']) {
        it(`the template ${template} at ${scope} level`, async () => {
          const folder = await scaffold([
            '.',
            '--language=python',
            `--template=${template}`,
            `--name=${template}`,
            `--scope=${scope}`,
            '-y',
            '--no-git',
          ]);
          for (const { query = '', headers = {}, body = '', log = '' } of expect) {
            const { stdout } = await python(
              'newest',
              [
                join(FIXTURES, 'call.py'),
                join(folder, 'function-app'),
                query.slice(1),
                ...(headers['traceparent'] ? [headers['traceparent']] : []),
              ],
              folder,
              [join(folder, 'extension/src')],
            );
            const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
              body: string;
              log: string;
            };
            assert.match(answer.body, new RegExp(body));
            assert.match(`${answer.log}\n${stdout}`, new RegExp(log));
          }
        });
      }
    }

    it("the app's own test says which names and settings match nothing", async () => {
      const folder = await scaffold([
        '.',
        '--language=python',
        '--name=timer',
        '--scope=function',
        '-y',
        '--no-git',
      ]);
      const extension = join(folder, 'extension/src');
      for (const [file, from, to] of [
        [
          'function-app/function_app.py',
          'TimerExtension("HttpTrigger"',
          'TimerExtension("http_trigger"',
        ],
        [
          'extension/src/python_worker_extension_timer/worker_extension.json',
          '"scope":',
          '"settings": { "TIMER_KEY": "1" }, "scope":',
        ],
      ] as const) {
        writeFileSync(join(folder, file), read(folder, file).replace(from, to));
      }
      const args = ['-m', 'unittest', 'discover', 'tests'];
      await assert.rejects(
        python('newest', args, join(folder, 'function-app'), ['.', extension]),
        (error: Error) => {
          assert.match(
            error.message,
            /AssertionError: \{'http_trigger': \['TimerExtension'\]\} != \{\}/,
          );
          assert.match(error.message, /The app has: HttpTrigger\./);
          assert.match(error.message, /AssertionError: Lists differ: \['TIMER_KEY'\] != \[\]/);
          return true;
        },
      );
    });

    it('says in one line that no hook runs in the programming model v1', async () => {
      const folder = await scaffold([
        '.',
        '--language=python',
        '--name=timer',
        '--programming-model=v1',
        '-y',
        '--no-git',
      ]);
      const { all } = await python(
        'newest',
        [join(FIXTURES, 'load_v1.py'), join(folder, 'function-app')],
        folder,
        [join(folder, 'extension/src')],
      );
      assert.equal(
        all.trim(),
        'No worker extension runs here: from Python 3.13 on that takes the programming model v2, and this app has no function_app.py.',
      );
    });
  });
}
