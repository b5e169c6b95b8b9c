import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { py, toml } from '../../generators/templates/serialize.js';
import { checkExpectations } from '../../tools/support/expectations.js';
import { read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { run } from '../../tools/support/processes.js';
import {
  environmentOf,
  findPythons,
  pythonProjects,
  pythonsWithHooks,
  pythonVersions,
  script,
  testedPythons,
  toolFrom,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { blocksIn, blockWith } from '../support/readme.js';
import { templatesOf } from '../support/templates.js';
import { readVsCode } from '../support/vscode.js';

const NASTY = [
  `it's "quoted" \`and\` \\ back\\slashed`,
  '${x} {x} %s <%= x %> #',
  'two\nlines\u2028and\u2029more\u0000\u007f',
  'é 😀 \ud800',
];

const INSTALL = 'pip install -e ./extension -r function-app/requirements.txt';

/** Scaffolds a project in Python. */
async function project(...options: string[]): Promise<string> {
  return scaffold(['.', '--language', 'python', '--yes', '--no-git', ...options]);
}

describe('Python', function () {
  this.timeout(240_000);
  let pythons = new Map<string, string>();
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI(pythonVersions.map((version) => pythons.get(version)).find(Boolean));
  });

  /** The best interpreter of some versions: those that are supported, unless others are wanted. */
  function interpreter(test: Context, versions: readonly string[] = pythonVersions): string {
    const path = versions.map((one) => pythons.get(one)).find(Boolean);
    const reason = missing ?? (path ? undefined : `there is no Python ${versions.join(' or ')}`);
    if (reason !== undefined) {
      // Those that are only tested where they are installed may be skipped anywhere.
      const isSupported = versions.some((one) => pythonVersions.includes(one));
      assert.ok(process.env.REQUIRE_PYTHON !== '1' || !isSupported, reason);
      test.test!.title += ` (${reason})`;
      test.skip();
    }
    return path ?? '';
  }

  /** A new virtual environment. It has no pip of its own: others install into it. */
  async function bareEnvironment(python: string): Promise<string> {
    const folder = newFolder('venv');
    await script(['python3 -m venv --without-pip .'], folder, environmentOf(python));
    return join(folder, 'bin/python');
  }

  for (const { scope, model } of pythonProjects) {
    it(`scope ${scope} for ${model} does what its readmes say`, async function () {
      const python = interpreter(this, model === 'v1' ? pythonsWithHooks : pythonVersions);
      const env = environmentOf(python);
      const folder = await project(
        '--name',
        'timer',
        '--scope',
        scope,
        '--programming-model',
        model,
      );
      const activate = blockWith('source .venv/bin/activate', read(folder, 'README.md'));

      const tested = await script(
        [
          ...activate,
          ...blockWith(INSTALL, read(folder, 'README.md')),
          ...blockWith('ruff check', read(folder, 'README.md')),
          'cd ../function-app',
          'ruff format',
          'ruff check',
          'mypy',
          'python -c "import python_worker_extension_timer; print(python_worker_extension_timer.__file__)"',
        ],
        folder,
        env,
      );
      assert.equal(tested.match(/^OK$/gm)?.length, 2, tested);
      const [, count = '0', ...others] = [...tested.matchAll(/^Ran (\d+) tests/gm)].flat();
      assert.ok(Number(count) > 0 && others.length > 0, tested);
      assert.ok(
        tested.trim().endsWith(`${folder}/extension/src/python_worker_extension_timer/__init__.py`),
        'it is installed in editable mode',
      );

      const { configurations } = readVsCode(folder);
      assert.deepEqual(configurations.map(({ program }) => program).filter(Boolean), [
        join(folder, 'function-app/local_host.py'),
      ]);
      const launched = configurations.filter(({ module }) => module !== undefined);
      assert.equal(launched.length, 2);
      for (const { name, module = '', args = [], cwd } of launched) {
        const python = join(folder, '.venv/bin/python');
        const { failed, all } = await run(python, ['-m', module, ...args], { cwd: cwd ?? '' });
        assert.ok(!failed, `${name}: ${all}`);
        assert.match(all, /^Ran [1-9]\d* tests[^]*^OK$/m);
      }

      const started = blockWith('python local_host.py', read(folder, 'README.md'));
      assert.deepEqual(started, ['cd ../function-app', 'python local_host.py']);
      const app = join(folder, 'function-app');
      const host = await startHost(app, {
        command: join(folder, '.venv/bin/python'),
        program: join(app, 'local_host.py'),
      });
      const timer = templatesOf('python').find(({ id }) => id === 'timer');
      await checkExpectations(host, '/api/HttpTrigger', [
        { status: 200, body: String.raw`\(TimeElapsed: \d+\.\d{4} sec\)$` },
        ...(timer?.expect ?? []),
      ]);

      // The packages of both models are the same, as another test says.
      if (model === 'v1') {
        return;
      }
      const publish = blockWith('python -m build', read(folder, 'README.md'));
      const built = await script(
        ['source .venv/bin/activate', ...publish.filter((line) => !line.includes(' upload '))],
        folder,
        env,
      );
      assert.doesNotMatch(built, /deprecat|SetuptoolsWarning/i);
      assert.equal(built.match(/PASSED/g)?.length, 2, built);

      const dist = join(folder, 'extension/dist');
      const packages = readdirSync(dist).sort();
      assert.deepEqual(packages, [
        'python_worker_extension_timer-1.0.0-py3-none-any.whl',
        'python_worker_extension_timer-1.0.0.tar.gz',
      ]);
      for (const file of packages) {
        const fresh = await bareEnvironment(python);
        const { all } = await run(
          join(folder, '.venv/bin/python'),
          ['-m', 'pip', '--python', fresh, 'install', join(dist, file)],
          { cwd: dist },
        );
        const { stdout } = await run(
          fresh,
          [
            '-c',
            `import os
os.environ["AzureWebJobsScriptRoot"] = "."
from importlib.metadata import metadata
from python_worker_extension_timer import TimerExtension
${scope === 'app' ? 'TimerExtension.configure()' : 'TimerExtension("HttpTrigger")'}
data = metadata("python-worker-extension-timer")
for field in ("Name", "Version", "License", "Requires-Python", "Requires-Dist"):
    print(data[field])
print(data.get_all("Classifier"))`,
          ],
          { cwd: newFolder() },
        );
        const [name, version, license, requiresPython, requires, classifiers] =
          String(stdout).split('\n');
        assert.equal(name, 'python-worker-extension-timer', all);
        assert.equal(version, '1.0.0');
        assert.equal(license, 'MIT');
        assert.equal(requiresPython, '>=3.10');
        assert.match(String(requires), /^azure-functions(<3,>=1\.7\.0|>=1\.7\.0,<3)$/);
        assert.doesNotMatch(String(classifiers), /License/);
        assert.match(String(classifiers), /3\.10.*3\.11.*3\.12.*3\.13/);
      }
    });
  }

  for (const version of testedPythons) {
    it(`the tutorial's own commands work in a fresh environment of Python ${version}`, async function () {
      const env = environmentOf(interpreter(this, [version]));
      const folder = await project('--name', 'timer');
      const output = await script(
        [
          'python3 -m venv .venv',
          'source .venv/bin/activate',
          'cd extension',
          // Python has no setuptools of its own from 3.12 on.
          `pip install twine wheel ${/3\.1[01]$/.test(version) ? '' : 'setuptools'}`,
          'python setup.py sdist bdist_wheel',
          'twine check --strict dist/*',
          'tar -tf dist/*.tar.gz',
        ],
        folder,
        env,
      );
      assert.equal(output.match(/PASSED/g)?.length, 2, output);
      assert.match(output, /\/README\.md$/m);
      assert.match(output, /\/src\/python_worker_extension_timer\/py\.typed$/m);
      assert.doesNotMatch(output, /project\.license/);
      await script(['source .venv/bin/activate', 'pip install -e extension'], folder, env);
    });
  }

  for (const [index, version] of testedPythons.entries()) {
    const scope = index % 2 === 0 ? 'app' : 'function';
    const model = pythonsWithHooks.includes(version) ? 'v1' : 'v2';
    it(`Python ${version} runs the tests of both templates`, async function () {
      const env = environmentOf(interpreter(this, [version]));
      const blank = await project('--name', 'blank', '--template', 'blank', '--scope', scope);
      const timer = await project(
        '--name',
        'timer',
        '--scope',
        scope,
        '--programming-model',
        model,
      );
      const commands = blockWith(INSTALL, read(timer, 'README.md'));
      await script(
        [
          ...blockWith('source .venv/bin/activate', read(timer, 'README.md')),
          ...commands,
          `cd ${blank}`,
          ...commands,
        ],
        timer,
        env,
      );
    });
  }

  it('the package alone does what its readme says', async function () {
    const env = environmentOf(interpreter(this));
    const cwd = await scaffold([
      ':extension',
      '.',
      '--language=python',
      '--name=timer',
      '-y',
      '--no-git',
    ]);
    const output = await script(
      [
        ...blockWith('source .venv/bin/activate', read(cwd, 'README.md')),
        ...blockWith('pip install -e . --group dev', read(cwd, 'README.md')),
        ...blockWith('ruff check', read(cwd, 'README.md')),
      ],
      cwd,
      env,
    );
    assert.match(output, /^OK$/m);
  });

  it('the oldest azure-functions that is allowed runs the extension', async function () {
    const python = interpreter(this, ['3.10']);
    const old = await bareEnvironment(python);
    for (const scope of ['app', 'function']) {
      const folder = await project('--name', 'timer', '--scope', scope);
      const output = await script(
        [
          `python3 -m pip --python ${old} install azure-functions==1.7.0 -e .`,
          `${old} -m unittest discover tests`,
        ],
        join(folder, 'extension'),
        environmentOf(python),
      );
      assert.match(output, /azure-functions[-=]+1\.7\.0/);
      // What is skipped is about things that it does not have.
      assert.match(output, /^OK \(skipped=5\)$/m);
    }
  });

  for (const { scope, model } of pythonProjects) {
    it(`an app of scope ${scope} for ${model} is deployed with an extension that is not published`, async function () {
      const env = environmentOf(interpreter(this, model === 'v1' ? pythonsWithHooks : undefined));
      const folder = await project(
        '--name=timer',
        `--scope=${scope}`,
        `--programming-model=${model}`,
      );
      const [command = ''] = blocksIn(read(folder, 'README.md'))
        .flat()
        .filter((line) => line.startsWith('pip wheel '));
      // Elsewhere, as on the server: the folder beside it is not there.
      const server = newFolder('server');
      const output = await script(
        [
          'python3 -m venv .venv',
          'source .venv/bin/activate',
          command,
          `cp -r function-app ${server}`,
          `rm -r extension`,
          'cd /',
          `pip install -r ${server}/function-app/requirements.txt`,
          `cd ${server}/function-app`,
          'python -m unittest discover tests',
        ],
        folder,
        env,
      );
      assert.match(output, /^OK$/m);
    });
  }

  it('is installed from a git repository, by the line in its readme', async function () {
    const python = interpreter(this);
    const cwd = await scaffold(['repo', '--language', 'python', '--name', 'timer', '--yes']);
    const folder = join(cwd, 'repo');
    const requirement = blocksIn(read(folder, 'README.md'))
      .flat()
      .find((line) => line.startsWith('git+https://github.com/owner/repo@'));
    const line = requirement?.replace('https://github.com/owner/repo', `file://${folder}`);
    await script(
      [
        'git checkout -q -B main',
        `python3 -m pip --python ${await bareEnvironment(python)} install '${line}'`,
      ],
      folder,
      environmentOf(python),
    );
  });

  it('keeps what was typed, in code and in metadata', async function () {
    const python = interpreter(this);
    const literals = NASTY.map((text) => py(text));
    const { stdout, all } = await run(
      python,
      ['-c', `import json; print(json.dumps([${literals.join(', ')}]))`],
      { cwd: newFolder() },
    );
    assert.deepEqual(JSON.parse(String(stdout)), NASTY, all);

    const description = `It's "nice" \\ <b> é 😀 %s {x} #`;
    const author = 'Grace "G" Example, PhD <é>';
    const folder = await project(
      '--name=timer',
      `--description=${description}`,
      `--author=${author}`,
    );
    const env = environmentOf(python);
    writeFileSync(join(folder, 'nasty.toml'), `x = [${NASTY.map(toml).join(', ')}]\n`);
    const output = await script(
      [
        'python3 -m venv .venv',
        '.venv/bin/pip install --quiet --no-deps ./extension',
        `.venv/bin/python -c '
import json, importlib.metadata, tomllib
data = importlib.metadata.metadata("python-worker-extension-timer")
x = tomllib.load(open("nasty.toml", "rb"))["x"]
print(json.dumps([data["Summary"], data["Author"] or data["Author-email"], x]))'`,
      ],
      folder,
      env,
    );
    const [summary, from, kept] = JSON.parse(output.trim().split('\n').at(-1) ?? '') as [
      string,
      string,
      string[],
    ];
    assert.equal(summary, description);
    assert.match(from, /Grace/);
    assert.deepEqual(kept, [...NASTY.slice(0, 3), 'é 😀 \ufffd']);
  });

  it('emits typed code that ruff, mypy and pyright have nothing to say about', async function () {
    this.timeout(500_000);
    const python = interpreter(this);
    const folder = newFolder('style');
    const parts: string[] = [];
    for (const { id: template } of templatesOf('python')) {
      for (const { scope, model } of pythonProjects) {
        const name = `${template}-${scope}-${model}`;
        const options = ['--language=python', `--template=${template}`, `--name=${template}`];
        await scaffold(
          [name, ...options, `--scope=${scope}`, `--programming-model=${model}`, '-y', '--no-git'],
          folder,
        );
        // The model is one of the app: extensions do not differ by it.
        parts.push(...(model === 'v2' ? [`${name}/extension`] : []), `${name}/function-app`);
      }
    }
    await script(
      [
        'python3 -m venv .venv',
        ".venv/bin/pip install --quiet ruff mypy pyright opentelemetry-sdk 'azure-functions<3'",
        ...parts.map(
          (part) => `(cd ${part}
../../.venv/bin/ruff check
../../.venv/bin/ruff format --check
MYPYPATH=../extension/src ../../.venv/bin/mypy --cache-dir ../../cache)`,
        ),
        // It takes its time, so it sees each template and each scope once.
        ...parts
          .filter((part) => /-app-v2\/|^timer-function-/.test(part))
          .map(
            (part) => `(cd ${part}
PYTHONPATH=../extension/src ../../.venv/bin/pyright --pythonpath ../../.venv/bin/python)`,
          ),
      ],
      folder,
      environmentOf(python),
    );
  });

  // It refuses apps for v1: "supports the Python v2 decorator model only".
  for (const { scope } of pythonProjects.filter(({ model }) => model === 'v2')) {
    it(`azure-functions-doctor finds nothing to fail in an app of scope ${scope}`, async function () {
      const python = interpreter(this);
      const env = environmentOf(python);
      const bin = await toolFrom(python, 'azure-functions-doctor');
      const folder = await project('--name=timer', `--scope=${scope}`);
      const output = await script(
        [
          ...blockWith('source .venv/bin/activate', read(folder, 'README.md')),
          'pip install --quiet -e ./extension -r function-app/requirements.txt',
          `${join(bin, 'azure-functions-doctor')} doctor --path function-app --profile full`,
        ],
        folder,
        env,
      );
      assert.match(output, /^ +0 fails, /m);
    });
  }
});
