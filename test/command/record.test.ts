import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, readJson, root, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, npm } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';

const RECORD = '.azfunc-extension.json';
const QUICK = ['--skip-install', '--no-git'];

/** Runs our command line, and fails with what it has said if it does. */
async function made(args: string[], cwd = newFolder()): Promise<string> {
  const { exitCode, all } = await cli([...args, ...QUICK], { cwd });
  assert.equal(exitCode, 0, all);
  return cwd;
}

describe('.azfunc-extension.json', () => {
  const projects: [string, string[]][] = [
    ['a workspace', ['.', '-y', '--name=timer']],
    ['a package alone', [':extension', '.', '-y', '--name=timer']],
    ['a workspace in Python', ['.', '-y', '--language=python', '--programming-model=v1']],
    ['a package alone in Python', [':extension', '.', '-y', '--language=python']],
  ];
  for (const [what, args] of projects) {
    it(`has version, answers, and a hash by which git knows each file, for ${what}`, async () => {
      const folder = await made(args);
      const { version, files, answers } = readJson(folder, RECORD);
      assert.equal(version, readJson(root, 'package.json').version);
      assert.equal(answers.template, 'timer');
      assert.deepEqual(
        Object.keys(files),
        filesIn(folder).filter((file) => file !== RECORD),
      );
      const hashes = execFileSync(
        'git',
        ['hash-object', '--no-filters', '--', ...Object.keys(files)],
        { cwd: folder, encoding: 'utf8' },
      );
      assert.deepEqual(
        Object.values(files),
        hashes
          .trim()
          .split('\n')
          .map((hash) => hash.slice(0, 16)),
      );
    });

    it(`changes nothing in ${what} when it runs again, without a flag`, async () => {
      const folder = await made(args);
      const before = treeOf(folder);
      const command = args[0]?.startsWith(':') ? [args[0]] : [];
      await made([...command, '.', '-y'], folder);
      assert.deepEqual(treeOf(folder), before);
      await made([...command, '-y'], folder);
      assert.deepEqual(treeOf(folder), before);
    });
  }

  it('has no path of this machine', async () => {
    const cwd = newFolder();
    await made([':extension', 'extension', '-y', '--name=guard', '--template=guard'], cwd);
    await made([':function-app', 'app', '-y', '--extension', join(cwd, 'extension')], cwd);
    for (const project of ['extension', 'app']) {
      assert.ok(!read(cwd, project, RECORD).includes(cwd));
    }
    const { extension } = readJson(cwd, 'app', RECORD);
    assert.equal(extension.packageName, 'azfunc-extension-guard');
  });

  it('is in no package, and in none to be deployed', async () => {
    const cwd = newFolder();
    await made([':extension', 'extension', '-y', '--name=timer'], cwd);
    await made([':function-app', 'app', '-y', '--extension=./extension'], cwd);
    const packed = await npm(
      ['pack', '--dry-run', '--ignore-scripts', '--json', '--silent'],
      join(cwd, 'extension'),
    );
    assert.ok(!packed.includes(RECORD), packed);
    assert.ok(read(cwd, 'app/.funcignore').split('\n').includes(RECORD));
  });

  it('lets an app be made again without its extension being named', async () => {
    const cwd = newFolder();
    await made([':extension', 'extension', '-y', '--name=timer'], cwd);
    await made([':function-app', 'app', '-y', '--extension=./extension'], cwd);
    const before = treeOf(join(cwd, 'app'));
    rmSync(join(cwd, 'extension'), { recursive: true });
    await made([':function-app', 'app', '-y'], cwd);
    assert.deepEqual(treeOf(join(cwd, 'app')), before);
  });

  it('gives the answers that no flag gives', async () => {
    const folder = await made([
      '.',
      '-y',
      '--name=@contoso/audit',
      '--author=Ada',
      '--license=Apache-2.0',
      '--package-manager=yarn',
    ]);
    writeFileSync(join(folder, 'extension/src/own.ts'), 'export {};\n');
    await made(['.', '-y', '--force', '--scope=function', '--author=Grace'], folder);
    const { answers } = readJson(folder, RECORD);
    assert.equal(answers.scope, 'function');
    assert.equal(answers.author, 'Grace');
    assert.equal(answers.name, '@contoso/azfunc-extension-audit');
    assert.equal(answers.packageManager, 'yarn');
    assert.match(read(folder, 'LICENSE'), /Apache License/);
    assert.equal(read(folder, 'extension/src/own.ts'), 'export {};\n');
  });

  it('lets a description follow the template, unless it was given', async () => {
    const folder = await made(['.', '-y', '--name=timer']);
    await made(['.', '-y', '--force', '--template=tracing'], folder);
    const { description } = readJson(folder, RECORD).answers;
    assert.match(description, /trac/i);
    await made(['.', '-y', '--force', '--description=My own'], folder);
    await made(['.', '-y', '--force', '--template=timer'], folder);
    assert.equal(readJson(folder, RECORD).answers.description, 'My own');
  });

  it('keeps the year of the copyright', async () => {
    const folder = await made(['.', '-y', '--name=timer', '--author=Ada']);
    const record = readJson(folder, RECORD);
    writeJson(join(folder, RECORD), { ...record, year: 2019 });
    await made(['.', '-y', '--force'], folder);
    assert.match(read(folder, 'LICENSE'), /Copyright \(c\) 2019 Ada/);
  });

  it('leaves a new project in the folder of another one alone', async () => {
    const folder = await made(['.', '-y', '--name=timer']);
    const before = read(folder, RECORD);
    await made(['-y', '--name=audit'], folder);
    assert.equal(read(folder, RECORD), before);
    assert.equal(
      readJson(folder, 'azfunc-extension-audit', RECORD).answers.name,
      'azfunc-extension-audit',
    );
  });

  const broken: [string, string, RegExp][] = [
    ['no JSON', '{', /cannot be read: .*JSON/],
    ['no version', '{}', /it has no "version"/],
    ['another command', '{"version":"1.0.0","command":"x"}', /its "command" is none of app,/],
    [
      'a path out of the folder',
      '{"version":"1.0.0","command":"app","answers":{},"files":{"../x":"0"}}',
      /its "files" are not paths/,
    ],
    [
      'an answer that cannot be taken',
      '{"version":"1.0.0","command":"app","answers":{"scope":"x"},"files":{}}',
      /A scope is app or function, not "x"/,
    ],
  ];
  for (const [what, text, message] of broken) {
    it(`is refused in one line where it has ${what}`, async () => {
      const cwd = newFolder();
      writeFileSync(join(cwd, RECORD), text);
      const { exitCode, all } = await cli(['.', '-y', ...QUICK], { cwd });
      assert.equal(exitCode, 1);
      assert.match(all, message);
      assert.equal(all.split('\n').length, 1, all);
      assert.deepEqual(filesIn(cwd), [RECORD]);
    });
  }
});
