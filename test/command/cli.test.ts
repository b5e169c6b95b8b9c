import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { filesIn, read, readJson, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, run } from '../../tools/support/processes.js';
import { temporary } from '../../tools/support/environment.js';
import { goldenFiles } from '../support/templates.js';

const quick = ['--yes', '--skip-install', '--no-git'];

describe('command line', () => {
  it('scaffolds, tells how to go on, and exits with 0', async () => {
    const cwd = newFolder('with space');
    const { exitCode, all } = await cli(['my timer', '--name', 'timer', ...quick], { cwd });
    assert.equal(exitCode, 0, all);
    assert.deepEqual(filesIn(join(cwd, 'my timer')), goldenFiles('typescript-timer-app'));
    assert.match(all, /1\. cd "my timer"\n +2\. npm install\n +3\. npm test +#[^]*5\. curl http/);
  });

  for (const [args, reason] of [
    [['--nmae', 'timer'], /^There is no option --nmae\. Did you mean --name\?$/],
    [['--name', 'tim/er'], /^"tim\/er" does not make an npm package name: .*\.$/],
    [['--description'], /^--description needs a value: --description <text>$/],
    [['a', 'b'], /^There can be only one destination: a, b$/],
    [[''], /^"" is not a folder\. Take \. for the current one\.$/],
    [['--name', 'a', '--name', 'b'], /^--name is given more than once\.$/],
    [
      ['--package-manager', 'bun'],
      /^A package manager of TypeScript is npm, pnpm or yarn, not "bun"\.$/,
    ],
    [['--dry-run=1'], /^--dry-run takes no value\. Leave out "1"\.$/],
    [[':usr'], /^There is no generator :usr\. There is: :extension, .*, :update, :bridge\.$/],
    [[':extension', '--function-name', 'x'], /^There is no option --function-name\./],
  ] as const) {
    it(`refuses ${args.join(' ')} in one line with exit code 1, and writes nothing`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await cli([...args, ...quick], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, reason);
      assert.deepEqual(readdirSync(cwd), []);
    });
  }

  for (const stdin of ['ignore', 'pipe'] as const) {
    it(`names the missing flags where there is no terminal (stdin: ${stdin})`, async () => {
      const cwd = newFolder();
      const { exitCode, all } = await cli(['--name', 'timer', '--skip-install'], {
        cwd,
        stdin,
        timeout: 10_000,
      });
      assert.equal(exitCode, 1);
      assert.match(
        all,
        /^There is no terminal to ask in\. Add --yes [^\n]*--scope, --description[^\n]*\.$/,
      );
      assert.doesNotMatch(all, /--name/);
      assert.deepEqual(filesIn(cwd), []);
    });
  }

  it('needs neither terminal nor --yes where all flags are given', async () => {
    const cwd = newFolder();
    const given = `--name timer --template timer --scope app --description x --author y --email a@b.example --license MIT
      --repository= --functions-range ^4.1.0 --function-app --function-name Hello --ci none --no-git --skip-install`;
    const { exitCode, all } = await cli(given.split(/\s+/), { cwd });
    assert.equal(exitCode, 0, all);
    assert.ok(existsSync(join(cwd, 'azfunc-extension-timer/function-app/src/functions/Hello.ts')));
  });

  it('refuses a destination that is a file, or below one, or a link to nowhere', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'taken'), 'mine');
    symlinkSync('nowhere', join(cwd, 'link'));
    for (const destination of ['taken', 'taken/below', 'link']) {
      const { exitCode, all } = await cli([destination, ...quick], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, /^[^\n]*(taken|link) is not a folder\. Choose another destination\.$/);
    }
    assert.equal(read(cwd, 'taken'), 'mine');
  });

  for (const [what, obstruct] of [
    ['a file in place of a folder', (out: string) => writeFileSync(join(out, 'extension'), 'mine')],
    ['a folder in place of a file', (out: string) => mkdirSync(join(out, 'README.md'))],
    ['a link out of the destination', (out: string) => symlinkSync('..', join(out, 'extension'))],
  ] as const) {
    it(`writes nothing at all where ${what} is in the way, not even with --force`, async () => {
      const cwd = newFolder();
      const out = join(cwd, 'out');
      mkdirSync(out);
      obstruct(out);
      const { exitCode, all } = await cli(['out', '--name', 'timer', '--force', ...quick], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, /^[^\n]* is in the way: [^\n]*$/);
      assert.equal(readdirSync(out).length, 1);
    });
  }

  it('refuses a destination that cannot be written to', async function () {
    const cwd = newFolder();
    chmodSync(temporary, 0o755);
    chmodSync(cwd, 0o755);
    mkdirSync(join(cwd, 'locked'), { mode: 0o555 });
    // root may write everywhere, so it has to be another user here.
    const isRoot = process.getuid?.() === 0;
    const options = { cwd, ...(isRoot && { uid: 65_534, gid: 65_534, env: { HOME: cwd } }) };
    if ((await cli(['--version'], options)).failed) {
      this.skip(); // That user cannot get at this folder, or at Node.js.
    }
    const { exitCode, all } = await cli(['locked/below', ...quick], options);
    assert.equal(exitCode, 1, all);
    assert.match(all, /^[^\n]*locked cannot be written to\.[^\n]*$/);
  });

  it('leaves what is there alone without a terminal, and overwrites it with --force', async () => {
    const cwd = newFolder();
    await cli(['out', '--name', 'timer', ...quick], { cwd });
    writeFileSync(join(cwd, 'out/README.md'), 'mine');
    writeFileSync(join(cwd, 'out/LICENSE'), 'mine');
    const refused = await cli(['out', '--name', 'timer', ...quick], { cwd, stdin: 'pipe' });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.all, /^LICENSE, README\.md would be overwritten, .*Add --force/);
    assert.equal(read(cwd, 'out/README.md'), 'mine');
    for (const off of ['--force=false', '--no-force']) {
      const { exitCode } = await cli(['out', '--name', 'timer', off, ...quick], { cwd });
      assert.equal(exitCode, 1);
      assert.equal(read(cwd, 'out/README.md'), 'mine');
    }
    for (const force of ['--force', '-f']) {
      writeFileSync(join(cwd, 'out/README.md'), 'mine');
      assert.equal((await cli(['out', '--name', 'timer', force, ...quick], { cwd })).exitCode, 0);
      assert.match(read(cwd, 'out/README.md'), /^# azfunc-extension-timer/);
    }
  });

  it('changes nothing when it is run again', async () => {
    const cwd = newFolder();
    await cli(quick, { cwd });
    const { exitCode, all } = await cli(quick, { cwd });
    assert.equal(exitCode, 0);
    assert.match(all, /identical/);
    assert.doesNotMatch(all, /create|conflict/);
  });

  it('writes nothing with --dry-run', async () => {
    const cwd = newFolder();
    const { exitCode, all } = await cli(['--dry-run', '--yes'], { cwd });
    assert.equal(exitCode, 0, all);
    assert.deepEqual(readdirSync(cwd), []);
  });

  it('makes a git repository with a first commit, but not in another one', async () => {
    const cwd = newFolder();
    await cli(['out', '--yes', '--skip-install'], { cwd });
    const { stdout } = await run('git', ['log', '--format=%s'], { cwd: join(cwd, 'out') });
    assert.equal(stdout, 'Initial commit');
    const status = await run('git', ['status', '--porcelain'], { cwd: join(cwd, 'out') });
    assert.equal(status.stdout, '');
    await cli(['out/inner', '--yes', '--skip-install'], { cwd });
    assert.ok(!existsSync(join(cwd, 'out/inner/.git')));
    const refused = await cli(['out/other', '--yes', '--skip-install', '--git'], { cwd });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.all, /^--git: there is a git repository already/);
    await cli(['none', '--yes', '--skip-install', '--no-git'], { cwd });
    assert.ok(!existsSync(join(cwd, 'none/.git')));
  });

  it('takes the repository from the remote, without credentials', async () => {
    const cwd = newFolder();
    await run('git', ['init', '-q'], { cwd });
    await run('git', ['remote', 'add', 'origin', 'https://ada:secret@github.com/owner/repo.git'], {
      cwd,
    });
    await cli(['.', '--name', 'timer', ...quick], { cwd });
    const { repository } = readJson(cwd, 'extension/package.json');
    assert.equal(repository.url, 'git+https://github.com/owner/repo.git');
    assert.ok(existsSync(join(cwd, '.github/workflows/release.yml')));
    await cli(['packages/timer', '--name', 'timer', ...quick], { cwd });
    const inside = readJson(cwd, 'packages/timer/extension/package.json');
    assert.equal(inside.repository, undefined, 'of a part of a repository');
    assert.ok(!existsSync(join(cwd, 'packages/timer/.github')));
  });

  it('says so where there can be no first commit, and goes on', async () => {
    const cwd = newFolder();
    const env = { GIT_AUTHOR_NAME: '', GIT_COMMITTER_NAME: '' };
    const { exitCode, all } = await cli(['out', '--yes', '--skip-install'], { cwd, env });
    assert.equal(exitCode, 0, all);
    assert.match(all, /^There is no first commit yet: git commit has failed, fatal: /m);
    assert.ok(existsSync(join(cwd, 'out/.git')));
  });

  it('opens Visual Studio Code if it is asked to, and says so where that is not there', async () => {
    const cwd = newFolder();
    // In place of the editor: a command that notes what it was called with.
    writeFileSync(join(cwd, 'code'), '#!/bin/sh\necho "$1" > "$0.called"\n', { mode: 0o755 });
    const env = { PATH: [cwd, process.env.PATH].join(delimiter) };
    await cli(['one', ...quick], { cwd, env });
    assert.ok(!existsSync(join(cwd, 'code.called')));
    await cli(['two', '--open', ...quick], { cwd, env });
    assert.equal(read(cwd, 'code.called').trim(), join(cwd, 'two'));
    const { exitCode, all } = await cli(['three', '--open', ...quick], {
      cwd,
      env: { PATH: '/nowhere' },
    });
    assert.equal(exitCode, 0);
    assert.match(all, /^There is no code on the PATH, so Visual Studio Code is not opened\.$/m);
  });

  it('works without git', async () => {
    const cwd = newFolder();
    const { exitCode, all } = await cli(quick.slice(0, 2), { cwd, env: { PATH: '/nowhere' } });
    assert.equal(exitCode, 0, all);
    assert.ok(!existsSync(join(cwd, 'azfunc-extension-timer/.git')));
  });

  it('says so where there is no npm', async () => {
    const { exitCode, all } = await cli(['--yes', '--no-git'], {
      cwd: newFolder(),
      env: { PATH: '/nowhere' },
    });
    assert.equal(exitCode, 1);
    assert.match(
      all,
      /npm install has failed, there is no npm on the PATH\. All files are written/,
    );
  });

  for (const more of [[], ['--force-install']]) {
    it(['says so where npm install fails, with all files written', ...more].join(' '), async () => {
      const cwd = newFolder();
      const { exitCode, all } = await cli(['--yes', '--no-git', ...more], {
        cwd,
        env: {
          npm_config_registry: 'http://127.0.0.1:9',
          npm_config_fetch_retries: '0',
          npm_config_cache: newFolder(),
        },
      });
      assert.equal(exitCode, 1);
      assert.match(
        all,
        /npm install has failed, the registry cannot be reached\. All files are written, so go on from here\./,
      );
      assert.match(all, /2\. npm config get registry .*\n +3\. npm ping .*\n +4\. npm install$/m);
      assert.deepEqual(
        filesIn(join(cwd, 'azfunc-extension-timer')),
        goldenFiles('typescript-timer-app'),
      );
    }).timeout(60_000);
  }

  it('shows help and version', async () => {
    const help = await cli(['--help'], { cwd: newFolder() });
    assert.equal(help.exitCode, 0);
    assert.match(help.all, /^Usage: npx generator-azfunc-extension \[destination\] \[options\]$/m);
    const sub = await cli([':extension', '-h'], { cwd: newFolder() });
    assert.match(sub.all, /^Usage: npx generator-azfunc-extension :extension /m);
    const version = await cli(['--version'], { cwd: newFolder() });
    assert.equal(version.all, readJson(root, 'package.json').version);
  });
});
