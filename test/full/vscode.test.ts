import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { freePort } from '../../tools/support/ports.js';
import { run } from '../../tools/support/processes.js';
import { readVsCode, type Task, taskOf, type VsCode } from '../support/vscode.js';

const ended = new Map<string, Promise<void>>();

/** Runs a task as Visual Studio Code does: what it depends on first, and in a shell. Once is enough. */
function runTask(vsCode: VsCode, label: string): Promise<void> {
  const task = taskOf(vsCode, label);
  const key = `${task.cwd} ${label}`;
  const end = ended.get(key) ?? runAnew(vsCode, task);
  ended.set(key, end);
  return end;
}

async function runAnew(vsCode: VsCode, { command, dependsOn, cwd, type }: Task): Promise<void> {
  if (dependsOn !== undefined) {
    await runTask(vsCode, dependsOn);
  }
  // Core Tools are not here. That the app builds, and is in this folder, is all that can be shown.
  if (type === 'func') {
    assert.ok(existsSync(join(cwd, 'host.json')));
    return;
  }
  const { failed, all } = await execa(command, { shell: true, cwd, all: true, reject: false });
  assert.ok(!failed, `${command}: ${all}`);
}

/** The source maps below a folder. */
function mapsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js.map'))
    .map((file) => join(folder, file));
}

describe('Visual Studio Code', () => {
  const cwd = newFolder('vscode');
  before(async () => {
    const quick = ['--name', 'timer', '--yes', '--no-git'];
    await scaffold(['workspace', ...quick], cwd);
    await scaffold([':extension', 'extension', ...quick], cwd);
    await scaffold(
      [':function-app', 'function-app', '--extension', './extension', '--yes', '--no-git'],
      cwd,
    );
  });

  // The app installs the extension as it is built, so it comes last.
  for (const layout of ['workspace', 'extension', 'function-app']) {
    describe(`in ${layout}`, () => {
      const folder = join(cwd, layout);
      let vsCode: VsCode;
      before(async () => {
        vsCode = readVsCode(folder);
        const app = layout === 'workspace' ? join(folder, 'function-app') : folder;
        if (layout !== 'extension') {
          const settings = join(app, 'local.settings.json');
          writeJson(settings, { ...readJson(settings), Host: { LocalHttpPort: await freePort() } });
        }
        await runTask(vsCode, 'npm install');
      });

      it('runs every task', async () => {
        for (const { label } of vsCode.tasks) {
          await runTask(vsCode, label);
        }
      });

      it('runs every launch configuration', async () => {
        for (const { name, request, preLaunchTask, ...node } of vsCode.configurations) {
          await runTask(vsCode, preLaunchTask ?? '');
          if (request === 'attach') {
            continue;
          }
          const { program, runtimeArgs = [], cwd: at = '' } = node;
          if (program === undefined) {
            const { failed, all } = await run(process.execPath, runtimeArgs, { cwd: at });
            assert.ok(!failed, `${name}: ${all}`);
            assert.match(all, /^(#|ℹ) pass [1-9]/m);
          } else {
            assert.equal(program, join(at, 'local-host.cjs'));
            const host = await startHost(at, { args: [] });
            try {
              assert.equal((await fetch(`${host.url}/api/HttpTrigger`)).status, 200);
            } finally {
              await host.stop();
            }
          }
        }
      });

      it('finds the sources of all that is compiled, for breakpoints', () => {
        const compiled = [
          'dist',
          'build',
          'extension/dist',
          'extension/build',
          'function-app/dist',
        ].map((one) => join(folder, one));
        const maps = compiled.filter((one) => existsSync(one)).flatMap(mapsIn);
        assert.ok(maps.length > 2);
        for (const map of maps) {
          const { sources, sourceRoot = '' } = readJson(map);
          for (const source of sources) {
            const file = resolve(dirname(map), sourceRoot, source);
            assert.ok(file.startsWith(folder) && existsSync(file), `${map}: ${file}`);
          }
        }
      });

      if (layout !== 'extension') {
        it('deploys what its task has made', async () => {
          const { settings } = vsCode;
          await runTask(vsCode, String(settings['azureFunctions.preDeployTask']));
          const deployed = join(folder, String(settings['azureFunctions.deploySubpath']));
          for (const file of ['host.json', 'dist/src/index.js', 'node_modules/@azure/functions']) {
            assert.ok(existsSync(join(deployed, file)), file);
          }
        });
      }
    });
  }
});
