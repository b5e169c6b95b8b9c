import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from 'mocha';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { cli, run } from '../../tools/support/processes.js';
import {
  environmentOf,
  findPythons,
  script,
  toolFrom,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { contentsOf } from '../support/python-apps.js';

describe('generator function-app for an extension in Python', function () {
  this.timeout(240_000);
  let pythons = new Map<string, string>();
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI([...pythons.values()].find(Boolean));
  });

  function interpreter(test: Context, version: string): string {
    const path = pythons.get(version);
    const reason = missing ?? (path ? undefined : `there is no Python ${version}`);
    if (reason !== undefined) {
      assert.ok(process.env.REQUIRE_PYTHON !== '1', reason);
      test.test!.title += ` (${reason})`;
      test.skip();
    }
    return path ?? '';
  }

  /** An environment with uv, which finds the interpreter. UV_PYTHON would have it install into that. */
  async function environmentWithUv(python: string): Promise<Record<string, string>> {
    const env = environmentOf(python);
    return {
      ...env,
      PATH: [await toolFrom(python, 'uv'), env['PATH']].join(delimiter),
      UV_PYTHON_DOWNLOADS: 'never',
    };
  }

  /** What a run prints as the next steps, without what it says of them. */
  function stepsIn(said: string): string[] {
    return [...said.matchAll(/^ {2}\d+\. (.*?)(?: {2,}#.*)?$/gm)].map(
      ([, command = '']) => command,
    );
  }

  /** Does what a run has printed, up to the start of the app, and then requests its function. */
  async function answerOf(
    said: string,
    cwd: string,
    app: string,
    env: Record<string, string>,
  ): Promise<Response> {
    const steps = stepsIn(said);
    const start = steps.findIndex((step) => step.endsWith('python local_host.py'));
    const [, uv = '', inUv = ''] = /^((uv) run )?/.exec(steps[start] ?? '') ?? [];
    const printed = await script(
      [
        ...steps.slice(0, start),
        `${inUv} pip install --quiet mypy ruff`,
        ...['ruff check', 'ruff format --check', 'mypy'].map((command) => uv + command),
      ],
      cwd,
      env,
    );
    assert.match(printed, /^Ran [1-9]\d* tests[^]*^OK$/m);
    const [, url = ''] = /http:\/\/127\.0\.0\.1:7071(\S+)$/.exec(steps[start + 1] ?? '') ?? [];
    const host = await startHost(app, {
      command: join(app, '.venv/bin/python'),
      program: join(app, 'local_host.py'),
    });
    try {
      const response = await fetch(host.url + url);
      return new Response(await response.text(), response);
    } finally {
      await host.stop();
    }
  }

  /** Makes the timer alone, and says how it is named from beside it. */
  async function timer(
    source: 'a folder' | 'a wheel' | 'a repository',
    scope: string,
    cwd: string,
    env: Record<string, string>,
  ): Promise<string> {
    const isCommitted = source === 'a repository';
    await scaffold(
      [
        ':extension',
        'timer',
        '--language=python',
        `--scope=${scope}`,
        '--yes',
        ...(isCommitted ? [] : ['--no-git']),
      ],
      cwd,
    );
    if (source === 'a wheel') {
      await script(['python3 -m pip wheel --no-deps -w dist ./timer'], cwd, env);
      return `dist/${filesIn(join(cwd, 'dist'))[0]}`;
    }
    if (isCommitted) {
      const { failed, all } = await run(
        'git',
        ['clone', '--quiet', '--bare', 'timer', 'timer.git'],
        { cwd },
      );
      assert.ok(!failed, all);
      return `git+file://${cwd}/timer.git`;
    }
    return './timer';
  }

  for (const [version, model, scope, source, packageManager] of [
    ['3.12', 'v2', 'function', 'a wheel', 'pip'],
    ['3.12', 'v1', 'function', 'a repository', 'pip'],
    ['3.12', 'v1', 'app', 'a folder', 'pip'],
    ['3.13', 'v2', 'app', 'a folder', 'pip'],
    ['3.13', 'v2', 'function', 'a repository', 'pip'],
    ['3.13', 'v2', 'app', 'a folder', 'uv'],
    ['3.13', 'v2', 'function', 'a wheel', 'uv'],
  ] as const) {
    it(`makes an app in ${model} at ${scope} level for ${source} on ${version} by ${packageManager}, to be run as it says`, async function () {
      const python = interpreter(this, version);
      const env = packageManager === 'uv' ? await environmentWithUv(python) : environmentOf(python);
      const cwd = newFolder('app');
      const spec = await timer(source, scope, cwd, env);
      const language = source === 'a repository' ? ['--language=python'] : [];
      const args = [
        ':function-app',
        'my-app',
        ...language,
        `--extension=${spec}`,
        `--programming-model=${model}`,
        `--package-manager=${packageManager}`,
        '--function-name=Hello',
        '--yes',
        '--no-git',
      ];
      const made = await cli(args, { cwd, env });
      assert.equal(made.exitCode, 0, made.all);
      const app = join(cwd, 'my-app');
      const before = contentsOf(app);
      const again = await cli(args, { cwd, env });
      assert.equal(again.exitCode, 0, again.all);
      assert.deepEqual(contentsOf(app), before);
      const updated = await cli([':update', '--force'], { cwd: app, env });
      assert.match(updated.all, /^Nothing to update/);
      const answer = await answerOf(made.all, cwd, app, env);
      assert.match(await answer.text(), / \(TimeElapsed: \d+\.\d{4} sec\)$/);
      for (const command of stepsIn(made.all).slice(1)) {
        assert.ok(read(app, 'README.md').includes(command), command);
      }
    });
  }

  it('makes one for an extension that is not ours, with the bridge', async function () {
    const python = interpreter(this, '3.13');
    const env = environmentOf(python);
    const cwd = newFolder('app');
    mkdirSync(join(cwd, 'log/src/contoso'), { recursive: true });
    writeFileSync(
      join(cwd, 'log/pyproject.toml'),
      '[project]\nname = "Audit_Log"\nversion = "1"\n',
    );
    writeFileSync(
      join(cwd, 'log/src/contoso/log.py'),
      `from azure.functions import FuncExtensionBase


class Log(FuncExtensionBase):
    def __init__(self, file_path):
        super().__init__(file_path)

    def post_invocation(self, logger, context, func_args=None, func_ret=None, *args, **kwargs):
        func_ret.headers["x-log"] = context.function_name
`,
    );
    const made = await cli([':function-app', '--extension=./log', '--yes', '--no-git'], {
      cwd,
      env,
    });
    assert.equal(made.exitCode, 0, made.all);
    const answer = await answerOf(made.all, cwd, join(cwd, 'audit-log-app'), env);
    assert.equal(answer.headers.get('x-log'), 'HttpTrigger');
  });

  it('names what is no extension, and a language that it is not in', async function () {
    interpreter(this, '3.13');
    const cwd = newFolder('none');
    writeFileSync(join(cwd, 'pyproject.toml'), '[project]\nname = "none"\nversion = "1"\n');
    writeFileSync(join(cwd, 'none.py'), '');
    for (const [args, reason] of [
      [['--extension=.'], /^"\." is no worker extension: it has no class that extends /],
      [
        ['--extension=.', '--language=typescript'],
        /^"\." is no worker extension: it has no package\.json\.$/,
      ],
      [
        ['--extension=.', '--functions-range=^4.2.0'],
        /^--functions-range is for TypeScript, not for Python\./,
      ],
      [['--extension=x.whl'], /^There is no \S+x\.whl\.$/],
    ] as const) {
      const { exitCode, all } = await cli([':function-app', 'app', ...args, '--yes'], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
    }
    assert.deepEqual(
      filesIn(cwd).filter((file) => file.startsWith('app/')),
      [],
    );
  });
});
