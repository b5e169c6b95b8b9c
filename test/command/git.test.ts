import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { goldenFiles } from '../support/templates.js';

/** What git and a shell take for our command line, which scaffolds into a folder elsewhere. */
const scaffolder = (destination: string) =>
  `"${process.execPath}" "${join(root, 'bin.cjs')}" "${destination}" --name timer --yes --skip-install`;

const gitIn = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('run by git', () => {
  /** The user's other repository, with two commits. */
  let other: string;
  let destination: string;

  const git = (...args: string[]) => gitIn(other, ...args);

  const hook = (name: string) => {
    const folder = join(other, '.git/hooks');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${scaffolder(destination)}\n`, { mode: 0o755 });
  };

  beforeEach(() => {
    other = newFolder('other');
    destination = join(newFolder('elsewhere'), 'out');
    git('init', '--quiet', '--initial-branch', 'main');
    for (const file of ['mine.txt', 'more.txt']) {
      writeFileSync(join(other, file), file);
      git('add', file);
      git('commit', '--quiet', '--message', file);
    }
  });

  /** That the first commit is where it belongs, and that the other repository is as git would leave it. */
  function assertApart(commits: string[], cwd = other): void {
    assert.equal(gitIn(destination, 'log', '--format=%s'), 'Initial commit\n');
    const tracked = gitIn(destination, 'ls-files', '-z');
    // local.settings.json is not for git.
    assert.deepEqual(
      tracked.split('\0').filter(Boolean).sort(),
      goldenFiles('typescript-timer-app').filter((file) => !file.endsWith('local.settings.json')),
    );
    assert.equal(gitIn(cwd, 'log', '--format=%s'), `${commits.join('\n')}\n`);
    assert.deepEqual(
      gitIn(cwd, 'ls-files').split('\n').filter(Boolean),
      filesIn(cwd).filter((file) => file !== '.git' && !file.startsWith('.git/')),
    );
    assert.equal(gitIn(cwd, 'status', '--porcelain'), '');
    assert.equal(read(cwd, 'mine.txt'), 'mine.txt');
  }

  it('as an alias, leaves the repository around alone', () => {
    git('--git-dir=.git', '-c', `alias.scaffold=!${scaffolder(destination)}`, 'scaffold');
    assertApart(['more.txt', 'mine.txt']);
  });

  it('as a hook of a commit, leaves the commit as it is', () => {
    hook('pre-commit');
    writeFileSync(join(other, 'more.txt'), 'changed');
    git('commit', '--quiet', '--all', '--message', 'change');
    assertApart(['change', 'more.txt', 'mine.txt']);
  });

  describe('in a linked worktree', () => {
    let linked: string;
    beforeEach(() => {
      linked = join(newFolder('linked'), 'tree');
      git('worktree', 'add', '--quiet', '-b', 'linked', linked);
    });
    afterEach(() => {
      assertApart(['more.txt', 'mine.txt'], linked);
      assertApart(['more.txt', 'mine.txt']);
    });

    it('as a hook, leaves both worktrees alone', () => {
      hook('post-checkout');
      gitIn(linked, 'checkout', '--quiet', '--detach');
    });

    it('as an alias, leaves both worktrees alone', () => {
      gitIn(linked, '-c', `alias.scaffold=!${scaffolder(destination)}`, 'scaffold');
    });

    it('by git rebase --exec, leaves both worktrees alone', () => {
      gitIn(linked, 'rebase', '--quiet', '--exec', scaffolder(destination), 'HEAD~1');
    });
  });

  it('as a hook of a repository that is pushed to, makes its commit', () => {
    const bare = join(newFolder('bare'), 'bare.git');
    git('init', '--quiet', '--bare', bare);
    writeFileSync(
      join(bare, 'hooks/pre-receive'),
      `#!/bin/sh\ncat > "/dev/null"\n${scaffolder(destination)}\n`,
      { mode: 0o755 },
    );
    git('push', '--quiet', bare, 'main');
    assertApart(['more.txt', 'mine.txt']);
  });
});
