import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { languageOfExtension } from '../../generators/found/extension-language.js';
import { languages } from '../../generators/languages/languages.js';
import { namesOf } from '../../generators/languages/names.js';
import { python } from '../../generators/languages/python.js';
import { packageName } from '../../generators/questions/checks.js';
import { readFlags } from '../../generators/questions/flags.js';
import type { CommandId } from '../../generators/questions/question.js';
import { newFolder } from '../../tools/support/folders.js';
import { asked, decided, nextSteps, templates, typedAs } from '../support/decided.js';

const inPython = { language: 'python' } as const;

describe('names in Python', () => {
  for (const [name, normal] of [
    ['timer', 'python-worker-extension-timer'],
    ['python-worker-extension-timer', 'python-worker-extension-timer'],
    ['python_worker_extension_timer', 'python-worker-extension-timer'],
    ['Python.Worker-Extension__Timer', 'python-worker-extension-timer'],
    ['Http_Log.2', 'python-worker-extension-http-log-2'],
  ] as const) {
    it(`make the package ${normal} of ${name}`, async () => {
      assert.equal(await packageName(name, languages.python), normal);
    });
  }

  it('give the class its name', () => {
    assert.equal(
      namesOf('python-worker-extension-http-log', python.packagePrefix).className,
      'HttpLogExtension',
    );
    assert.equal(namesOf('python-worker-extension-timer', python.packagePrefix).stem, 'Timer');
  });

  for (const [name, reason] of [
    ['@contoso/timer', /does not make a Python package name/],
    ['-timer', /does not make a Python package name/],
    ['timer-', /does not make a Python package name/],
    ['tïmer', /does not make a Python package name/],
    ['my timer', /does not make a Python package name/],
    ['1', /does not make a class name/],
    ['python-worker-extension-1a', /does not make a class name/],
    ['  ', /needs a name/],
  ] as const) {
    it(`refuse ${JSON.stringify(name)}`, async () => {
      await assert.rejects(async () => packageName(name, languages.python), reason);
    });
  }

  for (const [name, snake] of [
    ['HttpTrigger', 'http_trigger'],
    ['HTTPTrigger', 'http_trigger'],
    ['say-hello', 'say_hello'],
    ['a--b_-', 'a_b'],
    ['Orders2Save', 'orders2_save'],
    ['appendToHttpResponse', 'append_to_http_response'],
  ] as const) {
    it(`write ${name} as ${snake}`, () => {
      assert.equal(python.toIdentifier(name, ''), snake);
    });
  }

  it('keep functions from names that are taken', () => {
    for (const [name, identifier] of [
      ['import', 'import_function'],
      ['Pass', 'pass_function'],
      ['App', 'app_function'],
      ['logging', 'logging_function'],
      ['NameInBody', 'name_in_body_function'],
    ] as const) {
      assert.equal(python.toIdentifier(name, ''), identifier);
    }
  });

  it('keep functions of v1 from the folder of the tests', () => {
    assert.throws(
      () => python.checkFunctionName('Tests', { programmingModel: 'v1' }),
      /"Tests" is the folder of the tests/,
    );
    python.checkFunctionName('Tests', { programmingModel: 'v2' });
    python.checkFunctionName('Tests', {});
  });
});

describe('questions for Python', () => {
  const keysOf = async (flags: object) =>
    (await asked('app', { ...inPython, ...flags })).map(({ key }) => key);

  it('are those that make sense there', async () => {
    assert.deepEqual(await keysOf({}), [
      'template',
      'scope',
      'name',
      'description',
      'author',
      'email',
      'license',
      'repository',
      'functionApp',
      'programmingModel',
      'functionName',
      'ci',
      'git',
    ]);
    assert.ok(!(await keysOf({ 'function-app': false })).includes('programmingModel'));
  });

  it('offer the templates that there are', async () => {
    const choicesIn = async (flags: object) => (await asked('app', { ...flags }))[0]?.choices;
    assert.deepEqual(await choicesIn(inPython), ['timer', 'blank', 'tracing']);
    assert.deepEqual(
      await choicesIn({}),
      templates.templatesIn('typescript').map(({ id }) => id),
    );
  });

  it('have defaults by the rules of Python', async () => {
    const { decision } = await decided('app', inPython);
    assert.equal(decision.name, 'python-worker-extension-timer');
    assert.equal(basename(decision.destination), 'python-worker-extension-timer');
    assert.ok(decision.language === 'python');
    assert.equal(decision.programmingModel, 'v2');
    const nameIn = async (folder: string) =>
      (await decided('app', inPython, { folder, cwd: newFolder() })).decision.name;
    assert.equal(await nameIn('My_Log'), 'python-worker-extension-my-log');
    assert.equal(await nameIn('My Log'), 'python-worker-extension-timer');
  });
});

