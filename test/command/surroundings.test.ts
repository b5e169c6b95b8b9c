import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn, read, readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli } from '../../tools/support/processes.js';

const quick = ['--yes', '--skip-install', '--no-git'];

/** A folder with files, by path. */
function project(files: Record<string, string | object>): string {
  const cwd = newFolder('project');
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    if (typeof contents === 'string') {
      writeFileSync(join(cwd, path), contents);
    } else {
      writeJson(join(cwd, path), contents);
    }
  }
  return cwd;
}

describe('the package manager', () => {
  for (const [what, files, expected] of [
    ['packageManager', { 'package.json': { packageManager: 'pnpm@10.1.0+sha512.abc' } }, 'pnpm'],
    [
      'devEngines',
      { 'package.json': { devEngines: { packageManager: { name: 'yarn', version: '4' } } } },
      'yarn',
    ],
    [
      'a list in devEngines',
      { 'package.json': { devEngines: { packageManager: [{ name: 'pnpm' }] } } },
      'pnpm',
    ],
    ['pnpm-lock.yaml', { 'pnpm-lock.yaml': '' }, 'pnpm'],
    ['yarn.lock', { 'yarn.lock': '' }, 'yarn'],
    ['package-lock.json', { 'package-lock.json': '{}' }, 'npm'],
    [
      'packageManager, rather than a lockfile beside it',
      { 'package.json': { packageManager: 'yarn@1.22.22' }, 'package-lock.json': '{}' },
      'yarn',
    ],
    ['a file that is nearer', { 'yarn.lock': '', 'a/package-lock.json': '{}' }, 'npm'],
    ['nothing, and so the one that runs this', { 'package.json': 'no JSON' }, 'pnpm'],
    [
      'nothing up to the root of the repository',
      { 'yarn.lock': '', 'a/.git/HEAD': 'ref: refs/heads/main' },
      'pnpm',
    ],
  ] as const) {
    it(`is named by ${what}`, async () => {
      const cwd = join(project({ 'a/b/.keep': '', ...files }), 'a/b');
      const { exitCode, all } = await cli(['timer', ...quick], {
        cwd,
        env: { npm_config_user_agent: 'pnpm/10.34.8 npm/? node/v24.0.0' },
      });
      assert.equal(exitCode, 0, all);
      assert.match(all, new RegExp(`2\\. ${expected} install\n +3\\. ${expected} test`));
    });
  }

  for (const [what, files, name] of [
    ['bun.lock', { 'bun.lock': '{}' }, 'bun'],
    ['bun.lockb', { 'bun.lockb': '' }, 'bun'],
    ['packageManager', { 'package.json': { packageManager: 'bun@1.3.0' } }, 'bun'],
    ['another packageManager', { 'package.json': { packageManager: 'vlt@1.0.0' } }, 'vlt'],
  ] as const) {
    it(`is refused if nothing can be made for it, by ${what}, unless another one is named`, async () => {
      const cwd = project(files);
      const { exitCode, all } = await cli(['timer', ...quick], { cwd });
      assert.equal(exitCode, 1, all);
      assert.equal(
        all,
        `${cwd} uses ${name}, for which nothing can be made. Give --package-manager npm, pnpm or yarn, or take a folder elsewhere.`,
      );
      const made = await cli(['timer', ...quick, '--package-manager', 'npm'], { cwd });
      assert.equal(made.exitCode, 0, made.all);
      assert.match(made.all, /2\. npm install/);
    });
  }

  it('is not named by bun that runs this', async () => {
    const env = { npm_config_user_agent: 'bun/1.3.0 npm/? node/v24.0.0 linux x64' };
    const { all } = await cli(['timer', ...quick], { cwd: newFolder(), env });
    assert.match(all, /2\. npm install/);
  });

  it('of a function app is bun: its lockfile stays the only one', async () => {
    const cwd = project({
      'bun.lock': '{}',
      'host.json': '{"version":"2.0"}',
      'package.json': { main: 'src/*.js', dependencies: { '@azure/functions': '^4.0.0' } },
      'src/index.js': '',
    });
    const before = filesIn(cwd);
    const use = await cli([':use', '--extension', 'azfunc-extension-timer', '--yes'], { cwd });
    assert.equal(use.exitCode, 1, use.all);
    assert.match(
      use.all,
      /is installed with bun, and npm would install beside that\. Add and remove extensions with bun, .*$/,
    );
    assert.deepEqual(filesIn(cwd), before);
    const added = await cli([':function', '--trigger', 'http', '--yes'], { cwd });
    assert.equal(added.exitCode, 0, added.all);
  });

  it('is not named by a lockfile that lies in the home folder', async () => {
    const home = project({ 'yarn.lock': '' });
    const { all } = await cli(['timer', ...quick], { cwd: home, env: { HOME: home } });
    assert.match(all, /2\. npm install/);
  });

  it('is in package.json where it has to be fetched, in the version that runs', async () => {
    const cwd = newFolder();
    const env = { npm_config_user_agent: 'yarn/4.2.2 npm/? node/v24.0.0' };
    await cli(['yarn', ...quick], { cwd, env });
    assert.equal(readJson(cwd, 'yarn/package.json').packageManager, 'yarn@4.2.2');
    await cli([':extension', 'alone', ...quick], { cwd, env });
    assert.equal(readJson(cwd, 'alone/package.json').packageManager, 'yarn@4.2.2');
    await cli([':function-app', 'app', '--extension', './alone', ...quick], { cwd, env });
    assert.equal(readJson(cwd, 'app/package.json').packageManager, 'yarn@4.2.2');
    await cli(['npm', '--package-manager', 'npm', ...quick], { cwd, env });
    assert.equal(readJson(cwd, 'npm/package.json').packageManager, undefined);
  });
});

