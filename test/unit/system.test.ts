import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { withoutRepository } from '../../generators/git-environment.js';
import { systemProcesses } from '../../generators/system.js';
import { newFolder } from '../../tools/support/folders.js';

describe('programs that are started', () => {
  it('get no variable by which git would take another repository', () => {
    const printed = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' });
    const names = printed.split('\n').filter(Boolean);
    assert.ok(names.includes('GIT_DIR'));
    const env = Object.fromEntries(names.map((name) => [name, 'x']));
    assert.deepEqual(Object.keys(withoutRepository({ ...env, PATH: 'x' })).sort(), [
      'GIT_CONFIG_COUNT',
      'GIT_CONFIG_PARAMETERS',
      'PATH',
    ]);
  });

  it('are told from those that are missing, and from those that fail', async () => {
    const processes = systemProcesses(process.env);
    const folder = newFolder();
    assert.equal((await processes.capture('no-such-program', [], folder)).status, 'missing');
    assert.equal((await processes.git(['no-such-command'], folder)).status, 'failed');
    const { status, stdout } = await processes.capture(process.execPath, ['-p', '1'], folder);
    assert.deepEqual([status, stdout], ['done', '1']);
  });
});
