import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { npm, type Outcome, pack, run } from '../../tools/support/processes.js';
import { temporary } from '../../tools/support/environment.js';
import { treeOf } from '../support/trees.js';

const isRoot = process.getuid?.() === 0;
const NASTY = `it's "quoted" \`and\` \\ <%- 1 %> \${x} %PATH% */ --> é 😀`;

describe('the real yo, with the package as it is published', function () {
  this.timeout(240_000);
  let installed: string;
  let cwd: string;

  before(async () => {
    // As root, yo becomes another user, who has to get at everything that it needs.
    chmodSync(temporary, 0o755);
    installed = newFolder('yo');
    chmodSync(installed, 0o755);
    // Other tests use what a build would replace.
    const { file } = await pack(root, installed, '--ignore-scripts');
    await npm(
      ['install', '--no-audit', '--no-fund', '--prefix', installed, 'yo@7', file],
      installed,
    );
    cwd = join(installed, 'work');
    mkdirSync(cwd);
    chmodSync(cwd, 0o777);
  });

  async function yo(...args: string[]): Promise<Outcome> {
    const program = join(installed, 'node_modules/yo/lib/cli.js');
    const env = { HOME: cwd, NODE_PATH: join(installed, 'node_modules') };
    const outcome = await run(process.execPath, [program, ...args], { cwd, env });
    // Yeoman has an installer of its own, which has nothing to say where ours has run.
    assert.doesNotMatch(outcome.all, /package manager install|changes? (to|in) package\.json/i);
    return outcome;
  }

  for (const [what, answers] of [
    ['the default', ['--name', 'timer', '--scope', 'function']],
    ['the package alone', ['--no-function-app', '--name', '@contoso/x', '--template', 'guard']],
    ['one in Python', ['--language', 'python', '--programming-model', 'v1']],
    [
      'one with nasty answers',
      [
        '--package-manager=yarn',
        '--ci=github',
        '--repository=owner/repo',
        `--author=${NASTY}`,
        `--description=${NASTY}`,
      ],
    ],
  ] as const) {
    it(`makes ${what}, byte for byte, as our own command does, whoever runs it`, async () => {
      const args = ['same name', ...answers, '--skip-install', '--no-git'];
      const { exitCode, all } = await yo('azfunc-extension', '--yes', ...args);
      assert.equal(exitCode, 0, all);
      assert.match(all, /1\. cd "same name"/);
      const tree = treeOf(join(cwd, 'same name'));
      assert.ok(Object.keys(tree).length > 15);
      rmSync(join(cwd, 'same name'), { recursive: true });
      for (const uid of new Set([process.getuid?.(), isRoot ? 65_534 : process.getuid?.()])) {
        const own = newFolder('own');
        chmodSync(own, 0o777);
        // As where yo is: below a project, which yarn has to be told apart from.
        writeFileSync(join(own, 'package.json'), '{}');
        const bin = join(installed, 'node_modules/generator-azfunc-extension/bin.cjs');
        const outcome = await run(process.execPath, [bin, ...args, '--yes'], {
          cwd: own,
          env: { HOME: own },
          ...(uid !== undefined && { uid, gid: uid }),
        });
        assert.equal(outcome.exitCode, 0, outcome.all);
        assert.deepEqual(treeOf(join(own, 'same name')), tree);
      }
    });
  }

  it('finds the sub-generators', async () => {
    const { exitCode, all } = await yo(
      'azfunc-extension:extension',
      'package',
      '-y',
      '--skip-install',
      '--no-git',
    );
    assert.equal(exitCode, 0, all);
    assert.match(read(cwd, 'package/package.json'), /"azfunc-extension-package"/);
  });

  it('makes an app for an extension, adds a function to it, and knows it again', async () => {
    const quick = ['--yes', '--skip-install', '--no-git'];
    await yo('azfunc-extension:extension', 'timer', ...quick);
    for (const [args, said] of [
      [
        ['azfunc-extension:function-app', 'app', '--extension', './timer', ...quick],
        /^An app that uses azfunc-extension-timer is in app\. Next:$/m,
      ],
      [
        ['azfunc-extension:function', 'app', '--trigger=timer', '--name=Nightly'],
        /^The function Nightly is there\. Next:$/m,
      ],
      [
        ['azfunc-extension:use', 'app', '--extension', './timer', '--yes', '--skip-install'],
        /^azfunc-extension-timer is switched on already\. Nothing has changed\.$/m,
      ],
    ] as const) {
      const { exitCode, all } = await yo(...args);
      assert.equal(exitCode, 0, all);
      assert.match(all, said);
    }
    assert.match(read(cwd, 'app/src/functions/Nightly.ts'), /app\.timer\('Nightly', /);
  });

  it('installs once, into a folder that is new and into one with a package.json', async () => {
    const args = ['azfunc-extension:extension', '.', '--name', 'timer', '--yes', '--no-git'];
    for (const what of ['new', 'again']) {
      const { exitCode, all } = await yo(...args, '--force');
      assert.equal(exitCode, 0, all);
      assert.equal(all.match(/^(added|up to date)\b/gm)?.length, 1, `${what}:\n${all}`);
    }
    assert.ok(existsSync(join(cwd, 'package-lock.json')));
  });

  it('shows our help', async () => {
    const { exitCode, all } = await yo('azfunc-extension', '--help');
    assert.equal(exitCode, 0);
    assert.match(all, /^Usage: yo azfunc-extension \[destination\] \[options\]$/m);
  });

  it('passes refusals on, with exit code 1', async () => {
    for (const [args, reason] of [
      [['--nmae', 'x'], /no option --nmae\. Did you mean --name\?/],
      [['--description', '-y'], /--description needs a value/],
      [['--name', 'x'], /no terminal to ask in/],
    ] as const) {
      const { exitCode, all } = await yo('azfunc-extension', 'refused', ...args);
      assert.equal(exitCode, 1);
      assert.match(all, reason);
      assert.doesNotMatch(all, /An error occured|\n +at /);
    }
    assert.ok(!filesIn(cwd).some((file) => file.startsWith('refused')));
  });
});
