import assert from 'node:assert/strict';
import type { Known } from '../../generators/core/parameters.js';
import { complete, openParameters } from '../../generators/core/questions.js';
import { known } from '../support/known.js';

describe('questions', () => {
  it('has a default for everything', () => {
    assert.deepEqual(complete(known()), {
      language: 'typescript',
      template: 'timer',
      scope: 'app',
      name: 'azfunc-extension-timer',
      description:
        'Azure Functions worker extension that reports the elapsed time of each invocation',
      author: '',
      email: '',
      license: 'MIT',
      repository: '',
      extension: '',
      trigger: 'http',
      functionsRange: '^4.1.0',
      functionApp: true,
      programmingModel: 'v2',
      functionName: 'HttpTrigger',
      packageManager: 'npm',
      ci: 'none',
      git: true,
      destination: 'azfunc-extension-timer',
    });
  });

  it('takes defaults from git and from the name of the folder', () => {
    const answers = complete(
      known(
        { destination: 'audit' },
        {
          folder: 'audit',
          userName: 'Ada',
          userEmail: 'ada@example.com',
          remote: 'git@github.com:owner/repo.git',
          canInitGit: false,
        },
      ),
    );
    assert.equal(answers.name, 'azfunc-extension-audit');
    assert.equal(answers.author, 'Ada');
    assert.equal(answers.email, 'ada@example.com');
    assert.equal(answers.repository, 'https://github.com/owner/repo');
    assert.equal(answers.git, false);
  });

  it('has no default for the extension that an app uses', () => {
    for (const id of ['function-app', 'use'] as const) {
      assert.throws(
        () => complete(known({}, {}, id)),
        /^Error: Which extension\? Give --extension/,
      );
    }
  });

  it('has workflows for a repository on GitHub, at its root', () => {
    const ciOf = (repository: string, isPart = false) =>
      complete(known({ repository }, { isPart })).ci;
    assert.equal(ciOf('owner/repo'), 'github');
    assert.equal(ciOf('git@github.com:owner/repo.git'), 'github');
    assert.equal(ciOf('https://gitlab.com/owner/repo'), 'none');
    assert.equal(ciOf('https://example.com/github.com/repo'), 'none');
    assert.equal(ciOf('owner/repo', true), 'none');
    const open = openParameters(known({}, { isPart: true })).map(({ flag }) => flag);
    assert.ok(!open.includes('ci'));
  });

  it('names a function after its trigger', () => {
    for (const [trigger, name] of [
      ['http', 'HttpTrigger'],
      ['timer', 'TimerTrigger'],
      ['queue', 'QueueTrigger'],
    ] as const) {
      assert.equal(complete(known({ trigger }, {}, 'function')).functionName, name);
    }
  });

  it('asks for the function only where the extension is of function level', () => {
    const extension = {
      packageName: 'a',
      className: 'A',
      scope: 'app',
      settings: {},
      dependency: '^1.0.0',
    } as const;
    const one = known({ extension: 'a' }, {}, 'use');
    assert.deepEqual(openParameters({ ...one, extension }), []);
    const open = openParameters({ ...one, extension: { ...extension, scope: 'function' } });
    assert.deepEqual(
      open.map(({ flag }) => flag),
      ['function-name'],
    );
    assert.equal(open[0]?.default({ ...one, functionNames: ['Orders', 'Invoices'] }), 'Orders');
  });

  it('takes no default that it would refuse as an answer', () => {
    const answers = complete(
      known({}, { folder: 'My Folder', userEmail: 'nobody', remote: '/srv/git/repo' }),
    );
    assert.equal(answers.name, 'azfunc-extension-timer');
    assert.equal(answers.email, '');
    assert.equal(answers.repository, '');
  });

  it('names the folder after the package, without its scope', () => {
    assert.equal(complete(known({ name: '@contoso/timer' })).destination, 'azfunc-extension-timer');
    assert.equal(
      complete(known({ name: '@contoso/audit', extension: 'x' }, {}, 'function-app')).destination,
      'azfunc-extension-audit-app',
    );
    assert.equal(complete(known({ extension: 'x' }, {}, 'use')).destination, '.');
  });

  it('asks for what is not given and matters', () => {
    const flagsOf = (one: Known) => openParameters(one).map(({ flag }) => flag);
    assert.deepEqual(flagsOf(known()), [
      'template',
      'scope',
      'name',
      'description',
      'author',
      'email',
      'license',
      'repository',
      'functions-range',
      'function-app',
      'function-name',
      'ci',
      'git',
    ]);
    const some = flagsOf(known({ name: 'a', functionApp: false }, { canInitGit: false }));
    assert.ok(!some.some((flag) => ['name', 'function-name', 'git'].includes(flag)));
    assert.deepEqual(flagsOf(known({}, {}, 'function-app')), [
      'extension',
      'functions-range',
      'function-name',
      'git',
    ]);
    assert.ok(!flagsOf(known({}, {}, 'extension')).includes('function-name'));
  });
});
