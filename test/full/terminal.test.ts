import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { questionsOf } from '../../generators/questions/flags.js';
import { filesIn, read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { cli } from '../../tools/support/processes.js';
import { whyNoTerminal } from '../../tools/support/emulator.js';
import { CTRL_C, ENTER, inTerminal, type Step } from '../support/terminal.js';
import { goldenFiles } from '../support/templates.js';

const command = [process.execPath, join(root, 'bin.cjs')];
const asked = questionsOf('app').filter(
  ({ message, languages }) =>
    message !== undefined && languages.some((one) => one === 'typescript'),
);
const all = asked.map(({ message }) => message ?? '');
const CHANGE = 'Change any of these';
const main = [...asked.flatMap(({ isMain, message }) => (isMain ? [message ?? ''] : [])), CHANGE];

describe('in a real terminal', function () {
  this.timeout(120_000);

  before(function () {
    const reason = whyNoTerminal();
    if (reason !== undefined) {
      this.test!.parent!.title += ` (${reason})`;
      this.skip();
    }
  });

  const entered = (questions: readonly string[]) =>
    questions.map((question): Step => [question, ENTER]);
  const endings: [last: string, before: Step[], args: string[]][] = [
    ...main.map((last, index): [string, Step[], string[]] => [
      last,
      entered(main.slice(0, index)),
      [],
    ]),
    ['Which ones', [...entered(main.slice(0, -1)), [CHANGE, `y${ENTER}`]], []],
    ...all.map((last, index): [string, Step[], string[]] => [
      last,
      entered(all.slice(0, index)),
      ['--ask-all'],
    ]),
  ];
  endings.forEach(([last, before, args]) => {
    it(`Ctrl+C at "${last}" ends it, and nothing is written ${args.join(' ')}`, async () => {
      const cwd = newFolder();
      const { screen, exitCode, isRestored } = await inTerminal([...command, ...args], {
        cwd,
        steps: [...before, [last, CTRL_C]],
      });
      assert.match(screen, /\nCancelled\. Nothing was written\.\r?\nexit code/);
      assert.equal(exitCode, 1);
      assert.ok(isRestored, screen);
      assert.deepEqual(readdirSync(cwd), []);
    });
  });

  for (const [questions, args] of [
    [main, []],
    [all, ['--ask-all']],
  ] as const) {
    it(`Enter at every question makes the default project ${args.join(' ')}`, async () => {
      const cwd = newFolder();
      const { screen, exitCode, isRestored } = await inTerminal(
        [...command, '--skip-install', ...args],
        { cwd, steps: entered(questions) },
      );
      assert.equal(exitCode, 0, screen);
      assert.ok(isRestored);
      assert.deepEqual(
        filesIn(join(cwd, 'azfunc-extension-timer')),
        goldenFiles('typescript-timer-app'),
      );
    });
  }

  it('Ctrl+C during npm install leaves a complete project, and says how to go on', async () => {
    const cwd = newFolder();
    // In place of npm: one that takes longer than any test.
    const bin = newFolder('bin');
    writeFileSync(
      join(bin, 'npm'),
      '#!/bin/sh\n[ "$1" = install ] || exit 1\necho installing\nexec sleep 100\n',
      {
        mode: 0o755,
      },
    );
    const { screen, exitCode, isRestored } = await inTerminal([...command, '--yes', '--no-git'], {
      cwd,
      env: { PATH: [bin, process.env.PATH].join(delimiter) },
      steps: [
        ['installing', ''],
        ['npm install: 1 s', CTRL_C],
      ],
    });
    assert.equal(exitCode, 1);
    assert.ok(isRestored);
    assert.match(
      screen,
      /\nnpm install has failed, since it was stopped\. All files are written, so go on from here\.\r?\n/,
    );
    assert.match(screen, / 2\. npm install\r?\n/);
    assert.deepEqual(
      filesIn(join(cwd, 'azfunc-extension-timer')),
      goldenFiles('typescript-timer-app'),
    );
  });

  it('Ctrl+C during the real npm install does the same', async () => {
    const cwd = newFolder();
    const env = { npm_config_cache: newFolder('cache'), npm_config_loglevel: 'http' };
    const { screen, exitCode, isRestored } = await inTerminal([...command, '--yes', '--no-git'], {
      cwd,
      env,
      steps: [['npm http', CTRL_C]],
    });
    assert.equal(exitCode, 1);
    assert.ok(isRestored);
    assert.match(screen, /npm install has failed, since it was stopped\./);
    assert.deepEqual(
      filesIn(join(cwd, 'azfunc-extension-timer')),
      goldenFiles('typescript-timer-app'),
    );
  });

  for (const [answer, kept] of [
    ['n', true],
    ['y', false],
  ] as const) {
    it(`a readme that was changed is ${kept ? 'kept' : 'overwritten'} by the answer ${answer}`, async () => {
      const cwd = newFolder();
      const args = ['out', '--name', 'timer', '--yes', '--skip-install', '--no-git'];
      await cli(args, { cwd });
      const file = join(cwd, 'out/README.md');
      const before = read(file);
      writeFileSync(file, 'mine');
      const { screen, exitCode, isRestored } = await inTerminal([...command, ...args], {
        cwd,
        steps: [['Overwrite', answer + ENTER]],
      });
      assert.equal(exitCode, 0, screen);
      assert.ok(isRestored);
      const asked = [...screen.matchAll(/Overwrite ([^?]*)\?/g)].map(([, path]) => path);
      assert.deepEqual([...new Set(asked)], ['out/README.md']);
      assert.equal(read(file), kept ? 'mine' : before);
    });
  }

  it('Ctrl+C at the question whether to overwrite leaves all as it was', async () => {
    const cwd = newFolder();
    await cli(['out', '--name', 'timer', '--yes', '--skip-install', '--no-git'], { cwd });
    const file = join(cwd, 'out/README.md');
    writeFileSync(file, 'mine');
    const { screen, exitCode, isRestored } = await inTerminal(
      [...command, 'out', '--description', 'Another one', '--yes', '--skip-install', '--no-git'],
      { cwd, steps: [['Overwrite', CTRL_C]] },
    );
    assert.equal(exitCode, 1, screen);
    assert.ok(isRestored);
    assert.equal(read(file), 'mine');
    assert.doesNotMatch(read(cwd, 'out/extension/package.json'), /Another one/);
  });
});
