import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { read, root } from '../../tools/support/files.js';
import { INSTALL, type Newcomer, newcomer } from '../../tools/support/newcomer.js';
import { run } from '../../tools/support/processes.js';
import { type Registry, startRegistry } from '../../tools/support/registry.js';
import { checkIsFree, type Server, startServer } from '../../tools/support/server.js';
import { hasExcerpt, patched, type Step, stepsIn } from './tutorial.js';

const PORT = 7071;

/** Numbers are measured, or count what is to come: times, versions of packages, ports. */
const withoutNumbers = (line: string) => line.replace(/\d+/g, '0');

/**
 * Tests a tutorial: does all that its fences say, in order, in an empty folder.
 *
 * @param file Its path in this repository.
 * @param notRun Commands that need an account, or what cannot be had here. All others are run.
 * @param more A folder with more commands than there are anyway, and variables that they need. Default: none.
 */
export function itDoesAllOf(
  file: string,
  notRun: readonly string[],
  more: () => { path?: string | undefined; env?: Record<string, string> } = () => ({}),
): void {
  const steps = stepsIn(read(root, file));
  let user: Newcomer;
  let registry: Registry | undefined;
  let cwd: string;
  let server: Server | undefined;
  /** What the last commands have printed, apart from the server. */
  let printed: string[] = [];
  /** Where commands are found: a step may change it for those that follow, as a terminal does. */
  let PATH: string;

  before(async () => {
    user = await newcomer();
    registry = await startRegistry();
    PATH = [more().path ?? [], user.as.env.PATH].flat().join(delimiter);
    // In place of GitHub: a folder with the repository that a tutorial lets its reader create.
    cwd = user.home;
    await shell(`
      rm -rf github empty
      git init --quiet --bare github/contoso/azfunc-extension-timer.git
      git config --global url.file://$PWD/github/.insteadOf https://github.com/
      mkdir empty
      cd empty
    `);
  });
  // What comes after a step that has failed would fail as well. (`bail` would look at other suites, too.)
  let isLost = false;
  beforeEach(function () {
    if (isLost) {
      this.skip();
    }
  });
  afterEach(function () {
    isLost ||= this.currentTest?.state === 'failed';
  });
  after(async () => {
    await server?.stop();
    registry?.close();
  });

  async function shell(text: string): Promise<void> {
    const isRequest = text.startsWith('curl ');
    if (!isRequest) {
      await server?.stop();
      server = undefined;
    }
    // The next commands go on in the folder that these end in.
    const script = `trap 'pwd > ~/cwd; echo "$PATH" > ~/path' DEBUG EXIT\n${text}`;
    const options = {
      cwd,
      ...user.as,
      env: { ...user.as.env, ...registry?.customer, ...more().env, PATH },
    };
    if (/^.*(npm (start|run start:local)|python local_host\.py)\n$/m.test(text)) {
      await checkIsFree(PORT);
      server = await startServer(script, /^Listening on /m, options);
      printed = [];
    } else {
      const { exitCode, all, stdout, stderr } = await run('bash', ['-e', '-c', script], options);
      assert.equal(exitCode, 0, all);
      printed = [String(stdout), String(stderr)];
    }
    cwd = read(user.home, 'cwd').trim();
    PATH = read(user.home, 'path').trim();
  }

  const does: Record<Step['kind'], (step: Step) => Promise<void> | void> = {
    sh: async ({ text }) => {
      const command = text.trimEnd();
      if (command === 'npm login') {
        const { npm_config_userconfig: npmrc = '' } = registry?.publisher ?? {};
        writeFileSync(join(user.home, '.npmrc'), read(npmrc));
      } else if (command !== INSTALL && !notRun.includes(command)) {
        // The first command is what a newcomer has done.
        await shell(text);
      }
    },
    text: async ({ text }) => {
      const has = (one: string) => hasExcerpt(one, text, withoutNumbers);
      if (!printed.some(has)) {
        assert.ok(server, printed.join('\n'));
        await server.output.until((one) => has(one) || undefined, [text, ...printed].join('\n'));
      }
    },
    excerpt: ({ text, file = '' }) => {
      assert.ok(
        hasExcerpt(read(cwd, file), text, (line) => line),
        read(cwd, file),
      );
    },
    diff: ({ text, file = '' }) => {
      const path = join(cwd, file);
      writeFileSync(path, patched(read(path), text));
    },
  };

  for (const step of steps) {
    const what = step.file ?? step.text.trimEnd().replaceAll('\n', '; ');
    const isRun = !notRun.includes(step.text.trimEnd());
    it(`${isRun ? step.kind : 'not run'}: ${what}`, () => does[step.kind](step));
  }

  it('has every command that is not run', () => {
    for (const command of notRun) {
      assert.ok(
        steps.some(({ kind, text }) => kind === 'sh' && text === `${command}\n`),
        command,
      );
    }
  });
}
