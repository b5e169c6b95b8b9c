import assert from 'node:assert/strict';
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { read, readJson, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, npm, run } from '../../tools/support/processes.js';

const WORKSPACES = { name: 'root', private: true, workspaces: ['packages/*'] };

/** Each has a workspace in which there is one package already, and a lockfile. */
const MONOREPOS = [
  ['npm', undefined, 'package-lock.json', WORKSPACES, {}],
  [
    'pnpm',
    'pnpm@10',
    'pnpm-lock.yaml',
    { name: 'root', private: true },
    {
      'pnpm-workspace.yaml': "packages:\n  - packages/*\ncatalog:\n  '@azure/functions': ^4.5.0\n",
    },
  ],
  ['yarn', 'yarn@1.22.22', 'yarn.lock', WORKSPACES, {}],
  [
    'yarn',
    '@yarnpkg/cli-dist@4',
    'yarn.lock',
    WORKSPACES,
    { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' },
  ],
] as const;

describe('in a monorepo', () => {
  for (const [name, source, lockfile, rootPackage, files] of MONOREPOS) {
    it(`of ${source ?? name}, extension and app are members that use each other`, async () => {
      const tool = newFolder('tool');
      if (source !== undefined) {
        await npm(['install', '--no-audit', '--no-fund', '--prefix', tool, source], tool);
      }
      const env = {
        PATH: [join(tool, 'node_modules/.bin'), process.env.PATH].join(delimiter),
        // Settings of a machine for CI and production, which a new project has no use for.
        CI: 'true',
        NODE_ENV: 'production',
      };
      const cwd = newFolder('monorepo');
      mkdirSync(join(cwd, 'packages/other'), { recursive: true });
      writeJson(join(cwd, 'package.json'), rootPackage);
      writeJson(join(cwd, 'packages/other/package.json'), { name: 'other', version: '1.0.0' });
      for (const [file, contents] of Object.entries(files)) {
        writeFileSync(join(cwd, file), contents);
      }
      const installed = await run(name, ['install'], {
        cwd,
        env: { PATH: env.PATH, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
      });
      assert.equal(installed.exitCode, 0, installed.all);
      for (const args of [
        [':extension', 'packages/timer'],
        [':function-app', 'packages/app', '--extension', './packages/timer'],
      ]) {
        const made = await cli([...args, '--yes', '--no-git'], { cwd, env });
        assert.equal(made.exitCode, 0, made.all);
        assert.match(made.all, new RegExp(`1\\. cd packages/\\w+\n +2\\. ${name} test`));
      }
      for (const other of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock']) {
        assert.equal(existsSync(join(cwd, other)), other === lockfile, other);
        for (const member of ['timer', 'app']) {
          assert.ok(!existsSync(join(cwd, 'packages', member, other)));
        }
      }
      assert.match(read(cwd, lockfile), /typescript/);
      const app = join(cwd, 'packages/app');
      const linked = [app, cwd]
        .map((folder) => join(folder, 'node_modules/azfunc-extension-timer'))
        .find(existsSync);
      assert.equal(linked && realpathSync(linked), join(cwd, 'packages/timer'));
      for (const member of ['timer', 'app']) {
        const tested = await run(name, ['test'], { cwd: join(cwd, 'packages', member), env });
        assert.equal(tested.exitCode, 0, tested.all);
        assert.match(tested.all, /^. pass [1-9]/m);
      }
    });
  }

  it('of pnpm, an app whose versions are in a catalog gets an extension', async () => {
    const tool = newFolder('tool');
    await npm(['install', '--no-audit', '--no-fund', '--prefix', tool, 'pnpm@10'], tool);
    const env = { PATH: [join(tool, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
    const cwd = newFolder('catalog');
    mkdirSync(join(cwd, 'apps/one/src'), { recursive: true });
    writeJson(join(cwd, 'package.json'), { private: true });
    writeFileSync(
      join(cwd, 'pnpm-workspace.yaml'),
      "packages:\n  - apps/*\n  - packages/*\ncatalog:\n  '@azure/functions': ^4.5.0\n",
    );
    writeJson(join(cwd, 'apps/one/package.json'), {
      name: 'one',
      main: 'src/*.js',
      dependencies: { '@azure/functions': 'catalog:' },
    });
    writeJson(join(cwd, 'apps/one/host.json'), { version: '2.0' });
    for (const args of [
      [':extension', 'packages/timer', '--yes', '--no-git'],
      [':use', 'apps/one', '--extension', './packages/timer', '--yes'],
    ]) {
      const { exitCode, all } = await cli(args, { cwd, env });
      assert.equal(exitCode, 0, all);
    }
    const { dependencies } = readJson(cwd, 'apps/one/package.json');
    assert.equal(dependencies['azfunc-extension-timer'], 'workspace:*');
    assert.equal(
      realpathSync(join(cwd, 'apps/one/node_modules/azfunc-extension-timer')),
      join(cwd, 'packages/timer'),
    );
  });
});
