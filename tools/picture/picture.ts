import { join } from 'node:path';
import { run } from '../support/processes.js';
import { newcomer } from '../support/newcomer.js';
import { checkIsFree } from '../support/server.js';
import { svgOf } from './svg.js';
import { openTerminal, type Span, type Terminal, textOf } from '../support/emulator.js';

const COLUMNS = 106;
const PORT = 7071;
const QUESTIONS = ['Template', 'Scope', 'Name ', 'Repository', 'Change any of these'];
/** What is left out, between lines that stay: what npm prints, and the builds. */
const CUTS: [from: RegExp, to: RegExp][] = [
  [/^ +create \S+function-app/, /^\S+ is in /],
  [/^\$ npm start/, /^Functions:/],
];
const ENTER = '\r';

const TITLE = 'yo azfunc-extension in a terminal';
const DESCRIPTION =
  'yo azfunc-extension asks four questions, shows the other answers, creates a project, and says how to go on. npm start runs the function app. In another terminal curl requests its function, and the answer ends in the elapsed time.';

/**
 * Makes docs/run.svg: what two terminals show while the generator makes a project, and the project
 * runs. Only measured numbers and random ids differ from run to run.
 */
export async function makePicture(): Promise<string> {
  const { home, as } = await newcomer();
  const terminals: Terminal[] = [];
  const open = (cwd: string) => {
    const terminal = openTerminal(COLUMNS, { cwd, ...as });
    terminals.push(terminal);
    return terminal;
  };
  try {
    const folder = join(home, 'picture');
    await run('mkdir', [folder], { cwd: home, ...as });
    const first = open(folder);
    await first.shows(/^\$/m);
    first.type(`yo azfunc-extension${ENTER}`);
    for (const question of QUESTIONS) {
      await first.shows(new RegExp(`^\\? ${question}`, 'm'));
      first.type(ENTER);
    }
    await first.shows(/from another terminal\n\$$/);
    first.type(`cd azfunc-extension-timer${ENTER}`);
    await first.shows(/timer\n\$$/);
    await checkIsFree(PORT);
    first.type(`npm start${ENTER}`);
    await first.shows(/^Listening on /m);
    const second = open(folder);
    await second.shows(/^\$/m);
    second.type(`curl http://127.0.0.1:${PORT}/api/HttpTrigger${ENTER}`);
    await second.shows(/sec\)\$$/);
    await first.shows(/\] Executed /);
    return svgOf(
      [
        {
          title: 'a terminal',
          lines: CUTS.reduce((lines, [from, to]) => cut(lines, from, to), first.lines()),
        },
        { title: 'another terminal', lines: second.lines() },
      ],
      { title: TITLE, description: DESCRIPTION, columns: COLUMNS },
    );
  } finally {
    await Promise.all(terminals.map((terminal) => terminal.close()));
  }
}

/** Leaves out what is between two lines, and shows that something has been there. */
function cut(lines: Span[][], from: RegExp, to: RegExp): Span[][] {
  const start = lines.findIndex((line) => from.test(textOf(line))) + 1;
  const end = lines.findIndex((line, row) => row >= start && to.test(textOf(line)));
  if (start === 0 || end < 0) {
    throw new Error(`There is nothing from ${from} to ${to}.`);
  }
  const mark = { text: '  ⋮', color: undefined, isBold: false, isDim: true };
  return [...lines.slice(0, start), [mark], [], ...lines.slice(end)];
}
