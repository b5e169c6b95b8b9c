import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtPythonHost, startHost } from '../../tools/support/local-host.js';
import { cli, run } from '../../tools/support/processes.js';
import { environmentOf, findPythons, script, whyNoPyPI } from '../../tools/support/python.js';
import { runGenerator } from '../support/generator.js';
import { contentsOf, pythonApp, V1, V2 } from '../support/python-apps.js';

/** A project in a repository without a work tree. */
async function bareRepository(): Promise<string> {
  const cwd = await scaffold([
    '.',
    '--language=python',
    '--name=audit',
    '--template=timer',
    '--yes',
  ]);
  const bare = join(newFolder('bare'), 'audit.git');
  const { failed, all } = await run('git', ['clone', '--quiet', '--bare', cwd, bare], { cwd });
  assert.ok(!failed, all);
  const moved = await run('git', ['branch', '--move', 'main'], { cwd: bare });
  assert.ok(!moved.failed, moved.all);
  return bare;
}

/** Files without what Python has compiled. */
function withoutCaches(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.includes('__pycache__')),
  );
}

describe('generator use in an app in Python', function () {
  this.timeout(120_000);
  let pythons = new Map<string, string>();
  let env: Record<string, string>;
  let extension: string;
  let functionLevel: string;

  before(async function () {
    pythons = await findPythons();
    const python = [...pythons.values()].find(Boolean);
    const missing = await whyNoPyPI(python);
    if (missing !== undefined || python === undefined) {
      assert.ok(process.env.REQUIRE_PYTHON !== '1', missing);
      this.skip();
    }
    env = { PATH: [join(python, '..'), process.env.PATH].join(':') };
    const cwd = newFolder('extensions');
    for (const scope of ['app', 'function']) {
      const options = { yes: true, git: false, language: 'python', name: 'timer', scope };
      await runGenerator('extension', { args: [scope], options, cwd });
    }
    [extension, functionLevel] = [join(cwd, 'app'), join(cwd, 'function')];
  });

  it('adds the requirement, the setting and the two lines, once', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const use = [':use', `--extension=${extension}`, '--yes'];
    const { exitCode, all } = await cli(use, { cwd, env });
    assert.equal(exitCode, 0, all);
    const after = contentsOf(cwd);
    assert.equal(
      after['requirements.txt'],
      'azure-functions\n# From wheels/, which is deployed with the app:\n--find-links wheels\npython-worker-extension-timer',
    );
    assert.equal(
      JSON.parse(after['local.settings.json'] ?? '').Values.PYTHON_ENABLE_WORKER_EXTENSIONS,
      '1',
    );
    assert.equal(
      after['function_app.py'],
      V2.replace(
        'as func\n',
        'as func\nfrom python_worker_extension_timer import TimerExtension\n\nTimerExtension.configure(append_to_http_response=True)\n',
      ),
    );
    assert.match(all, /1\. pip wheel --no-deps --wheel-dir wheels \S+\/app +#/);
    const again = await cli(use, { cwd, env });
    assert.equal(again.exitCode, 0, again.all);
    assert.match(again.all, /is switched on already\. Nothing has changed\./);
    assert.deepEqual(contentsOf(cwd), after);
  });

  it('names the function at function level, in both programming models', async () => {
    const v2 = pythonApp({ 'function_app.py': V2 });
    const v1 = pythonApp(V1);
    for (const cwd of [v2, v1]) {
      const { exitCode, all } = await cli([':use', `--extension=${functionLevel}`, '-y'], {
        cwd,
        env,
      });
      assert.equal(exitCode, 0, all);
    }
    assert.match(
      read(v2, 'function_app.py'),
      /^TimerExtension\("hello", append_to_http_response=True\)$/m,
    );
    assert.match(
      read(v1, 'Hello/__init__.py'),
      /^TimerExtension\(__file__, append_to_http_response=True\)$/m,
    );
    const wrong = await cli(
      [':use', `--extension=${functionLevel}`, '--function-name=Other', '-y'],
      { cwd: pythonApp({ 'function_app.py': V2 }), env },
    );
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.all, /has no function "Other" on which .* There is: hello\./);
  });

  it('takes a wheel', async () => {
    const folder = newFolder('wheel');
    const built = await run(
      'python3',
      ['-m', 'pip', 'wheel', '--no-deps', '-w', folder, extension],
      { cwd: folder, env },
    );
    assert.ok(!built.failed, built.all);
    const [wheel = ''] = filesIn(folder).filter((file) => file.endsWith('.whl'));
    const cwd = pythonApp({ 'function_app.py': V2 });
    const { exitCode, all } = await cli([':use', `--extension=${join(folder, wheel)}`, '-y'], {
      cwd,
      env,
    });
    assert.equal(exitCode, 0, all);
    assert.match(
      read(cwd, 'function_app.py'),
      /^TimerExtension\.configure\(append_to_http_response=True\)$/m,
    );
  });

  it('shows the change of code and asks, where there is no --yes', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const { exitCode, all } = await cli([':use', `--extension=${extension}`], { cwd, env });
    assert.notEqual(exitCode, 0, all);
    assert.equal(read(cwd, 'function_app.py'), V2);
    assert.equal(read(cwd, 'requirements.txt'), 'azure-functions');
  });

  for (const version of ['3.12', '3.13']) {
    it(`takes a repository, and an extension of ours again, on Python ${version} for real`, async function () {
      const python = pythons.get(version);
      if (python === undefined) {
        assert.ok(process.env.REQUIRE_PYTHON !== '1', `there is no Python ${version}`);
        return this.skip();
      }
      const cwd = pythonApp({
        'function_app.py': V2.replace('str:', 'func.HttpResponse:').replace(
          '"hello"\n',
          'func.HttpResponse("hello")\n',
        ),
      });
      writeFileSync(
        join(cwd, 'local.settings.json'),
        '{\n  "IsEncrypted": false,\n  "Values": {\n    "FUNCTIONS_WORKER_RUNTIME": "python"\n  }\n}\n',
      );
      const before = contentsOf(cwd);
      const answer = async (...install: string[]) => {
        const environment = environmentOf(python);
        const venv = newFolder('venv');
        await script(
          [`python3 -m venv ${venv}`, `source ${venv}/bin/activate`, ...install],
          cwd,
          environment,
        );
        const host = await startHost(cwd, {
          command: join(venv, 'bin/python'),
          program: builtPythonHost,
          args: ['--port', '0', '--root', cwd],
        });
        try {
          return await (await fetch(`${host.url}/api/hello`)).text();
        } finally {
          await host.stop();
        }
      };
      const repository = `git+file://${await bareRepository()}@main#subdirectory=extension`;
      const used = await cli(
        [':use', `--extension=${repository}`, `--extension=${functionLevel}`, '-y'],
        { cwd, env },
      );
      assert.equal(used.exitCode, 0, used.all);
      assert.equal(
        read(cwd, 'requirements.txt'),
        [
          'azure-functions',
          `${repository}&egg=python-worker-extension-audit`,
          '# From wheels/, which is deployed with the app:',
          '--find-links wheels',
          'python-worker-extension-timer',
        ].join('\n'),
      );
      const steps = [...used.all.matchAll(/^ {2}\d\. (pip .*?)(?: {2}.*)?$/gm)].map(
        ([, one = '']) => one,
      );
      assert.equal(steps.length, 2, used.all);
      assert.match(
        await answer(...steps),
        /^hello \(TimeElapsed: \S+ sec\) \(TimeElapsed: \S+ sec\)$/,
      );
      const removed = await cli([':use', '--remove=timer', '--remove=audit', '-y'], { cwd, env });
      assert.equal(removed.exitCode, 0, removed.all);
      assert.match(
        removed.all,
        /rm wheels\/python_worker_extension_timer-1\.0\.0-py3-none-any\.whl/,
      );
      rmSync(join(cwd, 'wheels'), { recursive: true });
      assert.deepEqual(withoutCaches(contentsOf(cwd)), before);
      assert.equal(await answer('pip install -r requirements.txt'), 'hello');
    });
  }

  it('removes an extension whose module is called otherwise, and refuses what is not there', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const before = contentsOf(cwd);
    const folder = newFolder('audit');
    mkdirSync(join(folder, 'src/contoso'), { recursive: true });
    writeFileSync(join(folder, 'pyproject.toml'), '[project]\nname = "Audit_Log"\nversion = "1"\n');
    writeFileSync(
      join(folder, 'src/contoso/log.py'),
      'from azure.functions import FuncExtensionBase\n\n\nclass Log(FuncExtensionBase):\n    def __init__(self, file_path: str, level: dict[str, int], to="a, b", *args, sink, **kwargs) -> None:\n        super().__init__(file_path)\n',
    );
    const used = await cli([':use', `--extension=${folder}`, '-y'], { cwd, env });
    assert.equal(used.exitCode, 0, used.all);
    assert.match(used.all, /^Give the call of Log what it needs: level, sink\. Next:$/m);
    assert.match(
      read(cwd, 'function_app.py'),
      /^from contoso\.log import Log\nimport os\n\nLog\(os\.path\.join\(os\.environ\["AzureWebJobsScriptRoot"\], "hello"\)\)\n/m,
    );
    const early = await cli([':use', '--remove=audit-log', '-y'], { cwd, env });
    assert.equal(early.exitCode, 1);
    assert.match(
      early.all,
      /^What switches audit-log on cannot be told, since it is not in wheels\/\. /,
    );
    await script([`python3 -m pip wheel --quiet --no-deps --wheel-dir wheels ${folder}`], cwd, env);
    const asked = await cli([':use', '--remove=audit-log'], { cwd, env });
    assert.equal(asked.exitCode, 1);
    assert.match(
      asked.all,
      /^function_app\.py would be overwritten, and there is no terminal to ask in\./m,
    );
    const removed = await cli([':use', '--remove=audit.log', '-y'], { cwd, env });
    assert.equal(removed.exitCode, 0, removed.all);
    rmSync(join(cwd, 'wheels'), { recursive: true });
    assert.deepEqual(contentsOf(cwd), before);
    const again = await cli([':use', '--remove=audit-log', '-y'], { cwd, env });
    assert.equal(again.exitCode, 1);
    assert.match(
      again.all,
      /^\S+ has no extension "audit-log": it is neither in requirements\.txt nor imported\.$/,
    );
  });

  it('takes a name on PyPI, of an extension that is not ours', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const { exitCode, all } = await cli(
      [':use', '--extension=opencensus-extension-azure-functions', '-y'],
      { cwd, env },
    );
    assert.equal(exitCode, 0, all);
    assert.match(
      read(cwd, 'requirements.txt'),
      /^opencensus-extension-azure-functions==1\.\d+\.\d+$/m,
    );
    assert.match(
      read(cwd, 'function_app.py'),
      /^from opencensus\.extension\.azure\.functions import OpenCensusExtension\n\nOpenCensusExtension\.configure\(\)$/m,
    );
  });

  it('refuses what is no extension, and what is not there', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const before = contentsOf(cwd);
    const folder = newFolder('other');
    writeFileSync(join(folder, 'pyproject.toml'), '[project]\nname = "other"\nversion = "1"\n');
    writeFileSync(join(folder, 'other.py'), '');
    for (const [spec, reason] of [
      [folder, /is no worker extension/],
      ['./nowhere', /There is no /],
      ['--upgrade', /nothing that pip can install|needs a value/],
    ] as const) {
      const { exitCode, all } = await cli([':use', `--extension=${spec}`, '-y'], { cwd, env });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
    }
    assert.deepEqual(contentsOf(cwd), before);
  });
});
