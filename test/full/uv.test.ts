/*
 * Projects in Python for uv: what their readmes and workflows say is done, by uv as PyPI has it.
 */
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from 'mocha';
import { checkExpectations } from '../../tools/support/expectations.js';
import { read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtPythonHost, startHost } from '../../tools/support/local-host.js';
import { cli, run } from '../../tools/support/processes.js';
import {
  environmentOf,
  findPythons,
  pythonsWithHooks,
  pythonVersions,
  script,
  toolFrom,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { pythonApp, V2 } from '../support/python-apps.js';
import { blockWith } from '../support/readme.js';
import { readVsCode, taskOf } from '../support/vscode.js';
import { checkPythonWorkflows } from '../support/python-workflows.js';

/** Those in which Azure Functions runs no hooks. */
const newPythons = pythonVersions.filter((version) => !pythonsWithHooks.includes(version));

describe('uv', function () {
  this.timeout(400_000);
  let pythons: Map<string, string>;
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI([...pythons.values()][0]);
  });

  /** An environment with uv, which takes the newest of some versions of Python. */
  async function withUv(
    test: Context,
    versions: readonly string[] = pythonVersions,
  ): Promise<Record<string, string>> {
    const python = versions.map((one) => pythons.get(one)).find(Boolean);
    if (missing !== undefined || python === undefined) {
      const reason = missing ?? `there is no Python ${versions.join(' or ')}`;
      assert.ok(process.env.REQUIRE_PYTHON !== '1', reason);
      test.test!.title += ` (${reason})`;
      test.skip();
    }
    const env = environmentOf(python);
    return {
      ...env,
      PATH: [await toolFrom(python, 'uv'), env['PATH']].join(delimiter),
      UV_PYTHON: python,
      UV_PYTHON_DOWNLOADS: 'never',
    };
  }

  const project = (...options: string[]) =>
    scaffold(['.', '--language=python', '--package-manager=uv', '--yes', '--no-git', ...options]);

  for (const [what, versions, options] of [
    ['for v2', pythonVersions, ['--name=timer']],
    [
      'at function level, for v1',
      pythonsWithHooks,
      ['--name=timer', '--scope=function', '--programming-model=v1'],
    ],
    ['that traces', pythonVersions, ['--name=timer', '--template=tracing']],
  ] as const) {
    it(`a workspace ${what} does what its readme says, and answers`, async function () {
      const env = await withUv(this, versions);
      const folder = await project(...options);
      const readme = read(folder, 'README.md');
      const tested = await script(
        [
          'git init --quiet && git add --all && git commit --quiet --message "as it is made"',
          ...blockWith('uv sync', readme),
          ...blockWith('uv run mypy', readme),
          'cd ../function-app',
          ...blockWith('uv run mypy', readme),
          // There is one environment, with the extension in editable mode.
          'uv run python -c "import python_worker_extension_timer as one; print(one.__file__)"',
          'cd ..',
          // It stays as it is: what has been run has taken nothing out.
          'uv sync --locked --check',
          'git status --porcelain',
        ],
        folder,
        env,
      );
      assert.equal(tested.match(/^OK$/gm)?.length, 2, tested);
      assert.ok(
        tested.includes(`\n${folder}/extension/src/python_worker_extension_timer/__init__.py\n`),
        tested,
      );
      assert.match(tested, /\n\?\? uv\.lock\n*$/);

      const app = join(folder, 'function-app');
      assert.deepEqual(blockWith('uv run python local_host.py', readme), [
        'cd ../function-app',
        'uv run python local_host.py',
      ]);
      const host = await startHost(app, {
        command: join(folder, '.venv/bin/python'),
        program: join(app, 'local_host.py'),
      });
      await checkExpectations(host, '/api/HttpTrigger', [
        { status: 200, body: 'This HTTP triggered function executed successfully' },
      ]);

      const vsCode = readVsCode(folder);
      const { command, cwd } = taskOf(vsCode, taskOf(vsCode, 'func: host start').dependsOn ?? '');
      const { failed, all } = await run('bash', ['-c', command], { cwd, env });
      assert.ok(!failed, all);

      // Elsewhere, as on the server, where pip installs what requirements.txt says.
      const server = newFolder('server');
      const deployed = await script(
        [
          ...readme.split('\n').filter((line) => /^uv build .*--out-dir/.test(line)),
          `cp -r function-app ${server}`,
          `cd ${server}`,
          'uv venv --quiet --no-project --seed',
          '.venv/bin/python -m pip install --quiet -r function-app/requirements.txt',
          'cd function-app',
          '../.venv/bin/python -m unittest discover tests',
        ],
        folder,
        env,
      );
      assert.match(deployed, /^OK$/m);
    });
  }

  it('the package alone does what its readme says', async function () {
    const env = await withUv(this);
    const folder = await project('--name=timer', '--no-function-app');
    const readme = read(folder, 'README.md');
    const publish = blockWith('uv publish', readme);
    assert.deepEqual(publish.slice(-2), [
      'uv run twine upload --repository testpypi dist/*',
      'uv publish',
    ]);
    const output = await script(
      [
        ...blockWith('uv sync', readme),
        ...blockWith('uv run mypy', readme),
        ...publish.slice(0, -2),
      ],
      folder,
      env,
    );
    assert.match(output, /^OK$/m);
    assert.equal(output.match(/PASSED/g)?.length, 2, output);
  });

  it('runs the tests with pytest, too', async function () {
    const env = await withUv(this);
    const folder = await project('--name=blank', '--template=blank');
    for (const part of ['extension', 'function-app']) {
      const output = await script(['uv run --with pytest pytest'], join(folder, part), env);
      assert.match(output, /\d+ passed/);
    }
  });

  it('installs an extension that is not for its Python, as pip does not, and the bridge runs it', async function () {
    const env = await withUv(this, newPythons);
    const extension = newFolder('audit');
    writeFileSync(
      join(extension, 'pyproject.toml'),
      `[project]
name = "audit"
version = "1.0.0"
requires-python = ">=3.8,<3.13"
dependencies = ["azure-functions>=1.7.0,<2"]

[tool.setuptools]
py-modules = ["audit"]
`,
    );
    writeFileSync(
      join(extension, 'audit.py'),
      `from azure.functions import AppExtensionBase


class AuditExtension(AppExtensionBase):
    @classmethod
    def pre_invocation_app_level(cls, logger, context, func_args=None, *args, **kwargs):
        logger.info("%s is audited", context.function_name)
`,
    );
    const app = pythonApp({
      'function_app.py': V2.replace('import azure.functions as func\n', '$&import audit\n'),
      'local.settings.json': JSON.stringify({
        IsEncrypted: false,
        Values: { FUNCTIONS_WORKER_RUNTIME: 'python', PYTHON_ENABLE_WORKER_EXTENSIONS: '1' },
      }),
    });
    cpSync(builtPythonHost, join(app, 'local_host.py'));
    await script(['uv venv --quiet --seed'], app, env);
    const python = join(app, '.venv/bin/python');
    const refused = await run(python, ['-m', 'pip', 'install', extension], { cwd: app });
    assert.match(refused.all, /requires a different Python: .* not in '<3\.13,>=3\.8'/);
    await script([`uv pip install --quiet --python ${python} ${extension}`], app, env);

    const audited = async () => {
      const host = await startHost(app, { command: python, program: join(app, 'local_host.py') });
      assert.equal(await (await fetch(`${host.url}/api/hello`)).text(), 'hello');
      await host.printed(/Executed hello/);
      await host.stop();
      return host.output().includes('hello is audited');
    };
    assert.equal(await audited(), false);
    const { exitCode, all } = await cli([':bridge', '--yes'], { cwd: app });
    assert.equal(exitCode, 0, all);
    assert.equal(await audited(), true);
  });

  for (const [layout, options] of [
    ['a workspace', []],
    ['a package alone', ['--no-function-app']],
  ] as const) {
    it(`the workflows of ${layout} pass, and publish what the tag names`, async function () {
      const env = await withUv(this);
      const folder = await project('--name=timer', '--ci=github', ...options);
      await checkPythonWorkflows(folder, env, (url) => ({
        UV_PUBLISH_URL: url,
        UV_PUBLISH_TOKEN: 'none',
      }));
    });
  }
});
