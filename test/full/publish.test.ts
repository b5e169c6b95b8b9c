import assert from 'node:assert/strict';
import { join } from 'node:path';
import { foreignApp } from '../support/apps.js';
import { read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtHost, startHost } from '../../tools/support/local-host.js';
import { cli, npm, run } from '../../tools/support/processes.js';
import { commandsIn } from '../support/readme.js';
import { type Registry, startRegistry } from '../../tools/support/registry.js';
import { runJob, workflowsOf } from '../support/workflows.js';

async function answerOf(app: string, program?: string): Promise<string> {
  const host = await startHost(app, program === undefined ? {} : { program });
  try {
    return await (await fetch(`${host.url}/api/HttpTrigger`)).text();
  } finally {
    await host.stop();
  }
}

for (const { layout, name, folder, options } of [
  {
    layout: 'a workspace',
    name: '@contoso/azfunc-extension-app',
    folder: 'extension',
    options: [],
  },
  {
    layout: 'a package alone',
    name: 'azfunc-extension-contoso-alone',
    folder: '.',
    options: ['--no-function-app', '--scope', 'function'],
  },
]) {
  describe(`publishing the extension of ${layout}`, () => {
    let registry: Registry;
    let project: string;
    before(async () => {
      registry = await startRegistry();
      project = await scaffold(
        ['.', '--name', name, '--repository', 'contoso/azfunc', ...options, '--yes', '--no-git'],
        newFolder('project'),
      );
      await npm(['install', '--no-audit'], project);
    });
    after(() => registry.close());

    const sh = async (command: string, env: Record<string, string> = {}) => {
      const { exitCode, all } = await run('bash', ['-e', '-c', command], { cwd: project, env });
      assert.equal(exitCode, 0, `${command}\n${all}`);
      return all;
    };
    /** What :publish says of the project. */
    const progress = async (env: Record<string, string>) => {
      const { exitCode, all } = await cli([':publish'], { cwd: project, env });
      assert.equal(exitCode, 0, all);
      return all;
    };
    const versions = () => Object.keys(registry.packuments.get(name)?.versions ?? {});

    describe('by hand', () => {
      let commands: string[];
      before(() => {
        commands = commandsIn(read(project, 'README.md'), 'Publish');
      });

      it('is done with the commands of the readme', async () => {
        const [check, dryRun = '', publish = ''] = commands;
        const before = await progress(registry.customer);
        assert.match(before, /^ +name +free$/m);
        assert.match(before, /^ +account +not logged in$/m);
        assert.match(before, /^ +package +\d+ files, \d+ kB$/m);
        assert.match(
          before,
          new RegExp(
            `1\\. npm login\\n +2\\. npm publish ${folder === '.' ? '\\.' : './extension'} `,
          ),
        );
        assert.match(before, /3\. npm trust github \S+ --repository contoso\/azfunc /);
        // The workflows run it.
        assert.equal(check, 'npm run check:package');
        assert.match(dryRun, / --dry-run$/);
        assert.match(await sh(dryRun, registry.customer), /^\+ .*@0\.1\.0$/m);
        await assert.rejects(sh(publish, registry.customer), /ENEEDAUTH/);
        assert.deepEqual(versions(), []);
        await sh(publish, registry.publisher);
        assert.deepEqual(versions(), ['0.1.0']);
        const after = await progress(registry.publisher);
        assert.match(after, /^ +name +taken, and has this version/m);
        assert.match(after, /^ +account +publisher$/m);
        assert.match(after, /1\. npm version patch --no-git-tag-version/);
        assert.doesNotMatch(after, /npm (login|publish|trust)/);
        const { repository } = registry.packuments.get(name)?.versions['0.1.0'] ?? {};
        assert.deepEqual(repository, {
          type: 'git',
          url: 'git+https://github.com/contoso/azfunc.git',
          ...(folder !== '.' && { directory: folder }),
        });
      });

      it('serves a new app, and one that is there', async () => {
        const made = await cli(
          [':function-app', 'app', '--extension', `${name}@0.1.0`, '--yes', '--no-git'],
          { cwd: newFolder('customer'), env: registry.customer },
        );
        assert.equal(made.exitCode, 0, made.all);
        const app = join(made.cwd, 'app');
        assert.equal(readJson(app, 'package.json').dependencies[name], '^0.1.0');
        await npm(['test'], app);
        assert.match(await answerOf(app), / \(TimeElapsed: \d+\.\d{4} sec\)$/);

        const existing = foreignApp('javascript');
        const used = await cli([':use', '--extension', name, '--function-name', 'HttpTrigger'], {
          cwd: existing,
          env: registry.customer,
        });
        assert.equal(used.exitCode, 0, used.all);
        assert.equal(readJson(existing, 'package.json').dependencies[name], '^0.1.0');
        // Core Tools would run it as this does.
        assert.match(
          await answerOf(existing, builtHost),
          /^Hello, world! \(TimeElapsed: \d+\.\d{4} sec\)$/,
        );
      });

      it('can be followed by a warning', async () => {
        const deprecate = commands.find((command) => command.startsWith('npm deprecate '));
        await sh(deprecate ?? '', registry.publisher);
        const output = await npm(
          ['install', '--no-audit', `${name}@0.1.0`],
          newFolder('customer'),
          registry.customer,
        );
        assert.match(output, /deprecated .*@0\.1\.0: Fixed in the next version\./);
      });
    });

    describe('from GitHub', () => {
      const origin = newFolder('origin');
      before(() =>
        sh(`
          git init --quiet --bare --initial-branch main ${origin}
          git init --quiet --initial-branch main
          git remote add origin ${origin}
          git add --all
          git commit --quiet --message Begin
          git tag v0.1.1
          git push --quiet origin main v0.1.1
        `),
      );

      /** Runs a job of a workflow in a fresh clone. */
      const artifacts = newFolder('artifacts');
      const job = async (file: string, id: string, ref: string) => {
        const checkout = newFolder('checkout');
        await sh(`git clone --quiet --branch ${ref} ${origin} ${checkout}`);
        const found = workflowsOf(project).get(file)?.jobs[id];
        assert.ok(found, `${file} has no job ${id}.`);
        const env = { ...registry.publisher, GITHUB_REF_NAME: ref };
        const outcome = await runJob(found, checkout, env, artifacts);
        const { all } = await run('git', ['status', '--porcelain'], { cwd: checkout });
        return { ...outcome, changes: all };
      };

      it('begins with tests and checks', async () => {
        const { exitCode, output, changes } = await job('ci.yml', 'test', 'main');
        assert.equal(exitCode, 0, output);
        assert.match(output, /publint/);
        assert.equal(changes, '');
      });

      it('is refused for a tag that is not the version', async () => {
        const { exitCode, output } = await job('release.yml', 'package', 'v0.1.1');
        assert.equal(exitCode, 1);
        assert.match(output, /^::error::The tag is v0\.1\.1, but the version .* is 0\.1\.0\.$/);
        assert.deepEqual(versions(), ['0.1.0']);
      });

      it('is done with the commands of the readme', async () => {
        const [trust = '', ...push] = commandsIn(read(project, 'README.md'), 'Release from GitHub');
        const [major = 0, minor = 0] = (await npm(['--version'], project)).split('.').map(Number);
        // npm trust came with npm 11.15.
        if (major > 11 || (major === 11 && minor >= 15)) {
          const workflow = 'github.com/contoso/azfunc/blob/HEAD/.github/workflows/release.yml';
          assert.ok((await sh(`${trust} --dry-run`)).includes(workflow));
        }
        await sh(`
          cd ${folder}
          npm version 0.2.0 --no-git-tag-version
          git commit --quiet --all --message 'Release 0.2.0'
        `);
        await sh(push.join('\n'));
        for (const id of ['package', 'publish']) {
          const { exitCode, output } = await job('release.yml', id, 'v0.2.0');
          assert.equal(exitCode, 0, output);
        }
        assert.deepEqual(versions(), ['0.1.0', '0.2.0']);
      });
    });
  });
}
