import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defaultFunctionName } from '../../generators/languages/function-name.js';
import { writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { foreignApp } from '../support/apps.js';
import { asked, decided } from '../support/decided.js';

const keysOf = async (...args: Parameters<typeof asked>) =>
  (await asked(...args)).map(({ key }) => key);

describe('questions', () => {
  it('have a default for everything', async () => {
    const { decision } = await decided('app');
    const { destination, ...others } = decision;
    assert.equal(basename(destination), 'azfunc-extension-timer');
    assert.deepEqual(others, {
      language: 'typescript',
      template: 'timer',
      weeklyUpdate: false,
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
      packageManager: 'npm',
      ci: 'none',
      git: true,
    });
  });

  it('take defaults from git and from the name of the folder', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'audit/.git'), { recursive: true });
    const git = {
      'user.name': 'Ada',
      'user.email': 'ada@example.com',
      'remote.origin.url': 'git@github.com:owner/repo.git',
    };
    const { decision } = await decided('app', {}, { git, folder: 'audit', cwd });
    assert.equal(decision.name, 'azfunc-extension-audit');
    assert.equal(decision.author, 'Ada');
    assert.equal(decision.email, 'ada@example.com');
    assert.equal(decision.repository, 'https://github.com/owner/repo');
    assert.equal(decision.git, false);
  });

  it('have no default for the extension that an app uses', async () => {
    await assert.rejects(decided('function-app'), /^Error: Which extension\? Give --extension/);
  });

  it('offer workflows for a repository on GitHub, at its root', async () => {
    const ciOf = async (repository: string, cwd = newFolder()) => {
      const { decision } = await decided('extension', { repository }, { cwd });
      return 'ci' in decision ? decision.ci : undefined;
    };
    assert.equal(await ciOf('owner/repo'), 'github');
    assert.equal(await ciOf('git@github.com:owner/repo.git'), 'github');
    assert.equal(await ciOf('https://gitlab.com/owner/repo'), 'none');
    assert.equal(await ciOf('https://example.com/github.com/repo'), 'none');
    const repository = newFolder();
    mkdirSync(join(repository, '.git'));
    assert.equal(await ciOf('owner/repo', repository), 'none');
    assert.ok(!(await keysOf('app', {}, repository)).includes('ci'));
  });

  it('name a function after its trigger', async () => {
    for (const [trigger, name] of [
      ['http', 'HttpTrigger'],
      ['timer', 'TimerTrigger'],
      ['queue', 'QueueTrigger'],
    ] as const) {
      assert.equal(defaultFunctionName(trigger), name);
      const cwd = foreignApp('typescript');
      const { decision } = await decided('function', { trigger }, { cwd });
      assert.equal(decision.functionName, name);
    }
  });

  it('are for the function only where the extension is of function level', async () => {
    for (const [scope, keys] of [
      ['app', []],
      ['function', ['functionName']],
    ] as const) {
      const extension = newFolder('extension');
      writeJson(join(extension, 'package.json'), {
        name: 'a',
        version: '1.0.0',
        workerExtension: { class: 'A', scope },
      });
      const cwd = foreignApp('typescript');
      assert.deepEqual(await keysOf('use', { extension }, cwd), keys);
      const { decision } = await decided('use', { extension }, { cwd });
      assert.equal(decision.destination, cwd);
    }
  });

  it('take no default that they would refuse as an answer', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, '(空)/.git'), { recursive: true });
    const git = { 'user.email': 'nobody', 'remote.origin.url': '/srv/git/repo' };
    const { decision } = await decided('app', {}, { git, folder: '(空)', cwd });
    assert.equal(decision.name, 'azfunc-extension-timer');
    assert.equal(decision.email, '');
    assert.equal(decision.repository, '');
  });

  it('name the folder after the package, without its scope', async () => {
    const { decision } = await decided('app', { name: '@contoso/timer' });
    assert.equal(basename(decision.destination), 'azfunc-extension-timer');
  });

  it('are for what is not given and matters', async () => {
    assert.deepEqual(await keysOf('app'), [
      'template',
      'scope',
      'name',
      'description',
      'author',
      'email',
      'license',
      'repository',
      'functionsRange',
      'functionApp',
      'functionName',
      'ci',
      'git',
    ]);
    const repository = newFolder();
    mkdirSync(join(repository, '.git'));
    const some = await keysOf('app', { name: 'a', 'function-app': false }, repository);
    assert.ok(!some.some((key) => ['name', 'functionName', 'git'].includes(key)));
    // The extension says which others there are.
    assert.deepEqual(await keysOf('function-app'), ['extension']);
    const extension = newFolder();
    const workerExtension = { class: 'A', scope: 'app' };
    writeJson(join(extension, 'package.json'), { name: 'a', workerExtension });
    assert.deepEqual(await keysOf('function-app', { extension }), [
      'functionsRange',
      'functionName',
      'git',
    ]);
    assert.ok(!(await keysOf('extension')).includes('functionName'));
  });
});
