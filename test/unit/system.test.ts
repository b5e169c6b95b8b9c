import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemProcesses } from '../../generators/system.js';
import { newFolder } from '../../tools/support/folders.js';

describe('programs that are started', () => {
  it('work in the repository of their folder, whatever a hook or an alias has set', async () => {
    const other = newFolder('other');
    execFileSync('git', ['init', '--quiet'], { cwd: other });
    const folder = newFolder('own');
    const processes = systemProcesses({
      ...process.env,
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
      GIT_COMMON_DIR: join(other, '.git'),
      GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
      GIT_PREFIX: 'x/',
    });
    writeFileSync(join(folder, 'a.txt'), '');
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
    ]) {
      assert.equal((await processes.git(args, folder)).status, 'done');
    }
    assert.ok(existsSync(join(folder, '.git')));
    assert.equal((await processes.git(['ls-files'], folder)).stdout, 'a.txt\n');
    assert.equal((await processes.git(['ls-files'], other)).stdout, '');
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
