import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { planRemovalInPython } from '../../generators/commands/remove-python.js';
import type { Plan } from '../../generators/commands/plan.js';
import { planUseInPython } from '../../generators/commands/use-python.js';
import { readPythonFunctions } from '../../generators/found/python-app.js';
import { python } from '../../generators/languages/python.js';
import { toField, type WorkerExtension } from '../../generators/worker-extension.js';
import { read } from '../../tools/support/files.js';
import { systemWith } from '../support/decided.js';
import { contentsOf, pythonApp, V1, V2 } from '../support/python-apps.js';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const timer: WorkerExtension = {
  packageName: 'python-worker-extension-timer',
  className: 'TimerExtension',
  scope: 'app',
  settings: {},
  dependency: '/elsewhere/timer',
};
const audit: WorkerExtension = {
  packageName: 'python-worker-extension-audit',
  className: 'AuditExtension',
  scope: 'function',
  options: { to: 'a "log"', levels: [1, -2.5], deep: { a: null }, long: 'x'.repeat(60) },
  settings: { AUDIT_KEY: 'a key' },
  dependency: 'python-worker-extension-audit @ git+https://example.com/audit@main#subdirectory=x',
};
const local: WorkerExtension = {
  packageName: 'python-worker-extension-local',
  className: 'LocalExtension',
  scope: 'app',
  settings: {},
  dependency: 'git+file:///elsewhere/local.git#egg=python-worker-extension-local',
};
const foreign: WorkerExtension = {
  packageName: 'contoso-log',
  className: 'Log',
  module: 'contoso.log',
  takesNames: false,
  scope: 'function',
  settings: {},
  dependency: 'contoso-log==1.0.0',
};

const base = { language: 'python', destination: '', extensions: [] } as const;

function written(root: string, plan: Plan): void {
  for (const { path, contents } of [...plan.files, ...plan.edits]) {
    writeFileSync(join(root, path), contents);
  }
  plan.removals?.forEach((path) => rmSync(join(root, path)));
}

function use(root: string, ...extensions: WorkerExtension[]): Plan {
  const app = readPythonFunctions(root, { env: {} });
  const functionName = app.scripts[0]?.functionNames[0] ?? '';
  const plan = planUseInPython(
    { ...base, removed: [], functionName },
    { app, extensions },
    systemWith(),
    false,
  );
  written(root, plan);
  return plan;
}

async function remove(root: string, ...removed: string[]): Promise<Plan> {
  const app = readPythonFunctions(root, { env: {} });
  const decision = { ...base, removed, functionName: 'unused' };
  const plan = await planRemovalInPython(decision, { app }, systemWith(), false);
  written(root, plan);
  return plan;
}

/** A source whose beginning is made up. */
const sources = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.constantFrom('', '#!/usr/bin/env python\n# what it is\n'),
    fc.constantFrom('', '"""An app."""\n', '"""It\'s\n\nimport this\n"""\n\n', "'''x'''  # why\n"),
    fc.constantFrom('', 'from __future__ import annotations\n\n'),
    fc.constantFrom('import azure.functions as func\n', 'import azure.functions as func, os\n'),
    fc.constantFrom('', 'import os\n', 'from a import (\n    b,  # )\n)\n', 'import c; c.d()\n'),
    fc.constantFrom(
      '',
      '\n',
      '\n\n\n# more\n',
      'try:\n    import b\nexcept ImportError:\n    b = None\n',
    ),
    fc.constantFrom(V2.slice(V2.indexOf('app = ')), 'app = func.FunctionApp()'),
  )
  .map((parts) => parts.join(''));

const requirements = fc.constantFrom(
  undefined,
  '',
  'azure-functions',
  'azure-functions\n',
  '# all\n-r more.txt\nazure-functions>=1.7 ; python_version < "3.13"  # why\n\n',
  'azure-functions==1.21.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n',
  '--find-links wheels\n',
  'requests @ https://example.com/requests.whl\n-e .\n-f wheels',
);

