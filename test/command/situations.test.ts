import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, readJson, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, run } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';
import { goldenFiles } from '../support/templates.js';

const quick = ['--yes', '--skip-install', '--no-git'];

describe('situations', () => {
  for (const folder of ['Größe und Raum', '空 間 😀', "it's $HOME", '-a;b&c', ' ']) {
    const destination = folder === ' ' ? './ x' : `./${folder}`;
    it(`scaffolds in ${destination}`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await cli([destination, '--name', 'timer', ...quick], { cwd });
      assert.equal(exitCode, 0, all);
      assert.deepEqual(filesIn(join(cwd, destination)), goldenFiles('typescript-timer-app'));
    });
  }

  it('scaffolds very deep, and writes nothing where a path becomes too long', async () => {
    const cwd = newFolder();
    const longest = Math.max(...goldenFiles('typescript-timer-app').map((file) => file.length));
    // Of the bytes that a path can have, what the destination can have, so that the longest path has just enough.
    const room =
      (process.platform === 'darwin' ? 1023 : 4095) - [cwd, '', ''].join('/').length - longest;
    const deep = pathOf(room - '.1234567.tmp'.length);
    const { exitCode, all } = await cli([deep, '--name', 'timer', ...quick], { cwd });
    assert.equal(exitCode, 0, all);
    assert.deepEqual(filesIn(join(cwd, deep)), goldenFiles('typescript-timer-app'));
    rmSync(join(cwd, deep.slice(0, 1)), { recursive: true });
    for (const destination of [pathOf(room + 1), pathOf(4200), 'x'.repeat(300)]) {
      const refused = await cli([destination, '--name', 'timer', ...quick], { cwd });
      assert.equal(refused.exitCode, 1);
      assert.match(refused.all, /^[^\n]* too long[^\n]*\.$/);
      assert.deepEqual(readdirSync(cwd), []);
    }
  });

  it('writes nothing on a full disk', async function () {
    const disk = newFolder('disk');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      this.test!.title += ' (mount is not permitted here)';
      this.skip();
    }
    try {
      const { exitCode, all } = await cli(['out', ...quick], { cwd: disk });
      assert.equal(exitCode, 1);
      assert.equal(all, 'Nothing was written. ENOSPC: no space left on device.');
      assert.deepEqual(readdirSync(disk), []);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('says so where the current folder is gone', async () => {
    const cwd = newFolder();
    const { exitCode, all } = await run(
      'sh',
      [
        '-c',
        `mkdir gone && cd gone && rmdir ../gone && "$0" "$1" -y`,
        process.execPath,
        join(root, 'bin.cjs'),
      ],
      { cwd },
    );
    assert.equal(exitCode, 1);
    assert.equal(all, 'The current folder is no longer there. Go to another one.');
  });

  it('follows no link that is in the place of a file', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'victim'), 'mine');
    mkdirSync(join(cwd, 'out'));
    symlinkSync('../victim', join(cwd, 'out/README.md'));
    const { exitCode, all } = await cli(['out', '--name', 'timer', '--force', ...quick], { cwd });
    assert.equal(exitCode, 1);
    assert.match(all, /^[^\n]*README\.md is in the way: [^\n]*$/);
    assert.equal(read(cwd, 'victim'), 'mine');
    assert.deepEqual(readdirSync(join(cwd, 'out')), ['README.md']);
  });

  it('keeps what was added to a package.json, and its version', async () => {
    const cwd = newFolder();
    await cli(['out', '--name', 'timer', ...quick], { cwd });
    const file = join(cwd, 'out/extension/package.json');
    const { scripts, ...others } = readJson(file);
    const mine = { ...others, version: '2.0.0', scripts: { ...scripts, mine: 'x' }, mine: true };
    writeFileSync(file, JSON.stringify(mine));
    const again = await cli(['out', '--name', 'timer', ...quick], { cwd });
    assert.equal(again.exitCode, 0, again.all);
    assert.doesNotMatch(again.all, /create|conflict|force/);
    assert.equal(read(file), JSON.stringify(mine));
    const other = ['out', '--name', 'timer', '--functions-range', '^4.5.0', ...quick];
    const refused = await cli(other, { cwd });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.all, /would be overwritten/);
    assert.equal(read(file), JSON.stringify(mine));
    assert.equal((await cli([...other, '--force'], { cwd })).exitCode, 0);
    const { peerDependencies, version, mine: own } = readJson(file);
    assert.deepEqual(
      [peerDependencies['@azure/functions'], version, own, readJson(file).scripts],
      ['^4.5.0', '2.0.0', true, mine.scripts],
    );
  });

  it('makes one project where two runs begin at once', async () => {
    const cwd = newFolder();
    const runs = await Promise.all(
      Array.from({ length: 3 }, () => cli(['out', '--name', 'timer', ...quick], { cwd })),
    );
    for (const { exitCode, all } of runs) {
      assert.ok(exitCode === 0 || (exitCode === 1 && !all.includes('\n')), all);
    }
    assert.ok(runs.some(({ exitCode }) => exitCode === 0));
    await cli(['alone', '--name', 'timer', ...quick], { cwd });
    assert.deepEqual(treeOf(join(cwd, 'out')), treeOf(join(cwd, 'alone')));
  });

  it('makes the same again, byte for byte', async () => {
    for (const [args, files] of [
      [['--name', 'timer'], goldenFiles('typescript-timer-app')],
      [['--name', 'timer', '--language', 'python'], goldenFiles('python-timer-app')],
    ] as const) {
      const trees = [];
      for (const cwd of [newFolder(), newFolder()]) {
        await cli(['out', ...args, ...quick], { cwd });
        assert.deepEqual(filesIn(join(cwd, 'out')), files);
        trees.push(treeOf(join(cwd, 'out')));
      }
      assert.deepEqual(trees[0], trees[1]);
    }
  });
});

/** A path of that many letters, each of whose parts is one that a file system takes. */
function pathOf(length: number): string {
  return Array.from({ length }, (_, index) => (index % 200 === 1 ? '/' : 'd')).join('');
}
