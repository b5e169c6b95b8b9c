import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { newFolder } from '../../tools/support/folders.js';
import { cli, run } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';

/** A folder for the PATH in which npm answers what it is told to. */
function npmThat(answers: Record<string, string>): { PATH: string } {
  const bin = newFolder('bin');
  const cases = Object.entries(answers).map(([command, script]) => `${command}) ${script} ;;`);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`, {
    mode: 0o755,
  });
  return { PATH: [bin, process.env.PATH].join(delimiter) };
}

const packed = `echo '> build'; echo '{"files": [{}, {}], "unpackedSize": 2048}'`;
const unknown = `echo '{"error":{"code":"E404"}}'; echo 'npm error code E404' >&2; exit 1`;

describe('generator publish', () => {
  let project: string;
  before(async () => {
    project = newFolder('project');
    const { exitCode, all } = await cli(
      ['.', '--name', 'timer', '--no-function-app', '--yes', '--skip-install', '--no-git'],
      { cwd: project },
    );
    assert.equal(exitCode, 0, all);
  });

  /** The steps that are left, and the rest of what is said. */
  async function shown(npm: Record<string, string>): Promise<{ steps: string[]; all: string }> {
    const before = treeOf(project);
    const { exitCode, all } = await cli([':publish'], { cwd: project, env: npmThat(npm) });
    assert.equal(exitCode, 0, all);
    assert.deepEqual(treeOf(project), before);
    return {
      steps: [...all.matchAll(/^ +\d+\. (.*?)( {2,}#.*)?$/gm)].map(([, step = '']) => step),
      all,
    };
  }

  it('begins with the repository, and ends with the tag', async () => {
    const { steps, all } = await shown({ view: unknown, whoami: 'exit 1', pack: packed });
    assert.match(all, /^ +package +2 files, 2 kB$/m);
    assert.deepEqual(steps, [
      'npm pkg set repository=github:owner/repo',
      'npm login',
      'npm publish .',
      'git tag v0.1.0',
      'git push origin HEAD v0.1.0',
    ]);
  });

  it('asks for a new version where this one is on npm', async () => {
    const { steps } = await shown({ view: `echo '["0.1.0"]'`, whoami: 'echo me', pack: packed });
    assert.deepEqual(steps, [
      'npm pkg set repository=github:owner/repo',
      'npm version patch --no-git-tag-version',
      'npm publish .',
      'git tag v<version>',
      'git push origin HEAD v<version>',
    ]);
  });

  it('says what is not known where npm cannot be asked, or cannot pack', async () => {
    const fails = `echo 'npm error code ENOTFOUND' >&2; echo 'npm error no network' >&2; exit 1`;
    const { all, steps } = await shown({ view: fails, whoami: fails, pack: fails });
    assert.match(all, /^ +name +not known to be free$/m);
    assert.match(all, /^ +npm +cannot be asked: no network$/m);
    assert.match(all, /^ +package +npm pack fails: no network$/m);
    assert.ok(steps.includes('npm pack . --dry-run'));
  });

  it('refuses a folder without an extension, and one that is private', async () => {
    const folder = newFolder();
    const empty = await cli([':publish'], { cwd: folder });
    assert.equal(empty.exitCode, 1);
    assert.match(empty.all, /^[^\n]*is no worker extension: it has no package\.json\.$/);
    await run('cp', ['-r', `${project}/.`, folder], { cwd: folder });
    await run('npm', ['pkg', 'set', 'private=true', '--json'], { cwd: folder });
    const hidden = await cli([':publish'], { cwd: folder });
    assert.equal(hidden.exitCode, 1);
    assert.match(hidden.all, /^azfunc-extension-timer is "private"[^\n]*\.$/);
  });
});