const settings = fc.constantFrom(
  '{\n  "Values": {\n    "FUNCTIONS_WORKER_RUNTIME": "python"\n  }\n}\n',
  '{\n  // local\n  "Values": {\n    "FUNCTIONS_WORKER_RUNTIME": "python", // this\n    "A": "b" /* that */,\n  },\n}',
  '{\n\t"IsEncrypted": false,\n\t"Values": {\n\t\t"FUNCTIONS_WORKER_RUNTIME": "python"\n\t},\n\t"Host": { "CORS": "*" }\n}\n',
);

describe(`use and remove in an app in Python (SEED=${seed})`, () => {
  it('gives each file back byte for byte, whatever is used and removed in which order', async () => {
    await fc.assert(
      fc.asyncProperty(
        sources,
        requirements,
        settings,
        fc.boolean(),
        fc.boolean(),
        fc.shuffledSubarray([timer, audit, local, foreign], { minLength: 1 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (source, text, localSettings, isV1, isWindows, extensions, atOnce, order) => {
          const files = {
            ...(isV1
              ? { ...V1, 'Hello/__init__.py': source }
              : {
                  'function_app.py': source.endsWith('()')
                    ? `${source}\n\n${V2.slice(V2.indexOf('@app'))}`.trimEnd()
                    : source,
                }),
            ...(text !== undefined && { 'requirements.txt': text }),
            'local.settings.json': localSettings,
          };
          // As pip has installed it: it says which settings are its own.
          const site = `.venv/lib/python3.12/site-packages/${python.moduleName(audit.packageName)}`;
          const root = pythonApp(
            Object.fromEntries(
              Object.entries({
                ...files,
                '.venv/pyvenv.cfg': '',
                [`${site}/worker_extension.json`]: JSON.stringify(toField(audit)),
              }).map(([path, one]) => [path, isWindows ? one.replaceAll('\n', '\r\n') : one]),
            ),
          );
          if (text === undefined) {
            rmSync(join(root, 'requirements.txt'));
          }
          const before = contentsOf(root);
          if (atOnce) {
            use(root, ...extensions);
          } else {
            extensions.forEach((one) => use(root, one));
          }
          const used = contentsOf(root);
          assert.notDeepEqual(used, before);
          const names = extensions.map(({ packageName }) => packageName);
          const shuffled = names.sort(() => ((order.next().value ?? 0) % 2) - 0.5);
          if (atOnce) {
            await remove(root, ...shuffled);
          } else {
            for (const name of shuffled) {
              await remove(root, name);
            }
          }
          assert.deepEqual(contentsOf(root), before);
        },
      ),
      { seed, numRuns: 100 },
    );
  });

  for (const [what, path, edit, reason] of [
    [
      'options that are no literals',
      'function_app.py',
      (text: string) => text.replace('configure()', 'configure(log=LOG)'),
      /function_app\.py does more with TimerExtension than to switch it on\./,
    ],
    [
      'a comment',
      'function_app.py',
      (text: string) => text.replace('configure()', 'configure()  # first'),
      /does more with TimerExtension/,
    ],
    [
      'another import',
      'function_app.py',
      (text: string) => text.replace('import TimerExtension', 'import TimerExtension, more'),
      /does more with python_worker_extension_timer/,
    ],
    [
      'another use',
      'function_app.py',
      (text: string) => `${text}\n\nprint(TimerExtension)\n`,
      /does more with TimerExtension/,
    ],
    [
      'a use in another file',
      'other.py',
      () => 'import python_worker_extension_timer as timer\n',
      /other\.py does more with python_worker_extension_timer/,
    ],
    [
      'a marker',
      'requirements.txt',
      (text: string) => text.replace('-timer', '-timer; python_version < "3.13"'),
      /^Error: requirements\.txt says more of python-worker-extension-timer than to install it: .*; python_version < "3\.13" Remove that by hand, and try again\.$/,
    ],
  ] as const) {
    it(`refuses to remove lines to which somebody has added ${what}`, async () => {
      const root = pythonApp({ 'function_app.py': V2, 'other.py': '' });
      use(root, timer);
      const file = join(root, path);
      writeFileSync(file, edit(readFileSync(file, 'utf8')));
      const before = contentsOf(root);
      await assert.rejects(remove(root, 'timer'), reason);
      assert.deepEqual(contentsOf(root), before);
    });
  }

  it('shows what it removes, also options that have changed and another version', async () => {
    const root = pythonApp({ 'function_app.py': V2 });
    use(root, { ...timer, dependency: 'python-worker-extension-timer==1.0.0' });
    for (const [path, from, to] of [
      ['function_app.py', 'configure()', 'configure(\n    append_to_http_response=False,\n)'],
      ['requirements.txt', '==1.0.0', '>=1.2,<2'],
    ] as const) {
      const file = join(root, path);
      writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    }
    const { summary } = await remove(root, 'timer');
    assert.match(summary, /^ {2}requirements\.txt +python-worker-extension-timer>=1\.2,<2$/m);
    assert.match(summary, /append_to_http_response=False/);
    assert.equal(read(root, 'function_app.py'), V2);
    assert.equal(read(root, 'requirements.txt'), 'azure-functions');
  });

  it('takes an extension for used whose address somebody has put into requirements.txt', () => {
    const [, address = ''] = audit.dependency.split(' @ ');
    for (const requirements of [
      `${address}\n`,
      '-r more.txt\nPython_Worker.Extension-Audit>=1 # why',
    ]) {
      const root = pythonApp({ 'function_app.py': V2, 'requirements.txt': requirements });
      use(root, audit);
      assert.equal(read(root, 'requirements.txt'), requirements);
    }
  });

  for (const [what, pyproject, steps] of [
    [
      'pip',
      '',
      ['pip wheel --no-deps --wheel-dir wheels ELSEWHERE', 'pip install -r requirements.txt'],
    ],
    [
      'uv, by requirements.txt',
      '[tool.uv]\nmanaged = false\n',
      ['uv build --wheel --out-dir wheels ELSEWHERE', 'uv pip install -r requirements.txt'],
    ],
    [
      'uv, by pyproject.toml',
      '[project]\nname = "app"\n\n[tool.uv]\npackage = false\n',
      ['uv build --wheel --out-dir wheels ELSEWHERE', 'uv add ELSEWHERE'],
    ],
  ] as const) {
    it(`says how to go on in an app that is installed by ${what}`, async () => {
      const root = pythonApp({ 'function_app.py': V2, 'pyproject.toml': pyproject });
      const commands = use(root, timer).nextSteps.map(([command]) =>
        command.replace(/\S*elsewhere\/timer/, 'ELSEWHERE'),
      );
      assert.deepEqual(commands.slice(0, -1), steps);
      const [uninstall] = (await remove(root, 'timer')).nextSteps;
      assert.match(
        String(uninstall?.[0]),
        what === 'pip' ? /^pip uninstall / : /^uv (?:pip uninstall|remove) /,
      );
    });
  }

  it('keeps the setting for as long as there is another extension', async () => {
    const root = pythonApp({ 'function_app.py': V2 });
    use(root, timer, foreign);
    await remove(root, 'timer');
    assert.match(read(root, 'local.settings.json'), /"PYTHON_ENABLE_WORKER_EXTENSIONS": "1"/);
    await remove(root, 'contoso-log');
    assert.doesNotMatch(read(root, 'local.settings.json'), /PYTHON_ENABLE/);
  });

  it('orders the hooks of several as they are given', () => {
    const root = pythonApp({ 'function_app.py': V2 });
    use(root, timer, foreign);
    assert.match(
      read(root, 'function_app.py'),
      /^from python_worker_extension_timer import TimerExtension\nfrom contoso\.log import Log\nimport os\n\nTimerExtension\.configure\(\)\n\nLog\(os\.path\.join\(os\.environ\["AzureWebJobsScriptRoot"\], "hello"\)\)\n\napp = /m,
    );
  });
});
