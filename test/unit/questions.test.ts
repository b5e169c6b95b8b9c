import assert from 'node:assert/strict';
import type { Known } from '../../generators/core/parameters.js';
import { complete, openParameters } from '../../generators/core/questions.js';
import { known } from '../support/known.js';

describe('questions', () => {
  it('has a default for everything', () => {
    assert.deepEqual(complete(known()), {
      template: 'timer',
      scope: 'app',
      name: 'azfunc-extension-timer',
      description:
        'Azure Functions worker extension that reports the elapsed time of each invocation',
      author: '',
      email: '',
      license: 'MIT',
      repository: '',
      functionsRange: '^4.1.0',
      functionApp: true,
      functionName: 'HttpTrigger',
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

  it('does not take the folder of an app for the name of the extension that it uses', () => {
    const { name } = complete(
      known({ destination: 'my-app' }, { folder: 'my-app' }, 'function-app'),
    );
    assert.equal(name, 'azfunc-extension-timer');
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
    assert.equal(complete(known({}, {}, 'function-app')).destination, 'azfunc-extension-timer-app');
  });

  it('asks for what is not given and matters', () => {
    const flagsOf = (one: Known) => openParameters(one).map(({ flag }) => flag);
    assert.deepEqual(flagsOf(known()), [
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
      'git',
    ]);
    const some = flagsOf(known({ name: 'a', functionApp: false }, { canInitGit: false }));
    assert.ok(!some.some((flag) => ['name', 'function-name', 'git'].includes(flag)));
    assert.deepEqual(flagsOf(known({}, {}, 'function-app')), [
      'scope',
      'name',
      'functions-range',
      'function-name',
      'git',
    ]);
    assert.ok(!flagsOf(known({}, {}, 'extension')).includes('function-name'));
  });
});