describe('the package manager of a project in Python', () => {
  for (const [what, files, env, expected] of [
    ['uv.lock', { 'uv.lock': '' }, {}, 'uv'],
    ['uv.toml', { 'uv.toml': '' }, {}, 'uv'],
    ['[tool.uv]', { 'pyproject.toml': '[project]\nname = "a"\n\n[tool.uv]\n' }, {}, 'uv'],
    ['a pyproject.toml without it, which says nothing', { 'pyproject.toml': '' }, {}, 'pip'],
    ['what runs this', {}, { UV: '/usr/bin/uv' }, 'uv'],
    [
      'nothing up to the root of the repository',
      { 'uv.lock': '', 'a/.git/HEAD': 'ref: refs/heads/main' },
      {},
      'pip',
    ],
    ['nothing that is for Node.js', { 'pnpm-lock.yaml': '' }, {}, 'pip'],
  ] as const) {
    it(`is named by ${what}`, async () => {
      const cwd = join(project({ 'a/b/.keep': '', ...files }), 'a/b');
      const { exitCode, all } = await cli(['timer', '--language=python', ...quick], {
        cwd,
        env: { UV: '', ...env },
      });
      assert.equal(exitCode, 0, all);
      const { answers } = readJson(cwd, 'timer/.azfunc-extension.json') as {
        answers: { packageManager?: string };
      };
      assert.equal(answers.packageManager, expected);
      assert.equal(existsSync(join(cwd, 'timer/pyproject.toml')), expected === 'uv');
    });
  }
});

