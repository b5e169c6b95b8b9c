import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { read, readJson, root, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, run } from '../../tools/support/processes.js';
import { runGenerator } from '../support/generator.js';
import { treeOf } from '../support/trees.js';
import { commitAll, committedProject, git, nextVersion, update } from '../support/updates.js';

const OWN = join(root, 'bin.cjs');
const RECORD = '.azfunc-extension.json';
const HOOKS = 'extension/src/worker-extension/hooks.ts';
const HOOKS_TEMPLATE = 'typescript/extension/src/worker-extension/hooks.ts';

/** A version whose hooks.ts has another first line, and one more line at its end. */
function withOtherHooks() {
  const next = nextVersion();
  next.edit(HOOKS_TEMPLATE, (text) => `// first\n${text}// last\n`);
  return next;
}

/** Changes a file of a project, and commits that. */
function edit(folder: string, file: string, change: (text: string) => string): void {
  const before = read(folder, file);
  const after = change(before);
  assert.notEqual(after, before);
  writeFileSync(join(folder, file), after);
  commitAll(folder);
}

describe('generator update', () => {
  for (const [what, args] of [
    ['a workspace', ['.', '--name=timer']],
    ['a package alone', [':extension', '.', '--name=timer', '--scope=function']],
    ['a workspace in Python', ['.', '--language=python', '--programming-model=v1']],
    ['a package alone in Python', [':extension', '.', '--language=python']],
    ['a workspace with uv', ['.', '--language=python', '--package-manager=uv']],
  ] as [string, string[]][]) {
    it(`changes nothing in ${what} of this version`, async () => {
      const folder = await committedProject(OWN, args);
      const before = treeOf(folder);
      for (const flags of [[], ['--check'], ['--dry-run'], ['--force']]) {
        const { exitCode, all } = await update(OWN, folder, ...flags);
        assert.equal(exitCode, 0, all);
        assert.match(all, /^Nothing to update: all is as version \S+ makes it/);
      }
      assert.deepEqual(treeOf(folder), before);
    });
  }

  it('changes nothing in an app alone, and in members of a workspace', async () => {
    const cwd = newFolder();
    writeJson(join(cwd, 'package.json'), { private: true, workspaces: ['packages/*'] });
    await committedProject(OWN, [':extension', 'packages/timer'], cwd);
    await committedProject(
      OWN,
      [':function-app', 'packages/app', '--extension=./packages/timer'],
      cwd,
    );
    for (const member of ['timer', 'app']) {
      const { exitCode, all } = await update(OWN, join(cwd, 'packages', member, 'src'));
      assert.equal(exitCode, 0, all);
      assert.match(all, /^Nothing to update/);
    }
    assert.equal(git(cwd, 'status', '--porcelain'), '');
  });

  it('silently replaces what its owner has not touched, and nothing the second time', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const checked = await update(next.program, folder, '--check');
    assert.equal(checked.exitCode, 1);
    assert.match(checked.all, /Version 99\.0\.0 would change this/);
    assert.equal(git(folder, 'status', '--porcelain'), '');
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    assert.match(all, /Files: 1 replaced\./);
    assert.doesNotMatch(all, /hooks\.ts/);
    assert.match(read(folder, HOOKS), /^\/\/ first\n[^]*\/\/ last\n$/);
    assert.equal(readJson(folder, RECORD).version, '99.0.0');
    assert.equal(git(folder, 'status', '--porcelain'), ` M ${RECORD}\n M ${HOOKS}\n`);
    commitAll(folder);
    for (const flags of [[], ['--check']]) {
      const again = await update(next.program, folder, ...flags);
      assert.equal(again.exitCode, 0, again.all);
      assert.match(again.all, /^Nothing to update/);
    }
    assert.equal(git(folder, 'status', '--porcelain'), '');
  });

  it('merges what both have changed in other places, and says against what', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    edit(folder, HOOKS, (text) => text.replace('\nexport ', '\n// mine\nexport '));
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    assert.match(all, /merge extension\/src\/worker-extension\/hooks\.ts/);
    assert.match(all, /1 against the old output from git/);
    assert.match(read(folder, HOOKS), /^\/\/ first\n[^]*\/\/ mine\n[^]*\/\/ last\n$/);
  });

  it('marks what both have changed in the same place, or decides as it is told', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    edit(folder, HOOKS, (text) => `// mine\n${text}`);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 1, all);
    assert.match(all, /conflict extension\/src\/worker-extension\/hooks\.ts/);
    assert.match(all, /hooks\.ts +between <<<<<<< and >>>>>>>/);
    assert.match(
      read(folder, HOOKS),
      /^<<<<<<< yours\n\/\/ mine\n=======\n\/\/ first\n>>>>>>> generator-azfunc-extension 99\.0\.0\n/,
    );
    assert.match(read(folder, HOOKS), /\/\/ last\n$/);
    for (const [flag, line] of [
      ['--ours', '// mine'],
      ['--theirs', '// first'],
    ] as const) {
      git(folder, 'checkout', '--quiet', '.');
      const decided = await update(next.program, folder, flag);
      assert.equal(decided.exitCode, 0, decided.all);
      assert.ok(read(folder, HOOKS).startsWith(`${line}\n`));
      assert.match(read(folder, HOOKS), /\/\/ last\n$/);
    }
  });

  it('merges without the old output where nobody has it, and says so', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    edit(folder, HOOKS, (text) => text.replace('\nexport ', '\n// mine\nexport '));
    rmSync(join(folder, '.git'), { recursive: true });
    git(folder, 'init', '--quiet');
    commitAll(folder);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 1);
    assert.match(all, /1 without the old output, so that all that differs is a conflict/);
    assert.match(all, /--from/);
    assert.match(read(folder, HOOKS), /\/\/ mine/);
  });

  it('takes the old output from the commit that it is told', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    // A record that says nothing is as good as none; hashes of other files are.
    edit(folder, HOOKS, (text) => text.replace('\nexport ', '\n// mine\nexport '));
    rmSync(join(folder, RECORD));
    commitAll(folder);
    const first = git(folder, 'rev-list', '--max-parents=0', 'HEAD').trim();
    const { exitCode, all } = await update(next.program, folder, '--yes', '--from', first);
    assert.equal(exitCode, 0, all);
    assert.match(read(folder, HOOKS), /^\/\/ first\n[^]*\/\/ mine\n[^]*\/\/ last\n$/);
    const unknown = await update(next.program, folder, '--force', '--yes', '--from', 'no-such');
    assert.equal(unknown.exitCode, 0, 'It has a record now, so nothing has to be fetched.');
  });

  it('leaves deleted what its owner has deleted, and creates what is new', async () => {
    const next = withOtherHooks();
    const added = join(next.templates, 'typescript/extension/src/worker-extension/new.ts');
    writeFileSync(added, 'export const added = 1;\n');
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    rmSync(join(folder, HOOKS));
    commitAll(folder);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    assert.ok(!existsSync(join(folder, HOOKS)));
    assert.match(all, /yours to take over:\n {2}extension\/src\/worker-extension\/hooks\.ts/);
    assert.equal(
      read(folder, 'extension/src/worker-extension/new.ts'),
      'export const added = 1;\n',
    );
    commitAll(folder);
    assert.match((await update(next.program, folder)).all, /^Nothing to update/);
  });

  it('removes what is no longer made, unless its owner has changed it', async () => {
    const next = nextVersion();
    rmSync(join(next.templates, 'common/root/.editorconfig'));
    rmSync(join(next.templates, 'common/root/.gitattributes'));
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    edit(folder, '.editorconfig', (text) => `${text}# mine\n`);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    assert.ok(!existsSync(join(folder, '.gitattributes')));
    assert.match(read(folder, '.editorconfig'), /# mine/);
    assert.match(all, /leave \.editorconfig/);
  });

  it('never merges into a file that is its owner\u2019s alone', async () => {
    const next = nextVersion();
    const path = 'typescript/extension/src/own.ts';
    mkdirSync(dirname(join(next.templates, path)), { recursive: true });
    writeFileSync(join(next.templates, path), 'export const generated = 1;\n');
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    writeFileSync(join(folder, 'extension/src/own.ts'), 'export const mine = 1;\n');
    commitAll(folder);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 1, all);
    assert.match(read(folder, 'extension/src/own.ts'), /^<<<<<<< yours\nexport const mine = 1;\n/);
  });

  it('replaces the local host as a whole, and refuses where it has been edited', async () => {
    const next = nextVersion();
    appendFileSync(join(next.templates, '../dist/local-host.cjs'), '// newer\n');
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const host = 'function-app/local-host.cjs';
    appendFileSync(join(folder, host), '// mine\n');
    commitAll(folder);
    const before = treeOf(folder);
    const refused = await update(next.program, folder);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.all, /^function-app\/local-host\.cjs has been edited, .*--theirs.*$/);
    assert.deepEqual(treeOf(folder), before);
    const kept = await update(next.program, folder, '--ours');
    assert.equal(kept.exitCode, 0, kept.all);
    assert.match(read(folder, host), /\/\/ mine\n$/);
    git(folder, 'checkout', '--quiet', '.');
    const replaced = await update(next.program, folder, '--theirs');
    assert.equal(replaced.exitCode, 0, replaced.all);
    assert.match(read(folder, host), /\/\/ newer\n$/);
  });

  it('merges package.json by fields, with versions upwards only', async () => {
    const next = nextVersion();
    next.edit('typescript/extension/package.json', (text) =>
      text.replace(
        '"sideEffects": true,',
        '"sideEffects": true,\n  "funding": "https://example.com",',
      ),
    );
    next.edit('package.json', (text) =>
      text
        .replace(/("typescript": ")[^"]+/, '$1^7.99.0')
        .replace(/("@types\/node": ")[^"]+/, '$1^20.0.1'),
    );
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const file = 'extension/package.json';
    const before = readJson(folder, file);
    writeJson(join(folder, file), {
      ...before,
      version: '4.0.0',
      dependencies: { own: '^1.0.0' },
      scripts: { ...before.scripts, lint: 'oxlint' },
    });
    commitAll(folder);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    const after = readJson(folder, file);
    assert.equal(after.version, '4.0.0');
    assert.equal(after.funding, 'https://example.com');
    assert.equal(after.scripts.lint, 'oxlint');
    assert.deepEqual(after.dependencies, { own: '^1.0.0' });
    assert.equal(after.devDependencies.typescript, '^7.99.0');
    assert.equal(after.devDependencies['@types/node'], before.devDependencies['@types/node']);
  });

  it('shows with --dry-run what it would do, but no local.settings.json', async () => {
    const next = withOtherHooks();
    next.edit('typescript/timer/template.json', (text) =>
      text.replace('"names"', '"settings": { "NEW_SETTING": "x" },\n  "names"'),
    );
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const settings = 'function-app/local.settings.json';
    const values = readJson(folder, settings);
    values.Values.SECRET = 'very-secret';
    writeJson(join(folder, settings), values);
    const before = treeOf(folder);
    const { exitCode, all } = await update(next.program, folder, '--dry-run');
    assert.equal(exitCode, 0, all);
    assert.match(all, /^\+\/\/ first$/m);
    assert.match(all, /local\.settings\.json changes, too, and is not shown/);
    assert.doesNotMatch(all, /very-secret/);
    assert.deepEqual(treeOf(folder), before);
    const done = await update(next.program, folder);
    assert.equal(done.exitCode, 0, done.all);
    assert.doesNotMatch(done.all, /very-secret/);
    const { Values } = readJson(folder, settings);
    assert.equal(Values.SECRET, 'very-secret');
    assert.equal(Values.NEW_SETTING, 'x');
  });

  it('keeps the line breaks of a file', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    edit(folder, HOOKS, (text) => text.replace('\nexport ', '\n// mine\nexport '));
    writeFileSync(join(folder, HOOKS), read(folder, HOOKS).replaceAll('\n', '\r\n'));
    const { exitCode, all } = await update(next.program, folder, '--force');
    assert.equal(exitCode, 0, all);
    assert.match(read(folder, HOOKS), /^\/\/ first\r\n[^]*\/\/ mine\r\n[^]*\/\/ last\r\n$/);
    assert.doesNotMatch(read(folder, HOOKS), /(?<!\r)\n/);
  });

  it('moves what has another place, with what its owner has put beside it', async () => {
    const next = nextVersion();
    const [from, to] = ['src/worker-extension', 'src/contract'];
    renameSync(
      join(next.templates, 'typescript/extension', from),
      join(next.templates, 'typescript/extension', to),
    );
    for (const level of ['app-level', 'function-level']) {
      renameSync(
        join(next.templates, `typescript/${level}/extension`, from),
        join(next.templates, `typescript/${level}/extension`, to),
      );
    }
    next.edit(HOOKS_TEMPLATE.replace(from, to), (text) => `// first\n${text}`);
    writeJson(join(next.templates, 'migrations.json'), {
      moves: [{ language: 'typescript', part: 'extension', from: `${from}/*`, to: `${to}/*` }],
    });
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const own = Buffer.from([0, 255, 1]);
    writeFileSync(join(folder, 'extension', from, 'own.bin'), own);
    edit(folder, HOOKS, (text) => `${text}// mine\n`);
    const { exitCode, all } = await update(next.program, folder);
    assert.equal(exitCode, 0, all);
    assert.ok(!existsSync(join(folder, 'extension', from)));
    assert.match(read(folder, 'extension', to, 'hooks.ts'), /^\/\/ first\n[^]*\/\/ mine\n$/);
    assert.equal(read(folder, 'extension', to, 'own.bin'), own.toString());
    assert.match(all, /merge extension\/src\/contract\/hooks\.ts \(from /);
    commitAll(folder);
    assert.match((await update(next.program, folder)).all, /^Nothing to update/);
  });

  it('changes one answer of a project, and no other', async () => {
    const folder = await committedProject(OWN, ['.', '--name=timer', '--author=Ada']);
    edit(folder, 'extension/src/timer.ts', (text) => `${text}// mine\n`);
    const { exitCode, all } = await update(OWN, folder, '--scope=function');
    assert.equal(exitCode, 0, all);
    assert.match(
      read(folder, 'extension/src/timer.ts'),
      /extends FuncExtensionBase[^]*\/\/ mine\n$/,
    );
    assert.ok(!existsSync(join(folder, 'extension/src/worker-extension/app-extension-base.ts')));
    const { answers } = readJson(folder, RECORD);
    assert.equal(answers.scope, 'function');
    assert.equal(answers.author, 'Ada');
    commitAll(folder);
    const back = await update(OWN, folder, '--scope=app');
    assert.equal(back.exitCode, 0, back.all);
    git(folder, 'add', '--all');
    assert.equal(git(folder, 'diff', '--cached', '--stat', 'HEAD~1'), '');
  });

  it('renames files and classes with the name, and keeps what is its owner\u2019s', async () => {
    const folder = await committedProject(OWN, ['.', '--language=python', '--name=timer']);
    const old = 'extension/python_worker_extension_timer';
    const source = existsSync(join(folder, old)) ? old : old.replace('/', '/src/');
    writeFileSync(join(folder, source, 'own.py'), 'MINE = 1\n');
    edit(folder, `${source}/hooks.py`, (text) => `${text}\n# mine\n`);
    const { exitCode, all } = await update(OWN, folder, '--name=audit');
    assert.equal(exitCode, 0, all);
    const target = source.replace('_timer', '_audit');
    assert.ok(!existsSync(join(folder, source)));
    assert.equal(read(folder, target, 'own.py'), 'MINE = 1\n');
    assert.match(read(folder, target, 'hooks.py'), /Audit[^]*# mine\n$/);
  });

  it('moves a project in Python to uv, and back', async () => {
    const folder = await committedProject(OWN, ['.', '--language=python', '--name=timer']);
    edit(folder, 'function-app/pyproject.toml', (text) =>
      text.replace('strict = true', 'strict = false'),
    );
    const { exitCode, all } = await update(OWN, folder, '--package-manager=uv');
    assert.equal(exitCode, 0, all);
    const manifest = read(folder, 'function-app/pyproject.toml');
    assert.match(manifest, /^\[project\]$/m);
    assert.match(manifest, /^strict = false$/m);
    assert.match(read(folder, 'pyproject.toml'), /^\[tool\.uv\.workspace\]$/m);
    assert.equal(readJson(folder, RECORD).answers.packageManager, 'uv');
    commitAll(folder);
    const back = await update(OWN, folder, '--package-manager=pip');
    assert.equal(back.exitCode, 0, back.all);
    git(folder, 'add', '--all');
    assert.equal(git(folder, 'diff', '--cached', '--stat', 'HEAD~1'), '');
  });

  it('leaves a project that an earlier version has made for pip with pip', async () => {
    const folder = await committedProject(OWN, ['.', '--language=python', '--name=timer']);
    const { answers, ...record } = readJson(folder, RECORD);
    const { packageManager: _, ...others } = answers as Record<string, string>;
    writeJson(join(folder, RECORD), { ...record, answers: others });
    writeFileSync(join(folder, 'uv.lock'), '');
    commitAll(folder);
    const { exitCode, all } = await update(OWN, folder);
    assert.equal(exitCode, 0, all);
    assert.equal(readJson(folder, RECORD).answers.packageManager, 'pip');
    assert.ok(!existsSync(join(folder, 'pyproject.toml')));
  });

  it('refuses in one line, and changes nothing', async () => {
    const next = withOtherHooks();
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const app = await committedProject(OWN, [
      ':function-app',
      '.',
      '--extension',
      join(folder, 'extension'),
    ]);
    const refused = async (message: RegExp, cwd: string, ...args: string[]) => {
      const before = treeOf(cwd);
      const { exitCode, all } = await update(next.program, cwd, ...args);
      assert.equal(exitCode, 1, all);
      assert.match(all, message);
      assert.equal(all.split('\n').length, 1, all);
      assert.deepEqual(treeOf(cwd), before);
    };
    await refused(/is no project of this generator/, newFolder());
    await refused(/is no project of this generator/, folder, 'no-such-folder');
    await refused(/--template means nothing for a function app alone/, app, '--template=blank');
    await refused(/There is no option --language\. A project stays/, folder, '--language=python');
    await refused(/--ours and --theirs exclude/, folder, '--ours', '--theirs');
    await refused(/--programming-model is for Python/, folder, '--programming-model=v1');
    writeFileSync(join(folder, 'own.txt'), '');
    await refused(/changes that are not committed.*--force/, folder);
    rmSync(join(folder, 'own.txt'));
    const record = readJson(folder, RECORD);
    writeJson(join(folder, RECORD), { ...record, version: '100.0.0' });
    await refused(/made by version 100\.0\.0, and this is 99\.0\.0/, folder, '--force');
    git(folder, 'checkout', '--quiet', '.');
    rmSync(join(folder, HOOKS));
    mkdirSync(join(folder, HOOKS));
    await refused(/hooks\.ts is in the way/, folder, '--force');
    rmSync(join(folder, '.git'), { recursive: true });
    await refused(/is in no git repository/, folder);
  });

  it('is a generator of yo', async () => {
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    await runGenerator('update', { cwd: folder, options: { scope: 'function' } });
    assert.match(read(folder, 'extension/src/timer.ts'), /extends FuncExtensionBase/);
  });

  it('is what --check alone means, too', async () => {
    const folder = await committedProject(OWN, ['.', '--name=timer']);
    const same = await cli(['--check'], { cwd: folder });
    assert.equal(same.exitCode, 0, same.all);
    const { exitCode } = await run(process.execPath, [withOtherHooks().program, '--check'], {
      cwd: folder,
    });
    assert.equal(exitCode, 1);
  });
});
