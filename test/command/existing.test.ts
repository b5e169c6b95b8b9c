import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';

const quick = ['--yes', '--skip-install', '--no-git'];

/** A repository with what people have in one before they think of a generator. */
const MINE: Record<string, string> = {
  'README.md': '# mine\n',
  LICENSE: 'mine\n',
  '.gitignore': '# mine\nnode_modules\n*.log\n!dist/',
  '.gitattributes': '* text=auto\r\n*.png binary\r\n',
  '.editorconfig': 'root = true\n\n[*]\nindent_size = 4\n',
  '.vscode/settings.json':
    '{\n  // mine\n  "azureFunctions.projectLanguage": "mine",\n  "a.b": 1\n}\n',
  '.vscode/extensions.json': '{ "recommendations": ["mine.mine"] }\n',
  '.vscode/tasks.json':
    '{\n  "version": "2.0.0",\n  "tasks": [{ "label": "mine", "command": "x" }]\n}\n',
  'package.json':
    '{\n    "name": "my-repo",\n    "scripts": { "test": "jest", "lint": "x" },\n    "dependencies": { "a": "1" }\n}\n',
};

function repository(files: Record<string, string>): string {
  const cwd = newFolder('my-repo');
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), contents);
  }
  return cwd;
}

/** That each line of the user's is still there, in its order. */
function assertKept(text: string, own: string, file: string): void {
  let from = 0;
  for (const line of own.split('\n').filter((one) => one.trim() !== '')) {
    const at = text.indexOf(line.replace(/\r$/, ''), from);
    assert.ok(at >= 0, `${file} has lost ${line}:\n${text}`);
    from = at;
  }
}

describe('into a repository that has files', () => {
  for (const language of ['typescript', 'python']) {
    it(`in ${language}, names all that would be overwritten, and writes nothing`, async () => {
      const cwd = repository(MINE);
      const before = treeOf(cwd);
      const { exitCode, all } = await cli(['.', '--language', language, ...quick], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, /^README\.md, LICENSE would be|^LICENSE, README\.md would be/);
      assert.match(all, /Add --force to overwrite, or --dry-run to see the difference\.$/);
      assert.ok(!all.includes('\n'), all);
      assert.deepEqual(treeOf(cwd), before);
    });

    it(`in ${language}, keeps each line that can be merged, with --force too`, async () => {
      for (const args of [[], ['--force']]) {
        const { 'README.md': _, LICENSE: __, ...mergeable } = MINE;
        const cwd = repository(mergeable);
        const run = ['.', '--name', 'timer', '--language', language, ...quick, ...args];
        const { exitCode, all } = await cli(run, { cwd });
        assert.equal(exitCode, 0, all);
        for (const [file, contents] of Object.entries(mergeable)) {
          // These are in one line, which becomes several.
          if (!/package|extensions|tasks/.test(file)) {
            assertKept(read(cwd, file), contents, file);
          }
        }
        assert.doesNotMatch(read(cwd, '.gitignore'), /^dist\/$/m);
        assert.equal(read(cwd, '.gitignore').match(/^node_modules\/?$/gm)?.length, 1);
        assert.ok(read(cwd, '.gitattributes').startsWith(MINE['.gitattributes'] ?? ''));
        assert.doesNotMatch(read(cwd, '.gitattributes'), /^\* .*eol/m);
        const settings = parse(read(cwd, '.vscode/settings.json')) as Record<string, unknown>;
        assert.equal(settings['azureFunctions.projectLanguage'], 'mine');
        const { recommendations } = readJson(cwd, '.vscode/extensions.json');
        assert.ok(recommendations.length > 1 && recommendations[0] === 'mine.mine');
        const { tasks } = readJson(cwd, '.vscode/tasks.json');
        assert.ok(tasks.length > 1 && tasks[0].label === 'mine');
        const made = treeOf(cwd);
        const again = await cli(run, { cwd });
        assert.equal(again.exitCode, 0, again.all);
        assert.deepEqual(treeOf(cwd), made);
      }
    });
  }

  it('keeps what package.json says, adds what is missing, and says what it kept', async () => {
    for (const args of [[], ['--force']]) {
      const cwd = repository({ 'package.json': MINE['package.json'] ?? '' });
      const { exitCode, all } = await cli(['.', '--name', 'timer', ...quick, ...args], { cwd });
      assert.equal(exitCode, 0, all);
      const { name, scripts, dependencies, workspaces } = readJson(cwd, 'package.json');
      assert.equal(name, 'my-repo');
      assert.deepEqual([scripts.test, scripts.lint], ['jest', 'x']);
      assert.match(scripts.start, /start:local/);
      assert.deepEqual(dependencies, { a: '1' });
      assert.deepEqual(workspaces, ['extension', 'function-app']);
      assert.match(
        all,
        /^Kept as you have it: package\.json: name, package\.json: scripts\.test\.$/m,
      );
    }
  });

  it('refuses to rename a package, and writes nothing', async () => {
    const cwd = repository({ 'package.json': MINE['package.json'] ?? '' });
    const { exitCode, all } = await cli(
      [':extension', '.', '--name', 'timer', ...quick, '--force'],
      {
        cwd,
      },
    );
    assert.equal(exitCode, 1);
    assert.match(
      all,
      /package\.json is that of the package "my-repo", which would be renamed\. Choose another folder for azfunc-extension-timer\.$/,
    );
    assert.deepEqual(filesIn(cwd), ['package.json']);
  });

  it('keeps the values in local.settings.json of an app', async () => {
    const cwd = newFolder();
    await cli([':extension', 'guard', '--template', 'guard', ...quick], { cwd });
    const app = ['--extension', './guard', ...quick, '--force'];
    await cli([':function-app', 'app', ...app], { cwd });
    const file = join(cwd, 'app/local.settings.json');
    writeFileSync(file, '{ "Values": { "GUARD_API_KEY": "secret" } }\n');
    await cli([':function-app', 'app', ...app], { cwd });
    const { Values } = readJson(file);
    assert.equal(Values.GUARD_API_KEY, 'secret');
    assert.equal(Values.FUNCTIONS_WORKER_RUNTIME, 'node');
  });

  it('shows with --dry-run what would change, and writes nothing', async () => {
    for (const args of [[], ['--force']]) {
      const cwd = repository({
        ...MINE,
        'function-app/local.settings.json': '{ "Values": { "KEY": "mine-alone" } }',
      });
      const before = treeOf(cwd);
      const { exitCode, all } = await cli(
        ['.', '--name', 'timer', '--dry-run', ...quick, ...args],
        {
          cwd,
        },
      );
      assert.equal(exitCode, 0, all);
      assert.match(all, /^-# mine$/m);
      assert.match(all, /^\+local\.settings\.json$/m);
      assert.doesNotMatch(all, /mine-alone/);
      assert.deepEqual(treeOf(cwd), before);
    }
  });
});
