import { languageIds } from '../languages/language.js';
import { table } from '../table.js';
import type { Templates } from '../templates/load.js';
import { questionsOf } from './flags.js';
import { type CommandId, commandIds } from './question.js';
import { switchesOf } from './switches.js';

/** The other generators, as they are called: `:extension, :function-app, …`. */
export const subGenerators = commandIds
  .slice(1)
  .map((id) => `:${id}`)
  .join(', ');

interface Page {
  summary: string;
  destination: string;
  /** Arguments of a run, and what it does. */
  examples: readonly [string, string][];
  /** What a flag means that means something else for this command. */
  meanings?: Readonly<Record<string, string>>;
  /** What becomes of an option that is not given. */
  omitted?: string;
}

const PAGES: Record<CommandId, Page> = {
  app: {
    summary:
      'Creates an Azure Functions worker extension for Node.js or Python, ready to publish, and a function app that uses it.',
    destination: 'folder to write to (default: a new one with the name of the package)',
    examples: [
      ['', 'asks'],
      ['--yes', 'asks nothing: a timer at application level, in ./azfunc-extension-timer'],
      ['audit --scope function -y', 'the extension "audit", at function level, in ./audit'],
      ['--name @contoso/timer --no-function-app', 'the package alone, in an npm scope'],
      ['--language python --yes', 'the timer in Python, in ./python-worker-extension-timer'],
    ],
  },
  extension: {
    summary:
      'Creates an Azure Functions worker extension for Node.js or Python: the package alone, ready to publish.',
    destination: 'folder to write to (default: a new one with the name of the package)',
    examples: [
      ['', 'asks'],
      ['--name @contoso/timer --yes', 'asks nothing, writes to ./azfunc-extension-timer'],
    ],
  },
  'function-app': {
    summary: 'Creates a function app that uses an existing extension.',
    destination: 'folder to write to (default: a new one with the name of the extension and -app)',
    meanings: {
      language: 'typescript or python (default: what the extension is, and else typescript)',
    },
    examples: [
      ['', 'asks'],
      ['my-app --extension ../azfunc-extension-timer -y', 'an app in ./my-app, for a folder'],
      ['--extension owner/repo --yes', 'an app for an extension on GitHub'],
      ['--language python --extension contoso-log --yes', 'an app in Python for one on PyPI'],
    ],
  },
  use: {
    summary:
      'Switches extensions on in an existing function app, or removes them again. It adds the dependency, the settings, and the two lines: in a file of their own, or in Python after the imports of yours.',
    destination: 'folder of the function app (default: the current one)',
    examples: [
      ['', 'asks for the extension, and adds it to the app in the current folder'],
      ['--extension @contoso/azfunc-extension-timer@1', 'a package of the npm registry'],
      ['my-app --extension ./extension', 'a folder, to the app in ./my-app'],
      ['--extension git+https://github.com/owner/repo', 'a repository, to an app in Python'],
      ['--remove timer', 'removes azfunc-extension-timer, and what was added for it'],
    ],
  },
  function: {
    summary: 'Adds a function to an existing function app.',
    destination: 'folder of the function app (default: the current one)',
    examples: [
      ['', 'asks'],
      ['--trigger queue --name Orders', 'a function for the messages of a storage queue'],
    ],
  },
  publish: {
    summary:
      'Shows how far an extension is on its way to npm, and the next steps in order. It asks npm and git, and changes nothing.',
    destination:
      'folder of the extension, or of the workspace around it (default: the current one)',
    examples: [['', 'for the extension in the current folder']],
  },
  update: {
    summary:
      'Updates a project that was made by an earlier version, and keeps what you have changed. An option changes one answer of the project.',
    destination: 'folder of the project (default: the current one)',
    examples: [
      ['', 'updates the project in the current folder'],
      ['--dry-run', 'shows what it would change'],
      ['--check', 'for CI: exits with 1 if there is something to update'],
      ['--scope function', 'moves the project to function level'],
    ],
    meanings: {
      yes: 'take the default for what is new in this version',
      force: 'update a folder with changes that are not committed, or without the old output',
      'dry-run': 'show what would change, as a diff, and write nothing',
    },
    omitted: 'Answers that are not given stay as they are in .azfunc-extension.json.',
  },
  bridge: {
    summary:
      'Lets the worker extensions of a function app in Python run on Python 3.13 and later, where Azure Functions runs none. It adds one file, and its import to function_app.py. The app needs the programming model v2.',
    destination: 'folder of the function app (default: the current one)',
    examples: [
      ['', 'adds the bridge to the app in the current folder'],
      ['my-app --dry-run', 'shows what it would add to the app in ./my-app'],
    ],
  },
};

/**
 * The text for `--help`.
 *
 * @param typed How the command was called: `yo azfunc-extension:extension`.
 */
export function helpFor(command: CommandId, typed: string, templates: Templates): string {
  const { summary, destination, examples, meanings = {}, omitted } = PAGES[command];
  const asked = questionsOf(command);
  const switches = switchesOf(command);
  const options = [
    ...asked.map(({ flag, placeholder, help }) => [
      placeholder === undefined ? `    --[no-]${flag}` : `    --${flag} ${placeholder}`,
      textOf(
        meanings[flag] ?? (typeof help === 'string' ? help : help(templates)),
        omitted !== undefined,
      ),
    ]),
    ...switches.map(({ flag, alias, help }) => [
      `${alias === undefined ? '    ' : `-${alias}, `}--${flag}`,
      meanings[flag] ?? help,
    ]),
  ];
  const summaries = templates
    .templatesIn(languageIds[0])
    .map((template) => [template.id, template.summary]);
  return [
    summary,
    `Usage: ${typed} [destination] [options]`,
    table([['destination', destination]]),
    `Options:\n${table(options)}`,
    ...(asked.some(({ key }) => key === 'template') ? [`Templates:\n${table(summaries)}`] : []),
    ...(command === 'app' ? [`Sub-generators, with a --help of their own: ${subGenerators}`] : []),
    `Examples:\n${table(examples.map(([args, what]) => [`${typed} ${args}`.trim(), what]))}`,
    omitted ??
      'The main ones of these are asked for, and the defaults of the others are shown. Enter takes a default. Without a terminal, add --yes.',
  ].join('\n\n');
}

/** Where an answer that is not given stays, there is no default. */
function textOf(help: string, stays: boolean): string {
  return stays ? help.replace(/ \(default\b[^)]*\)/, '') : help;
}
