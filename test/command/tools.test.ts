import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { filesIn, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { runGenerator } from '../support/generator.js';
import { run } from '../../tools/support/processes.js';
import { readVsCode, taskOf } from '../support/vscode.js';

const yes = { yes: true, git: false };
const packageManagers = ['npm', 'pnpm', 'yarn'];
/** What belongs to the root of a workspace. */
const ROOT_FILES = ['.editorconfig', '.gitattributes', '.vscode/launch.json', '.vscode/tasks.json'];

/** A workspace, and both of its parts alone, in folders of these names. */
async function layouts(options: object): Promise<string> {
  const cwd = newFolder('tools');
  await runGenerator('app', { args: ['workspace'], options: { ...yes, ...options }, cwd });
  await runGenerator('extension', { args: ['extension'], options: { ...yes, ...options }, cwd });
  await runGenerator('function-app', {
    args: ['function-app'],
    options: { ...yes, ...options, extension: join(cwd, 'extension') },
    cwd,
  });
  return cwd;
}

for (const packageManager of packageManagers) {
  describe(`tools with ${packageManager}`, () => {
    let cwd: string;
    before(async () => {
      cwd = await layouts({ packageManager });
    });

    for (const layout of ['workspace', 'extension', 'function-app']) {
      it(`Visual Studio Code finds in ${layout} all tasks that are named, and their scripts`, () => {
        const folder = join(cwd, layout);
        const vsCode = readVsCode(folder);
        const { tasks, configurations, settings } = vsCode;
        const named = [
          ...tasks.map(({ dependsOn }) => dependsOn),
          ...configurations.map(({ preLaunchTask }) => preLaunchTask),
          settings['azureFunctions.preDeployTask'] as string | undefined,
        ].filter((label) => label !== undefined);
        assert.ok(named.length > 0);
        named.forEach((label) => taskOf(vsCode, label));
        for (const { type, label, command, cwd: at } of tasks) {
          assert.equal(taskOf(vsCode, label).command, command);
          const { scripts } = readJson(at, 'package.json');
          const script = command.replace(/^\w+ (run )?/, '');
          assert.ok(
            type === 'func'
              ? filesIn(at).includes('host.json')
              : command.startsWith(`${packageManager} `) &&
                  (script === 'install' || scripts[script]),
            `${label}: ${command}`,
          );
        }
      });
    }

    it('no script needs a shell that knows globs', () => {
      for (const file of filesIn(cwd).filter((one) => one.endsWith('package.json'))) {
        assert.doesNotMatch(JSON.stringify(readJson(cwd, file).scripts), /\*/, file);
      }
    });
  });
}

describe('git and editors', () => {
  let cwd: string;
  before(async () => {
    cwd = await layouts({});
    for (const [id, name] of [
      ['app', 'python'],
      ['extension', 'python-extension'],
    ] as const) {
      await runGenerator(id, { args: [name], options: { ...yes, language: 'python' }, cwd });
    }
  });

  for (const layout of ['workspace', 'extension', 'function-app', 'python', 'python-extension']) {
    it(`have in ${layout} line ends of one kind, by .gitattributes`, async () => {
      const folder = join(cwd, layout);
      await run('git', ['init', '--quiet'], { cwd: folder });
      await run('git', ['add', '--all'], { cwd: folder });
      const { stdout } = await run('git', ['ls-files', '--eol'], { cwd: folder });
      const files = String(stdout).split('\n');
      assert.ok(files.length > 10);
      for (const file of files) {
        assert.match(file, /^i\/(lf|none) +w\/\S+ +attr\/text=auto eol=lf/);
      }
    });

    it(`have in ${layout} the indent that the files have, by .editorconfig`, async () => {
      const widths = { 'a.ts': 2, 'a.json': 2, 'a.md': 2, 'a.yml': 2 };
      const inPython = layout.startsWith('python') ? { 'a.py': 4, 'a.toml': 4 } : {};
      for (const [file, tabWidth] of Object.entries({ ...widths, ...inPython })) {
        assert.deepEqual(
          await prettier.resolveConfig(join(cwd, layout, file), { editorconfig: true }),
          {
            endOfLine: 'lf',
            tabWidth,
            useTabs: false,
            ...(layout === 'workspace' && { printWidth: 100, singleQuote: true }),
          },
          file,
        );
      }
    });
  }

  it('Visual Studio Code finds in python all tasks that are named', () => {
    const vsCode = readVsCode(join(cwd, 'python'));
    const named = [
      ...vsCode.tasks.map(({ dependsOn }) => dependsOn),
      ...vsCode.configurations.map(({ preLaunchTask }) => preLaunchTask),
    ].filter((label) => label !== undefined);
    assert.ok(named.length > 0);
    named.forEach((label) => taskOf(vsCode, label));
  });

  it('have nothing of their own in a member of an npm workspace', async () => {
    const root = newFolder('monorepo');
    writeFileSync(join(root, 'package.json'), '{ "workspaces": ["packages/*"] }\n');
    await runGenerator('extension', { args: ['packages/extension'], options: yes, cwd: root });
    await runGenerator('function-app', {
      args: ['packages/app'],
      options: { ...yes, extension: join(root, 'packages/extension') },
      cwd: root,
    });
    const files = filesIn(join(root, 'packages'));
    assert.ok(files.includes('extension/.gitignore') && files.includes('app/.gitignore'));
    for (const file of ROOT_FILES) {
      assert.ok(!files.some((one) => one.endsWith(file)), file);
    }
  });
});
