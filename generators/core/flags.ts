import { closest, distance } from 'fastest-levenshtein';
import { type Answers, languageNames } from './answers.js';
import { type GeneratorId, isMeantFor, type Parameter, parametersOf } from './parameters.js';
import { quoted, Refusal } from './refusal.js';

/** A flag that is not the answer to a question. */
export interface Switch {
  flag: string;
  alias?: string;
  help: string;
}

/** Our own switches, and those of Yeoman that a user has a use for. */
export const switches: readonly Switch[] = [
  {
    flag: 'yes',
    alias: 'y',
    help: 'take the default for all that is not given; ask only before overwriting',
  },
  { flag: 'skip-install', help: 'do not install dependencies' },
  { flag: 'open', help: 'open what is made in Visual Studio Code' },
  { flag: 'force', alias: 'f', help: 'overwrite files without asking' },
  { flag: 'dry-run', help: 'show what would be written, and write nothing' },
  { flag: 'help', alias: 'h', help: 'show this help' },
];

/** Flags that `yo` and Yeoman have beside these. They are accepted. */
const YEOMAN_FLAGS = [
  'ask-answered',
  'bail',
  'debug',
  'force-install',
  'ignore-whitespace',
  'local-only',
  'skip-cache',
];

/** What was typed, checked. */
export interface Flags {
  /** The answers that flags have given. */
  given: Partial<Answers>;
  /** The switches that are on. */
  on: ReadonlySet<string>;
}

/**
 * Reads what was typed.
 *
 * @param options Values by flag, as `yo` or our own command line has parsed them. `yo` takes every
 *   flag to have a value, so a destination may be found behind a switch: `--yes my-folder`.
 * @param positionals What was typed without a flag.
 * @param argv The command line. Of the `options`, those that stand there are the user's; the others
 *   are Yeoman's.
 * @throws Refusal, if a flag is unknown, has no value or a wrong one.
 */
export function readFlags(
  generator: GeneratorId,
  options: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
  argv: readonly string[],
): Flags {
  refuseUnknown(generator, options, argv);
  const destinations = [...positionals];
  const toBoolean = (flag: string, value: unknown): boolean => {
    if (typeof value !== 'string' || value === 'true' || value === 'false') {
      return value === true || value === 'true';
    }
    if (argv.includes(`--${flag}=${value}`)) {
      throw new Refusal(`--${flag} takes no value. Leave out ${quoted(value)}.`);
    }
    destinations.push(value);
    return true;
  };

  const given: Record<string, string | boolean> = {};
  const answers: Partial<Answers> = given;
  for (const parameter of parametersOf(generator)) {
    const { flag, key, placeholder, check } = parameter;
    const value = options[flag] ?? options[toCamelCase(flag)];
    if (value === undefined) {
      continue;
    }
    if (Array.isArray(value)) {
      throw new Refusal(`--${flag} is given more than once.`);
    }
    refuseForLanguage(parameter, answers);
    if (placeholder === undefined) {
      given[key] = toBoolean(flag, value);
    } else if (isMissing(flag, value, argv)) {
      throw new Refusal(`--${flag} needs a value: --${flag} ${placeholder}`);
    } else {
      given[key] = check ? check(String(value), answers) : String(value);
    }
  }

  const on = new Set<string>();
  for (const { flag, alias = flag } of switches) {
    for (const name of new Set([flag, toCamelCase(flag), alias])) {
      if (options[name] !== undefined && toBoolean(flag, options[name])) {
        on.add(flag);
      }
    }
  }

  const [destination, ...others] = new Set(destinations);
  if (others.length > 0) {
    throw new Refusal(`There can be only one destination: ${[destination, ...others].join(', ')}`);
  }
  if (destination !== undefined) {
    given.destination = toDestination(destination);
  }
  return { given, on };
}

/** A flag that means nothing in the language would otherwise be ignored in silence. */
function refuseForLanguage(
  parameter: Parameter,
  { language = 'typescript' }: Partial<Answers>,
): void {
  const { flag, languages = [] } = parameter;
  if (!isMeantFor(parameter, language)) {
    const others = languages.map((one) => languageNames[one]).join(' and ');
    throw new Refusal(
      `--${flag} is for ${others}, not for ${languageNames[language]}. Leave it out, or choose another --language.`,
    );
  }
}

/** A parser may have taken the next flag for the value of one that has none. */
function isMissing(flag: string, value: unknown, argv: readonly string[]): boolean {
  return (
    typeof value === 'boolean' ||
    (/^--?[a-z]/i.test(String(value)) && !argv.includes(`--${flag}=${String(value)}`))
  );
}

function toDestination(value: string): string {
  if (value.trim() === '' || /\p{Cc}/u.test(value)) {
    throw new Refusal(`${quoted(value)} is not a folder. Take . for the current one.`);
  }
  if (value.startsWith(':')) {
    throw new Refusal(`${quoted(value)} is not a folder. A sub-generator comes before all else.`);
  }
  return value;
}

function refuseUnknown(
  generator: GeneratorId,
  options: Readonly<Record<string, unknown>>,
  argv: readonly string[],
): void {
  const flags = [...parametersOf(generator), ...switches].map(({ flag }) => flag);
  const known = new Set([
    ...flags,
    ...switches.flatMap(({ alias }) => alias ?? []),
    ...YEOMAN_FLAGS,
  ]);
  const unknown = argv.flatMap(flagsIn).find(({ name }) => {
    const isTheirs = Object.hasOwn(options, name) || Object.hasOwn(options, toCamelCase(name));
    return isTheirs && !known.has(name);
  });
  if (unknown) {
    const nearest = nearestTo(unknown.name, flags);
    const hint =
      unknown.name === 'language'
        ? `:${generator} is for Node.js only; yo azfunc-extension and :extension have it.`
        : nearest
          ? `Did you mean --${nearest}?`
          : 'See --help.';
    throw new Refusal(`There is no option ${unknown.typed}. ${hint}`);
  }
}

/** The flags in a word of a command line: `--no-git` is `git`, `-yf` is `y` and `f`. */
function flagsIn(word: string): { name: string; typed: string }[] {
  const [, long] = /^--([^\s=]+)/.exec(word) ?? [];
  if (long !== undefined) {
    return [{ name: long.replace(/^no-/, ''), typed: `--${long}` }];
  }
  const [, short = ''] = /^-([a-z]+)/i.exec(word) ?? [];
  return [...short].map((letter) => ({ name: letter, typed: `-${letter}` }));
}

function nearestTo(name: string, flags: readonly string[]): string | undefined {
  if (name.length < 3) {
    return undefined;
  }
  const nearest = closest(name, flags);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? nearest
    : flags.find((flag) => flag.includes(name));
}

export function toCamelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
