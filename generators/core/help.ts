import { catalogue } from './catalogue.js';
import { switches } from './flags.js';
import { type GeneratorId, parametersOf, subGenerators } from './parameters.js';
import { table } from './table.js';

interface Page {
  summary: string;
  destination: string;
  /** Arguments of a run, and what it does. */
  examples: readonly [string, string][];
}

const PAGES: Record<GeneratorId, Page> = {
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
    summary: 'Creates a function app that uses an extension which is there already.',
    destination: 'folder to write to (default: a new one with the name of the extension and -app)',
    examples: [
      ['', 'asks'],
      ['my-app --extension ../azfunc-extension-timer -y', 'an app in ./my-app, for a folder'],
      ['--extension owner/repo --yes', 'an app for an extension on GitHub'],
    ],
  },
  use: {
    summary:
      'Switches an extension on in a function app that is there already. It adds the dependency, the settings, and a file with the two lines, and changes none of your code.',
    destination: 'folder of the function app (default: the current one)',
    examples: [
      ['', 'asks for the extension, and adds it to the app in the current folder'],
      ['--extension @contoso/azfunc-extension-timer@1', 'a package of the npm registry'],
      ['my-app --extension ./extension', 'a folder, to the app in ./my-app'],
    ],
  },
  function: {
    summary: 'Adds a function to a function app that is there already.',
    destination: 'folder of the function app (default: the current one)',
    examples: [
      ['', 'asks'],
      ['--trigger queue --name Orders', 'a function for the messages of a storage queue'],
    ],
  },
};

/**
 * The text for `--help`.
 *
 * @param command How the generator was called: `yo azfunc-extension:extension`.
 */
export function helpFor(generator: GeneratorId, command: string): string {
  const { summary, destination, examples } = PAGES[generator];
  const options = [
    ...parametersOf(generator).map(({ flag, placeholder, help }) => [
      placeholder ? `    --${flag} ${placeholder}` : `    --[no-]${flag}`,
      help,
    ]),
    ...switches.map(({ flag, alias, help }) => [
      `${alias ? `-${alias}, ` : '    '}--${flag}`,
      help,
    ]),
  ];
  return [
    summary,
    `Usage: ${command} [destination] [options]`,
    table([['destination', destination]]),
    `Options:\n${table(options)}`,
    ...(parametersOf(generator).some(({ key }) => key === 'template')
      ? [`Templates:\n${table(catalogue.map(({ id, summary }) => [id, summary]))}`]
      : []),
    ...(generator === 'app'
      ? [`Sub-generators, with a --help of their own: ${subGenerators}`]
      : []),
    `Examples:\n${table(examples.map(([args, what]) => [`${command} ${args}`.trim(), what]))}`,
    'Options that are not given are asked for; Enter takes the default. Without a terminal, add --yes.',
  ].join('\n\n');
}
