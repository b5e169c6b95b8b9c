import { switches } from './flags.js';
import { type GeneratorId, parametersOf, subGenerators } from './parameters.js';

interface Page {
  summary: string;
  destination: string;
  /** Arguments of a run, and what it does. */
  examples: readonly [string, string][];
}

const PAGES: Record<GeneratorId, Page> = {
  app: {
    summary:
      'Creates an Azure Functions worker extension for Node.js, ready to publish, and a function app that uses it.',
    destination: 'folder to write to (default: a new one with the name of the package)',
    examples: [
      ['', 'asks'],
      ['--yes', 'asks nothing: a timer at application level, in ./azfunc-extension-timer'],
      ['audit --scope function -y', 'the extension "audit", at function level, in ./audit'],
      ['--name @contoso/timer --no-function-app', 'the package alone, in an npm scope'],
    ],
  },
  extension: {
    summary:
      'Creates an Azure Functions worker extension for Node.js: the package alone, ready to publish.',
    destination: 'folder to write to (default: a new one with the name of the package)',
    examples: [
      ['', 'asks'],
      ['--name @contoso/timer --yes', 'asks nothing, writes to ./azfunc-extension-timer'],
    ],
  },
  'function-app': {
    summary: 'Creates a function app that uses an extension which this generator has made.',
    destination: 'folder to write to (default: a new one, azfunc-extension-<name>-app)',
    examples: [
      ['', 'asks'],
      [
        'my-app --name @contoso/timer --yes',
        'an app in ./my-app for @contoso/azfunc-extension-timer',
      ],
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
    ...(generator === 'app'
      ? [`Sub-generators, with a --help of their own: ${subGenerators}`]
      : []),
    `Examples:\n${table(examples.map(([args, what]) => [`${command} ${args}`.trim(), what]))}`,
    'Options that are not given are asked for; Enter takes the default. Without a terminal, add --yes.',
  ].join('\n\n');
}

/** Rows of two columns, indented. */
function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`).join('\n');
}
