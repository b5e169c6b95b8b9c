import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli } from '../../tools/support/processes.js';
import { foreignApp } from '../support/apps.js';
import { runGenerator } from '../support/generator.js';

const SCRIPT = `"""An app."""
import azure.functions as func
from elasticapm.contrib.serverless.azure import ElasticAPMExtension

ElasticAPMExtension.configure()
app = func.FunctionApp()
`;
const CHANGED = SCRIPT.replace(
  'ElasticAPMExtension\n\n',
  'ElasticAPMExtension\nimport worker_extension_bridge  # noqa: F401\n\n',
);
const BRIDGE = read(root, 'templates/python/extension/src/python_worker_extension_timer/bridge.py');

/** An app in Python that is not ours, as `func init` makes it. */
function pythonApp(files: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder('app');
  const all = {
    'host.json': '{ "version": "2.0" }\n',
    'local.settings.json':
      '{ "Values": { "FUNCTIONS_WORKER_RUNTIME": "python", "PYTHON_ENABLE_WORKER_EXTENSIONS": "1" } }\n',
    'requirements.txt': 'azure-functions\n',
    'function_app.py': SCRIPT,
    ...files,
  };
  for (const [path, contents] of Object.entries(all)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), contents);
  }
  return folder;
}

/** All files of a folder with what is in them. */
function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(filesIn(folder).map((file) => [file, read(folder, file)]));
}

describe('generator bridge', () => {
  it('adds one file and its import, shows it, and does so once', async () => {
    const cwd = pythonApp();
    const before = contentsOf(cwd);
    const first = await cli([':bridge'], { cwd });
    assert.equal(first.exitCode, 0, first.all);
    const after = { ...before, 'worker_extension_bridge.py': BRIDGE, 'function_app.py': CHANGED };
    assert.deepEqual(contentsOf(cwd), after);
    assert.match(first.all, /create worker_extension_bridge\.py\n *update function_app\.py/);
    assert.match(
      first.all,
      /function_app\.py +import worker_extension_bridge {2}# noqa: F401\n[^]*1\. func start/,
    );
    const second = await cli([':bridge', '--yes'], { cwd });
    assert.equal(second.exitCode, 0, second.all);
    assert.match(second.all, /The bridge is in place already\. Nothing has changed\./);
    assert.deepEqual(contentsOf(cwd), after);
  });

  it('adds what is missing only', async () => {
    for (const [path, contents] of [
      ['worker_extension_bridge.py', BRIDGE],
      ['function_app.py', CHANGED],
    ] as const) {
      const cwd = pythonApp({ [path]: contents });
      const { exitCode, all } = await cli([':bridge'], { cwd });
      assert.equal(exitCode, 0, all);
      assert.match(all, /, already\n/);
      assert.equal(read(cwd, 'function_app.py'), CHANGED);
      assert.equal(read(cwd, 'worker_extension_bridge.py'), BRIDGE);
    }
  });

  it('writes nothing in a dry run', async () => {
    const cwd = pythonApp();
    const before = contentsOf(cwd);
    const { exitCode, all } = await cli([':bridge', '--dry-run'], { cwd });
    assert.equal(exitCode, 0, all);
    assert.match(all, /worker_extension_bridge\.py[^]*function_app\.py/);
    assert.deepEqual(contentsOf(cwd), before);
  });

  it('goes by the file that the app settings name, and into a folder that is named', async () => {
    const cwd = newFolder();
    const folder = pythonApp({
      'local.settings.json':
        '// comment\n{ "Values": { "FUNCTIONS_WORKER_RUNTIME": "python", "PYTHON_SCRIPT_FILE_NAME": "main.py", } }\n',
      'main.py': SCRIPT,
    });
    const { exitCode, all } = await cli([':bridge', folder], { cwd });
    assert.equal(exitCode, 0, all);
    assert.equal(read(folder, 'main.py'), CHANGED);
    assert.equal(read(folder, 'function_app.py'), SCRIPT);
    assert.match(all, /PYTHON_ENABLE_WORKER_EXTENSIONS is 1, which local\.settings\.json does not/);
  });

  it('finds the app of a project of ours, and one without local settings', async () => {
    const { cwd } = await runGenerator('app', {
      options: { yes: true, git: false, language: 'python', name: 'timer' },
    });
    const folder = join(cwd, 'python-worker-extension-timer');
    rmSync(join(folder, 'function-app/local.settings.json'));
    const { exitCode, all } = await cli([':bridge', folder], { cwd });
    assert.equal(exitCode, 0, all);
    assert.match(all, /1\. cd [^\n]*function-app\n {2}2\. python local_host\.py/);
    assert.equal(read(folder, 'function-app/worker_extension_bridge.py'), BRIDGE);
    assert.match(read(folder, 'function-app/function_app.py'), /^import worker_extension_bridge/m);
  });

  it('overwrites nothing that is not ours, unless told to', async () => {
    const files = { 'worker_extension_bridge.py': '# mine\n' };
    const cwd = pythonApp(files);
    const refused = await cli([':bridge'], { cwd });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.all, /worker_extension_bridge\.py would be overwritten/);
    assert.equal(read(cwd, 'function_app.py'), SCRIPT);
    const forced = await cli([':bridge', '--force'], { cwd });
    assert.equal(forced.exitCode, 0, forced.all);
    assert.equal(read(cwd, 'worker_extension_bridge.py'), BRIDGE);
  });

  for (const [what, app, reason] of [
    ['a folder that is none', () => newFolder(), /is not the folder of a function app/],
    [
      'an app of the programming model v1',
      () => {
        const folder = pythonApp({ 'HttpTrigger/function.json': '{}' });
        rmSync(join(folder, 'function_app.py'));
        return folder;
      },
      /uses programming model v1 \(HttpTrigger\/function\.json\)\. From Python 3\.13 on/,
    ],
    [
      'an app in Python without functions',
      () => {
        const folder = pythonApp();
        rmSync(join(folder, 'function_app.py'));
        return folder;
      },
      /has no function_app\.py/,
    ],
    [
      'an app in Node.js',
      () => foreignApp('typescript'),
      /is a function app for node\. The bridge is for apps in Python\. In Node\.js/,
    ],
    [
      'an app in another language',
      () =>
        pythonApp({
          'local.settings.json': '{ "Values": { "FUNCTIONS_WORKER_RUNTIME": "java" } }',
        }),
      /is a function app for java\./,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const cwd = app();
      const before = contentsOf(cwd);
      const { exitCode, all } = await cli([':bridge', '--yes'], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
      assert.equal(all.trim().split('\n').length, 1);
      assert.deepEqual(contentsOf(cwd), before);
    });
  }
});
