import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { filesIn, read, readJson, root, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm, type Outcome, run } from '../../tools/support/processes.js';
import {
  environmentOf,
  findPythons,
  pythonVersions,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { type Registry, startRegistry } from '../../tools/support/registry.js';
import { checkExpectations } from '../../tools/support/expectations.js';
import { hasCommit, packageAt } from '../support/history.js';
import { templatesOf } from '../support/templates.js';
import { commitAll, committedProject, git, nextVersion, update } from '../support/updates.js';
import { treeOf } from '../support/trees.js';
import { workflowsOf } from '../support/workflows.js';

const OWN = join(root, 'bin.cjs');

/** The last commit whose templates were not projects yet: a version 0.1.0, whose projects have no record. */
const WITHOUT_RECORD = '57f58c77159dea6495e4fb6d2bd89c258396399b';

/** The first commit whose projects have a record. */
const WITH_RECORD = '0710b81be0aca13d1006e03c66e1861376218c13';

/** The default of a template may be another one in a newer version; a project keeps its own. */
const DESCRIBED = '--description=Made by a test';

/** What an update has said of the files, for the title of its test. */
function countsIn({ all }: Outcome): string {
  return /^Files: (.*)\.$/m.exec(all)?.[1] ?? 'nothing';
}

function countOf(updated: Outcome, what: string): number {
  return Number(new RegExp(`(\\d+) ${what}`).exec(countsIn(updated))?.[1] ?? 0);
}

/** Replaces in all files of some kinds below a folder. */
function replaceIn(folder: string, files: RegExp, from: RegExp, to: string): void {
  for (const file of filesIn(folder).filter((one) => files.test(one))) {
    const text = read(folder, file);
    if (from.test(text)) {
      writeFileSync(join(folder, file), text.replaceAll(from, to));
    }
  }
}

/** The lines of a project, without those of its record. */
function linesOf(folder: string): Set<string> {
  return new Set(
    filesIn(folder)
      .filter((file) => !/\.azfunc-extension\.json$|local-host/.test(file))
      .flatMap((file) =>
        read(folder, file)
          .split('\n')
          .map((line) => line.trim()),
      ),
  );
}

/** Changes a project in TypeScript as its owner would. Returns the lines that are new. */
async function changeTypeScript(
  folder: string,
  extension: string,
  className: string,
): Promise<string[]> {
  const before = linesOf(folder);
  const renamed = `My${className}`;
  replaceIn(folder, /\.ts$|README\.md$/, new RegExp(`\\b${className}\\b`, 'g'), renamed);
  const manifest = join(folder, extension, 'package.json');
  const fields = readJson(manifest);
  writeJson(manifest, {
    ...fields,
    workerExtension: { ...fields.workerExtension, class: renamed },
    scripts: { ...fields.scripts, lint: 'echo linted' },
    devDependencies: { ...fields.devDependencies, '@types/node': '^22.0.0' },
  });
  replaceIn(
    join(folder, extension, 'src'),
    /^[^/]+\.ts$/,
    /(export interface \w+Options[^{]*\{\n)/g,
    '$1  /** What its owner has added. */\n  label?: string;\n',
  );
  writeFileSync(
    join(folder, extension, 'test/own.test.ts'),
    "import { it } from 'node:test';\n\nit('is a test of the owner', () => {});\n",
  );
  appendFileSync(
    join(folder, extension, 'README.md'),
    '\n## Mine\n\nWhat its owner has written.\n',
  );
  if (existsSync(join(folder, 'function-app'))) {
    const { exitCode, all } = await run(
      process.execPath,
      [OWN, ':function', 'function-app', '--trigger=timer', '--name=Nightly'],
      { cwd: folder },
    );
    assert.equal(exitCode, 0, all);
  }
  commitAll(folder);
  return [...linesOf(folder)].filter((line) => !before.has(line));
}

/** Changes a project in Python as its owner would. Returns the lines that are new. */
function changePython(folder: string, className: string): string[] {
  const before = linesOf(folder);
  const renamed = `My${className}`;
  replaceIn(folder, /\.py$|README\.md$/, new RegExp(`\\b${className}\\b`, 'g'), renamed);
  replaceIn(
    join(folder, 'extension'),
    /pyproject\.toml$/,
    /azure-functions>=1\.7\.0/g,
    'azure-functions>=1.8.0',
  );
  writeFileSync(
    join(folder, 'extension/tests/test_own.py'),
    'import unittest\n\n\nclass OwnTest(unittest.TestCase):\n    def test_of_the_owner(self) -> None:\n        self.assertTrue(True)\n',
  );
  appendFileSync(join(folder, 'extension/README.md'), '\n## Mine\n\nWhat its owner has written.\n');
  commitAll(folder);
  return [...linesOf(folder)].filter((line) => !before.has(line));
}

/** Each line of the owner's is somewhere in the project, or one that a merge by fields has rewritten. */
function holdsAll(folder: string, lines: readonly string[]): void {
  const left = linesOf(folder);
  const bare = new Set([...left].map((line) => line.replace(/,$/, '')));
  const lost = lines.filter((line) => !bare.has(line.replace(/,$/, '')));
  assert.deepEqual(lost, []);
}

/** A newer version with a change in code, tests, documents, manifests and tools, and a new file. */
function newerVersion() {
  const next = nextVersion();
  const { edit } = next;
  const line = (comment: string) => (text: string) => `${text}${comment} newer\n`;
  edit('typescript/extension/src/worker-extension/hooks.ts', line('//'));
  edit('typescript/extension/test/worker.ts', line('//'));
  edit('typescript/extension/README.md', (text) =>
    text.replace('\n## Install', '\nNewer.\n\n## Install'),
  );
  edit('typescript/extension/package.json', (text) =>
    text.replace('"scripts": {', '"scripts": {\n    "newer": "echo newer",'),
  );
  edit('package.json', (text) => text.replace(/("@types\/node": ")[^"]+/, '$1^20.19.0'));
  appendFileSync(join(next.templates, '../dist/local-host.cjs'), '// newer\n');
  writeFileSync(
    join(next.templates, 'typescript/extension/src/worker-extension/newer.ts'),
    'export const newer = true;\n',
  );
  const [contract = ''] = filesIn(join(next.templates, 'python/extension')).filter((file) =>
    file.endsWith('contract.py'),
  );
  edit(`python/extension/${contract}`, line('#'));
  edit('python/extension/README.md', (text) =>
    text.replace('\n## Install', '\nNewer.\n\n## Install'),
  );
  edit('python/extension/pyproject.toml', (text) =>
    text.replace(
      '    "Typing :: Typed",',
      '    "Topic :: Software Development",\n    "Typing :: Typed",',
    ),
  );
  return next;
}

/** The package manager that a project names, in that version; nothing for npm. */
async function toolOf(folder: string, pm: string): Promise<Record<string, string>> {
  if (pm === 'npm') {
    return {};
  }
  const { packageManager = `${pm}@10` } = readJson(folder, 'package.json') as {
    packageManager?: string;
  };
  const tool = newFolder('tool');
  const spec = packageManager.replace(/^yarn@/, '@yarnpkg/cli-dist@');
  await npm(['install', '--no-audit', '--no-fund', '--prefix', tool, spec], tool);
  return { PATH: [join(tool, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
}

describe('update to a newer version, with what owners change', () => {
  for (const [template, scope, pm] of [
    ['timer', 'app', 'npm'],
    ['guard', 'function', 'pnpm'],
    ['problem-details', 'app', 'yarn'],
    ['blank', 'function', 'npm'],
  ] as const) {
    it(`typescript, ${template}, ${scope}, ${pm}`, async function () {
      const flags = [`--template=${template}`, `--scope=${scope}`, `--package-manager=${pm}`];
      const folder = await committedProject(OWN, ['.', '--name=mine', ...flags]);
      const lines = await changeTypeScript(folder, 'extension', 'MineExtension');
      const next = newerVersion();
      const updated = await update(next.program, folder);
      assert.equal(updated.exitCode, 0, updated.all);
      this.test!.title += `: ${countsIn(updated)}`;
      holdsAll(folder, lines);
      assert.match(read(folder, 'function-app/local-host.cjs'), /\/\/ newer\n$/);
      assert.match(read(folder, 'extension/README.md'), /\nNewer\.\n[^]*\n## Mine\n/);
      assert.ok(existsSync(join(folder, 'extension/src/worker-extension/newer.ts')));
      const { scripts, devDependencies } = readJson(folder, 'extension/package.json');
      assert.equal(devDependencies['@types/node'], '^22.0.0');
      assert.equal(scripts.newer, 'echo newer');
      commitAll(folder);
      assert.match((await update(next.program, folder)).all, /^Nothing to update/);
      const env = await toolOf(folder, pm);
      for (const args of [['install'], ['test']]) {
        const { exitCode, all } = await run(pm, args, { cwd: folder, env });
        assert.equal(exitCode, 0, all);
      }
      const host = await startHost(join(folder, 'function-app'));
      const { expect = [] } = templatesOf('typescript').find(({ id }) => id === template) ?? {};
      // Its log has the name of the class, which the owner has changed.
      const seen = expect.map((one) => ({ ...one, log: undefined }));
      await checkExpectations(host, '/api/HttpTrigger', seen);
    });
  }

  it('typescript, validate, function, a package alone', async function () {
    const flags = ['--template=validate', '--scope=function', '--package-manager=npm'];
    const folder = await committedProject(OWN, [':extension', '.', '--name=mine', ...flags]);
    const lines = await changeTypeScript(folder, '', 'MineExtension');
    const next = newerVersion();
    const updated = await update(next.program, folder);
    assert.equal(updated.exitCode, 0, updated.all);
    this.test!.title += `: ${countsIn(updated)}`;
    holdsAll(folder, lines);
    await npm(['install'], folder);
    await npm(['test'], folder);
  });

  for (const [template, scope, model] of [
    ['timer', 'app', 'v2'],
    ['blank', 'function', 'v1'],
  ] as const) {
    it(`python, ${template}, ${scope}, ${model}`, async function () {
      const pythons = await findPythons();
      const version = pythonVersions.find((one) => pythons.has(one));
      const python = version === undefined ? undefined : pythons.get(version);
      const reason = await whyNoPyPI(python);
      if (python === undefined || reason !== undefined) {
        assert.ok(process.env.REQUIRE_PYTHON !== '1', reason);
        this.test!.title += ` (${reason})`;
        this.skip();
      }
      const flags = [`--template=${template}`, `--scope=${scope}`, `--programming-model=${model}`];
      const folder = await committedProject(OWN, [
        '.',
        '--language=python',
        '--name=mine',
        ...flags,
      ]);
      const lines = changePython(folder, 'MineExtension');
      const next = newerVersion();
      const updated = await update(next.program, folder);
      assert.equal(updated.exitCode, 0, updated.all);
      this.test!.title += `: ${countsIn(updated)}`;
      holdsAll(folder, lines);
      const pyproject = read(folder, 'extension/pyproject.toml');
      assert.match(pyproject, /azure-functions>=1\.8\.0/);
      assert.match(pyproject, /Topic :: Software Development/);
      commitAll(folder);
      assert.match((await update(next.program, folder)).all, /^Nothing to update/);
      const { exitCode, all } = await run(
        'bash',
        [
          '-e',
          '-c',
          [
            'python3 -m venv .venv',
            'source .venv/bin/activate',
            'pip install --quiet -e ./extension -r function-app/requirements.txt',
            'cd function-app',
            'python -m unittest discover tests',
            'cd ../extension',
            'python -m unittest discover tests',
          ].join('\n'),
        ],
        { cwd: folder, env: environmentOf(python) },
      );
      assert.equal(exitCode, 0, all);
      assert.equal(all.match(/^OK\b/gm)?.length, 2, all);
    });
  }
});

describe('update from 0.1.0, whose projects have no record', function () {
  let registry: Registry;
  let program: string;
  before(async function () {
    if (!hasCommit(WITHOUT_RECORD)) {
      this.test!.parent!.title += ' (this clone does not have its commit)';
      this.skip();
    }
    const folder = await packageAt(WITHOUT_RECORD);
    program = join(folder, 'bin.cjs');
    registry = await startRegistry();
    await npm(['publish', '--ignore-scripts'], folder, registry.publisher);
  });
  after(() => registry?.close());

  const updateFromRegistry = (cwd: string, ...args: string[]) =>
    run(process.execPath, [OWN, ':update', ...args], { cwd, env: registry.customer });

  for (const flags of [
    ['.', '--name=timer'],
    [
      '.',
      '--name=@contoso/audit',
      '--template=guard',
      '--scope=function',
      '--package-manager=pnpm',
    ],
    [
      '.',
      '--name=trace',
      '--template=tracing',
      '--package-manager=yarn',
      '--repository=contoso/trace',
    ],
    [
      '.',
      '--name=problems',
      '--template=problem-details',
      '--function-name=say-hello',
      '--author=Ada',
    ],
    [
      ':extension',
      '.',
      '--name=empty',
      '--template=blank',
      '--scope=function',
      '--license=Apache-2.0',
    ],
    ['.', '--language=python', '--name=timer'],
    [
      '.',
      '--language=python',
      '--name=empty',
      '--template=blank',
      '--scope=function',
      '--programming-model=v1',
    ],
    [':extension', '.', '--language=python', '--name=audit', '--scope=function'],
  ]) {
    it(`makes of an untouched one what a new run makes: ${flags.join(' ')}`, async function () {
      const folder = await committedProject(program, [...flags, DESCRIBED]);
      const updated = await updateFromRegistry(folder, '--yes');
      assert.equal(updated.exitCode, 0, updated.all);
      this.test!.title += `: ${countsIn(updated)}`;
      const fresh = await committedProject(OWN, [...flags, DESCRIBED]);
      assert.deepEqual(filesIn(folder), filesIn(fresh));
      for (const file of filesIn(fresh)) {
        assert.equal(read(folder, file), read(fresh, file), file);
      }
      commitAll(folder);
      assert.match((await updateFromRegistry(folder, '--yes')).all, /^Nothing to update/);
    });
  }

  it('works for an app alone', async function () {
    const cwd = newFolder();
    await committedProject(OWN, [':extension', 'extension', '--name=timer'], cwd);
    const app = join(cwd, 'app');
    await committedProject(program, [':function-app', 'app', '--extension=./extension'], cwd);
    await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], app);
    commitAll(cwd);
    const updated = await updateFromRegistry(app, '--yes');
    assert.equal(updated.exitCode, 0, updated.all);
    this.test!.title += `: ${countsIn(updated)}`;
    assert.ok(existsSync(join(app, 'local-host.cjs')));
    assert.equal(readJson(app, '.azfunc-extension.json').command, 'function-app');
  });

  it('loses nothing of what owners have changed, and lists what both have', async function () {
    for (const flags of [
      ['.', '--name=mine'],
      ['.', '--name=mine', '--template=guard', '--scope=function'],
    ]) {
      const folder = await committedProject(program, flags);
      const lines = await changeTypeScript(folder, 'extension', 'MineExtension');
      const updated = await updateFromRegistry(folder, '--yes');
      this.test!.title += `; ${flags.slice(1).join(' ')}: ${countsIn(updated)}`;
      holdsAll(folder, lines);
      for (const { path } of conflictsIn(folder)) {
        assert.ok(updated.all.includes(path), `${path} is not listed`);
      }
      assert.equal(updated.exitCode, conflictsIn(folder).length > 0 ? 1 : 0, updated.all);
      const again = await updateFromRegistry(folder, '--yes', '--force');
      assert.match(again.all, /^Nothing to update/);
    }
  });

  it('names the first commit where that version cannot be had, and loses nothing either way', async () => {
    const folder = await committedProject(program, ['.', '--name=mine']);
    const lines = await changeTypeScript(folder, 'extension', 'MineExtension');
    const refused = await update(OWN, folder, '--yes');
    assert.equal(refused.exitCode, 1);
    assert.equal(refused.all.split('\n').length, 1, refused.all);
    const [, first = ''] = /add --from (\w+)\./.exec(refused.all) ?? [];
    assert.ok(git(folder, 'rev-list', '--max-parents=0', 'HEAD').startsWith(first));
    const forced = await update(OWN, folder, '--yes', '--force');
    assert.equal(forced.exitCode, 1);
    assert.match(forced.all, /without the old output, so that all that differs is a conflict/);
    holdsAll(folder, lines);
    git(folder, 'stash', '--quiet', '--include-untracked');
    const updated = await update(OWN, folder, '--yes', '--from', first);
    assert.ok(countOf(updated, 'with conflicts') < countOf(forced, 'with conflicts') / 2);
    holdsAll(folder, lines);
  });
});

describe('update from the first version whose projects have a record', () => {
  let program: string;
  before(async function () {
    if (!hasCommit(WITH_RECORD)) {
      this.test!.parent!.title += ' (this clone does not have its commit)';
      this.skip();
    }
    program = join(await packageAt(WITH_RECORD), 'bin.cjs');
  });

  for (const flags of [
    ['.', '--name=timer'],
    ['.', '--name=audit', '--template=guard', '--scope=function', '--package-manager=pnpm'],
    ['.', '--name=trace', '--template=tracing', '--repository=contoso/trace'],
    [':extension', '.', '--name=checks', '--template=validate', '--scope=function'],
    ['.', '--language=python', '--name=timer', '--scope=function'],
    ['.', '--language=python', '--name=empty', '--template=blank', '--programming-model=v1'],
  ]) {
    it(`makes of an untouched one what a new run makes: ${flags.join(' ')}`, async function () {
      const folder = await committedProject(program, [...flags, DESCRIBED]);
      const updated = await update(OWN, folder);
      assert.equal(updated.exitCode, 0, updated.all);
      this.test!.title += `: ${countsIn(updated)}`;
      const fresh = await committedProject(OWN, [...flags, DESCRIBED]);
      assert.deepEqual(filesIn(folder), filesIn(fresh));
      for (const file of filesIn(fresh)) {
        assert.equal(read(folder, file), read(fresh, file), file);
      }
      commitAll(folder);
      assert.match((await update(OWN, folder)).all, /^Nothing to update/);
    });
  }

  for (const [language, flags] of [
    ['typescript', ['.', '--name=mine']],
    ['typescript', ['.', '--name=mine', '--template=validate', '--scope=function']],
    ['python', ['.', '--language=python', '--name=mine']],
    [
      'python',
      ['.', '--language=python', '--name=mine', '--scope=function', '--programming-model=v1'],
    ],
  ] as const) {
    it(`loses nothing of what owners have changed: ${flags.join(' ')}`, async function () {
      const folder = await committedProject(program, flags);
      const lines =
        language === 'python'
          ? changePython(folder, 'MineExtension')
          : await changeTypeScript(folder, 'extension', 'MineExtension');
      const updated = await update(OWN, folder);
      this.test!.title += `: ${countsIn(updated)}`;
      holdsAll(folder, lines);
      for (const { path } of conflictsIn(folder)) {
        assert.ok(updated.all.includes(path), `${path} is not listed`);
      }
      const again = await update(OWN, folder, '--force');
      assert.match(again.all, /^Nothing to update/);
    });
  }
});

/** Files with conflict markers. */
function conflictsIn(folder: string): { path: string }[] {
  return filesIn(folder)
    .filter((path) => /^<{7} yours$/m.test(read(folder, path)))
    .map((path) => ({ path }));
}

describe('the weekly workflow', () => {
  it('proposes what :update changes, and proposes it once', async () => {
    const folder = await committedProject(OWN, [
      '.',
      '--name=timer',
      '--ci=github',
      '--weekly-update',
    ]);
    const origin = newFolder('origin');
    git(origin, 'init', '--quiet', '--bare');
    git(folder, 'remote', 'add', 'origin', origin);
    const next = newerVersion();
    // In place of npx and gh, which need a registry and GitHub. npm has nothing to install.
    const bin = newFolder('bin');
    const said = join(bin, 'gh.txt');
    const tools = {
      npx: `[ "$2" = generator-azfunc-extension@latest ] && shift 2 && exec "${process.execPath}" "${next.program}" "$@"`,
      gh: `echo "$@" >> "${said}"; if [ "$2" = list ] && grep -q 'pr create' "${said}"; then echo 1; fi`,
      npm: 'exit 0',
    };
    for (const [name, script] of Object.entries(tools)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const steps = workflowsOf(folder).get('update.yml')?.jobs.update?.steps ?? [];
    const command = steps.find(({ run: one }) => one?.includes(':update'))?.run ?? '';
    const env = {
      PATH: [bin, process.env.PATH].join(delimiter),
      RUNNER_TEMP: newFolder('runner'),
      npm_config_offline: 'true',
    };
    const propose = () => run('bash', ['-e', '-c', command], { cwd: folder, env });
    const main = git(folder, 'branch', '--show-current').trim();
    const first = await propose();
    assert.equal(first.exitCode, 0, first.all);
    assert.match(git(origin, 'show', '--stat', 'generator-update'), /worker-extension\/newer\.ts/);
    assert.match(readFileSync(said, 'utf8'), /^pr create --head generator-update/m);
    git(folder, 'switch', '--quiet', main);
    git(folder, 'branch', '--quiet', '-D', 'generator-update');
    const again = await propose();
    assert.equal(again.exitCode, 0, again.all);
    assert.equal(readFileSync(said, 'utf8').match(/^pr create/gm)?.length, 1);
    const before = treeOf(join(folder, 'extension'));
    // What has been merged is not proposed again.
    const nothing = await propose();
    assert.equal(nothing.exitCode, 0, nothing.all);
    assert.match(nothing.all, /Nothing to update/);
    assert.deepEqual(treeOf(join(folder, 'extension')), before);
  });
});
