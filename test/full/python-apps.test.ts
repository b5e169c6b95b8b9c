import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, run } from '../../tools/support/processes.js';
import { findPythons, whyNoPyPI } from '../../tools/support/python.js';
import { runGenerator } from '../support/generator.js';
import { contentsOf, pythonApp, V1, V2 } from '../support/python-apps.js';

describe('generator use in an app in Python', function () {
  this.timeout(120_000);
  let env: Record<string, string>;
  let extension: string;
  let functionLevel: string;

  before(async function () {
    const python = [...(await findPythons()).values()].find(Boolean);
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
      'azure-functions\n--find-links wheels\npython-worker-extension-timer\n',
    );
    assert.equal(
      JSON.parse(after['local.settings.json'] ?? '').Values.PYTHON_ENABLE_WORKER_EXTENSIONS,
      '1',
    );
    assert.equal(
      after['function_app.py'],
      V2.replace(
        'as func\n',
        'as func\nfrom python_worker_extension_timer import TimerExtension\n\nTimerExtension.configure()\n',
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
    assert.match(read(v2, 'function_app.py'), /^TimerExtension\("hello"\)$/m);
    assert.match(read(v1, 'Hello/__init__.py'), /^TimerExtension\(__file__\)$/m);
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
    assert.match(read(cwd, 'function_app.py'), /^TimerExtension\.configure\(\)$/m);
  });

  it('shows the change of code and asks, where there is no --yes', async () => {
    const cwd = pythonApp({ 'function_app.py': V2 });
    const { exitCode, all } = await cli([':use', `--extension=${extension}`], { cwd, env });
    assert.notEqual(exitCode, 0, all);
    assert.equal(read(cwd, 'function_app.py'), V2);
    assert.equal(read(cwd, 'requirements.txt'), 'azure-functions');
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