describe('in a workspace', () => {
  const member = (path: string) => [':extension', path, '--name', 'timer', ...quick];

  for (const [what, before, after] of [
    [
      'a list, with comments',
      '# ours\npackages:\n  # libraries\n  - "libs/*" # all\n\nonlyBuiltDependencies:\n  - esbuild\n',
      '# ours\npackages:\n  # libraries\n  - "libs/*" # all\n  - "packages/timer"\n\nonlyBuiltDependencies:\n  - esbuild\n',
    ],
    [
      'a list without indentation or a last line break',
      'packages:\n- libs/*',
      'packages:\n- libs/*\n- "packages/timer"\n',
    ],
    [
      'a list with other line breaks',
      'packages:\r\n  - libs/*\r\n',
      'packages:\r\n  - libs/*\r\n  - "packages/timer"\r\n',
    ],
    ['a list in one line', 'packages: ["libs/*"]\n', 'packages: ["libs/*", "packages/timer"]\n'],
    ['a glob', 'packages:\n  - packages/*\n', 'packages:\n  - packages/*\n'],
  ] as const) {
    it(`of pnpm, an extension becomes a member of ${what}`, async () => {
      const cwd = project({ 'package.json': {}, 'pnpm-workspace.yaml': before });
      const { exitCode, all } = await cli(member('packages/timer'), { cwd });
      assert.equal(exitCode, 0, all);
      assert.match(all, /2\. pnpm install/);
      assert.equal(read(cwd, 'pnpm-workspace.yaml'), after);
      assert.ok(!existsSync(join(cwd, 'packages/timer/.editorconfig')));
    });
  }

  for (const [what, files, args, reason] of [
    [
      'one of pnpm that lists no packages',
      { 'pnpm-workspace.yaml': 'onlyBuiltDependencies: []\n' },
      member('packages/timer'),
      /pnpm-workspace\.yaml lists no packages, so pnpm would install nothing in .*timer\. Add to it: packages: \["packages\/timer"\]$/,
    ],
    [
      'a folder that is excluded',
      { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - "!packages/timer"\n' },
      member('packages/timer'),
      /pnpm-workspace\.yaml excludes packages\/timer from the workspace\. Take a folder elsewhere\.$/,
    ],
    [
      'another package manager',
      { 'package.json': { workspaces: ['packages/*'] }, 'yarn.lock': '' },
      [...member('packages/timer'), '--package-manager', 'npm'],
      /is a workspace of yarn, .* Give --package-manager yarn, or take a folder elsewhere\.$/,
    ],
    [
      'one of a package manager that nothing can be made for',
      { 'package.json': { workspaces: ['packages/*'] }, 'bun.lock': '{}' },
      [...member('packages/timer'), '--package-manager', 'npm'],
      /is a workspace of bun, for which nothing can be made, and the package would be a member of it\. Take a folder elsewhere\.$/,
    ],
    [
      'a workspace in one of those',
      { 'package.json': { workspaces: ['packages/*'] }, 'bun.lock': '{}' },
      ['packages/timer', '--name', 'timer', ...quick, '--package-manager', 'npm'],
      /is a workspace of bun, for which nothing can be made/,
    ],
    [
      'a workspace in one of pnpm',
      { 'pnpm-workspace.yaml': 'packages:\n  - packages/**\n' },
      ['packages/timer', '--name', 'timer', ...quick],
      /is in the pnpm workspace .*, and pnpm has no workspaces in workspaces\. Make the package there: --no-function-app$/,
    ],
    [
      'a workspace in one of yarn',
      { 'package.json': { workspaces: ['packages/*'] }, 'yarn.lock': '' },
      ['packages/timer', '--name', 'timer', ...quick],
      /is in the yarn workspace .*, and yarn has no workspaces/,
    ],
    [
      'a workspace in one of uv',
      {
        'pyproject.toml':
          '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/own"]\n',
      },
      ['packages/timer', '--language=python', '--name', 'timer', ...quick],
      /is in the uv workspace .*, and uv has no workspaces in workspaces\. Make the package there: --no-function-app$/,
    ],
    [
      'a name that is taken',
      {
        'package.json': { workspaces: ['packages/*'] },
        'packages/old/package.json': { name: 'azfunc-extension-timer' },
      },
      member('packages/timer'),
      /has a package azfunc-extension-timer already\. Give another --name\.$/,
    ],
  ] as const) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const cwd = project(files);
      const before = filesIn(cwd);
      const { exitCode, all } = await cli([...args], { cwd });
      assert.equal(exitCode, 1, all);
      assert.match(all, reason);
      assert.ok(!all.includes('\n'), all);
      assert.deepEqual(filesIn(cwd), before);
    });
  }

  it('of uv, a package is a member by its globs, and a workspace beside them is one of its own', async () => {
    const members = '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/own"]\n';
    const cwd = project({ 'pyproject.toml': members });
    for (const args of [
      [':extension', 'packages/timer'],
      ['packages/own', '--name=own'],
      ['other', '--name=other'],
    ]) {
      const { exitCode, all } = await cli([...args, '--language=python', ...quick], { cwd });
      assert.equal(exitCode, 0, all);
    }
    assert.equal(read(cwd, 'pyproject.toml'), members);
  });

  it('of pnpm, a workspace beside it is one of its own', async () => {
    const cwd = project({ 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' });
    const { exitCode, all } = await cli(['timer', ...quick], { cwd });
    assert.equal(exitCode, 0, all);
    assert.equal(read(cwd, 'pnpm-workspace.yaml'), 'packages:\n  - packages/*\n');
    assert.ok(existsSync(join(cwd, 'timer/pnpm-workspace.yaml')));
  });

  for (const [name, files, dependency] of [
    ['npm', { 'package.json': { workspaces: ['packages/*'] } }, 'file:../timer'],
    ['yarn', { 'package.json': { workspaces: ['packages/*'] }, 'yarn.lock': '' }, '0.1.0'],
    ['pnpm', { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' }, 'workspace:*'],
  ] as const) {
    it(`of ${name}, apps depend on the extension in it, and have names of their own`, async () => {
      const cwd = project(files);
      await cli(member('packages/timer'), { cwd });
      for (const [app, own] of [
        ['packages/app', 'azfunc-extension-timer-app'],
        ['packages/other', 'azfunc-extension-timer-app-2'],
      ] as const) {
        const args = [':function-app', app, '--extension', './packages/timer', ...quick];
        const { exitCode, all } = await cli(args, { cwd });
        assert.equal(exitCode, 0, all);
        const { name: appName, dependencies } = readJson(cwd, app, 'package.json');
        assert.equal(appName, own);
        assert.equal(dependencies['azfunc-extension-timer'], dependency);
      }
    });
  }

  it('has yarn take a project that is no member for one of its own', async () => {
    const cwd = project({ 'package.json': { name: 'other' }, 'yarn.lock': '' });
    await cli(['timer', ...quick], { cwd });
    assert.equal(read(cwd, 'timer/yarn.lock'), '');
    writeFileSync(join(cwd, 'timer/yarn.lock'), '# mine\n');
    await cli(['timer', ...quick, '--force'], { cwd });
    assert.equal(read(cwd, 'timer/yarn.lock'), '# mine\n');
  });
});
