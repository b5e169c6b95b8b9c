import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, templatesIn } from '../../generators/core/catalogue.js';
import { readFlags } from '../../generators/core/flags.js';
import { namesOf, toPackageName } from '../../generators/core/names.js';
import { numbered, stepsFor } from '../../generators/core/next-steps.js';
import { toPythonIdentifier, toSnakeCase } from '../../generators/core/python.js';
import { complete, openParameters, questionsFor } from '../../generators/core/questions.js';
import { functionName, packageName, template } from '../../generators/core/validation.js';
import { root } from '../../tools/support/files.js';
import { known } from '../support/known.js';

const python = { language: 'python' } as const;

describe('names in Python', () => {
  for (const [name, normal] of [
    ['timer', 'python-worker-extension-timer'],
    ['python-worker-extension-timer', 'python-worker-extension-timer'],
    ['python_worker_extension_timer', 'python-worker-extension-timer'],
    ['Python.Worker-Extension__Timer', 'python-worker-extension-timer'],
    ['Http_Log.2', 'python-worker-extension-http-log-2'],
  ] as const) {
    it(`make the package ${normal} of ${name}`, () => {
      assert.equal(toPackageName(name, 'python'), normal);
      assert.equal(packageName(name, 'python'), normal);
    });
  }

  it('give the class its name', () => {
    assert.equal(namesOf('python-worker-extension-http-log').className, 'HttpLogExtension');
    assert.equal(namesOf('python-worker-extension-timer').folder, 'python-worker-extension-timer');
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
    it(`refuse ${JSON.stringify(name)}`, () => {
      assert.throws(() => packageName(name, 'python'), reason);
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
      assert.equal(toSnakeCase(name), snake);
      assert.equal(toPythonIdentifier(name), snake);
    });
  }

  it('keep functions from names that are taken', () => {
    for (const name of ['import', 'Pass', 'App', 'logging', 'NameInBody']) {
      assert.equal(toPythonIdentifier(name), `${toSnakeCase(name)}_function`);
    }
  });

  it('keep functions of v1 from the folder of the tests', () => {
    assert.throws(
      () => functionName('Tests', { ...python, programmingModel: 'v1' }),
      /"Tests" is the folder of the tests/,
    );
    assert.equal(functionName('Tests', { ...python, programmingModel: 'v2' }), 'Tests');
    assert.equal(functionName('Tests'), 'Tests');
  });
});

describe('templates in Python', () => {
  for (const { id } of catalogue) {
    it(`has files of ${id} exactly where the catalogue says so`, () => {
      const isThere = existsSync(join(root, 'templates/python', id));
      assert.equal(isThere, templatesIn('python').includes(id));
      assert.equal(existsSync(join(root, 'templates', id)), templatesIn('typescript').includes(id));
    });
  }

  it('are those that are taken', () => {
    assert.equal(template('blank', 'python'), 'blank');
    assert.throws(
      () => template('guard', 'python'),
      /^Error: There is no template "guard" in Python\. There is: timer, blank\.$/,
    );
    assert.throws(() => template('tmier', 'python'), /^Error: There is no template "tmier"\. /);
  });
});

describe('questions for Python', () => {
  const flagsOf = (answers: Parameters<typeof known>[0]) =>
    openParameters(known(answers)).map(({ flag }) => flag);

  it('are those that make sense there', () => {
    assert.deepEqual(flagsOf(python), [
      'template',
      'scope',
      'name',
      'description',
      'author',
      'email',
      'license',
      'repository',
      'function-app',
      'programming-model',
      'function-name',
      'git',
    ]);
    assert.ok(!flagsOf({ ...python, functionApp: false }).includes('programming-model'));
    assert.ok(!flagsOf({}).includes('language'), 'TypeScript unless one says otherwise');
  });

  it('offer the templates that there are', () => {
    const choicesIn = (answers: Parameters<typeof known>[0]) => {
      const [question] = questionsFor(known(answers)) as unknown as {
        choices: { value: string }[];
      }[];
      return question?.choices.map(({ value }) => value);
    };
    assert.deepEqual(choicesIn(python), ['timer', 'blank']);
    assert.deepEqual(choicesIn({}), templatesIn('typescript'));
  });

  it('have defaults by the rules of Python', () => {
    const answers = complete(known(python));
    assert.equal(answers.name, 'python-worker-extension-timer');
    assert.equal(answers.destination, 'python-worker-extension-timer');
    assert.equal(answers.programmingModel, 'v2');
    assert.equal(
      complete(known(python, { folder: 'My_Log' })).name,
      'python-worker-extension-my-log',
    );
    assert.equal(
      complete(known(python, { folder: 'My Log' })).name,
      'python-worker-extension-timer',
    );
  });
});

describe('flags for Python', () => {
  const read = (options: Record<string, unknown>, generator: 'app' | 'extension' = 'app') =>
    readFlags(
      generator,
      options,
      [],
      Object.entries(options).map(([flag, value]) => `--${flag}=${String(value)}`),
    ).given;

  it('are checked by the rules of Python', () => {
    assert.deepEqual(read({ name: 'My_Timer', language: 'python', 'programming-model': 'v1' }), {
      language: 'python',
      name: 'python-worker-extension-my-timer',
      programmingModel: 'v1',
    });
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
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(() => read(options), reason);
    });
  }

  for (const id of ['function-app', 'use', 'function'] as const) {
    it(`are not for :${id}`, () => {
      assert.throws(
        () => readFlags(id, { language: 'python' }, [], ['--language', 'python']),
        new RegExp(`^Error: There is no option --language\\. :${id} is for Node\\.js only; `),
      );
    });
  }
});

describe('next steps in Python', () => {
  const answers = complete(known(python));

  it('make an environment as the system has it', () => {
    const steps = (isWindows: boolean) =>
      stepsFor('workspace', answers, isWindows).map(([command]) => command);
    assert.deepEqual(steps(false), [
      'python3 -m venv .venv',
      'source .venv/bin/activate',
      'cd function-app',
      'pip install -r requirements.txt',
      'python -m unittest discover tests',
      'func host start --verbose',
      'curl http://127.0.0.1:7071/api/HttpTrigger',
    ]);
    assert.deepEqual(steps(true).slice(0, 2), [
      'py -m venv .venv',
      String.raw`.venv\Scripts\Activate.ps1`,
    ]);
  });

  it('have nothing of npm', () => {
    const steps = numbered(stepsFor('extension', answers, false), { folder: 'timer' });
    assert.match(steps, /^ {2}1\. cd timer\n {2}2\. python3 -m venv/);
    assert.match(steps, /4\. pip install -e \. .*\n {2}5\. python -m unittest discover tests/);
    assert.doesNotMatch(steps, /npm/);
  });
});