describe('flags for Python', () => {
  const read = async (options: Record<string, unknown>, command: CommandId = 'app') =>
    (await readFlags(typedAs(command, options), templates)).answers;

  it('are checked by the rules of Python', async () => {
    assert.deepEqual(
      await read({ name: 'My_Timer', language: 'python', 'programming-model': 'v1' }),
      {
        language: 'python',
        name: 'python-worker-extension-my-timer',
        programmingModel: 'v1',
      },
    );
  });

  for (const [options, reason] of [
    [
      { language: 'python', 'functions-range': '^4.2.0' },
      /^Error: --functions-range is for TypeScript, not for Python\. Leave it out, [^\n]*$/,
    ],
    [
      { 'programming-model': 'v1' },
      /^Error: --programming-model is for Python, not for TypeScript\. Leave it out, [^\n]*$/,
    ],
    [{ language: 'py' }, /^Error: A language is typescript or python, not "py"\.$/],
    [
      { language: 'python', 'programming-model': '2' },
      /^Error: A programming model is v1 or v2, not "2"\.$/,
    ],
    [{ language: 'python', template: 'guard' }, /no template "guard" in Python/],
    [{ language: 'python', name: '@contoso/timer' }, /Python package name/],
    [
      { language: 'python', 'programming-model': 'v1', 'function-name': 'tests' },
      /folder of the tests/,
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(options)}`, async () => {
      await assert.rejects(read(options), reason);
    });
  }

  for (const id of ['use', 'function'] as const) {
    it(`are not for :${id}`, async () => {
      await assert.rejects(
        read({ language: 'python' }, id),
        new RegExp(
          `^Error: There is no option --language\\. :${id} goes by the language of the app\\.$`,
        ),
      );
    });
  }
});

describe('the language of an extension', () => {
  for (const [what, files, spec, language] of [
    ['a folder with pyproject.toml', ['a/pyproject.toml'], './a', 'python'],
    ['a folder with setup.cfg', ['a/setup.cfg'], 'a', 'python'],
    ['a project with a package in Python', ['extension/pyproject.toml'], '.', 'python'],
    ['a folder with package.json', ['a/package.json'], './a', 'typescript'],
    ['a package with a script in Python', ['package.json', 'setup.py'], '.', 'typescript'],
    ['a wheel', [], 'https://example.com/a-1-py3-none-any.whl', 'python'],
    ['a name like ours', [], 'Python_Worker.Extension-timer==1.0.0', 'python'],
    ['another name', [], 'contoso-log', undefined],
    ['a repository', [], 'git+https://example.com/a', undefined],
  ] as const) {
    it(`is ${language ?? 'open'} for ${what}`, () => {
      const cwd = newFolder();
      for (const file of files) {
        mkdirSync(join(cwd, file, '..'), { recursive: true });
        writeFileSync(join(cwd, file), '');
      }
      assert.equal(languageOfExtension(spec, cwd), language);
    });
  }
});

describe('next steps in Python', () => {
  it('make an environment as the system has it', async () => {
    assert.deepEqual(await nextSteps('app', inPython), [
      'python3 -m venv .venv',
      'source .venv/bin/activate',
      'pip install -e ./extension -r function-app/requirements.txt',
      'cd function-app',
      'python -m unittest discover tests',
      'python local_host.py',
      'curl http://127.0.0.1:7071/api/HttpTrigger',
    ]);
    assert.deepEqual((await nextSteps('app', inPython, 'win32')).slice(0, 2), [
      'py -m venv .venv',
      String.raw`.venv\Scripts\Activate.ps1`,
    ]);
  });

  it('with uv, are its commands', async () => {
    const withUv = { ...inPython, 'package-manager': 'uv' };
    assert.deepEqual(await nextSteps('app', withUv), [
      'uv sync',
      'cd function-app',
      'uv run python -m unittest discover tests',
      'uv run python local_host.py',
      'curl http://127.0.0.1:7071/api/HttpTrigger',
    ]);
    assert.deepEqual(await nextSteps('extension', withUv), [
      'uv sync',
      'uv run python -m unittest discover tests',
    ]);
  });

  it('have nothing of npm', async () => {
    assert.deepEqual((await nextSteps('extension', inPython)).slice(-3), [
      'python -m pip install --upgrade pip',
      'pip install -e . --group dev',
      'python -m unittest discover tests',
    ]);
  });
});
