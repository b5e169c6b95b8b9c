import { closest, distance } from 'fastest-levenshtein';
import type { Answers } from './answers.js';
import { type GeneratorId, parametersOf } from './parameters.js';
import { Refusal } from './refusal.js';

/** A flag that is not the answer to a question. */
export interface Switch {
  flag: string;
  alias?: string;
  help: string;
}

/** Our own switches, and those of Yeoman that a user has a use for. */
export const switches: readonly Switch[] = [
  { flag: 'yes', alias: 'y', help: 'take the default for all that is not given, and ask nothing' },
  { flag: 'skip-install', help: 'do not run npm install' },
  { flag: 'force', alias: 'f', help: 'overwrite files without asking' },
  { flag: 'dry-run', help: 'show what would be written, and write nothing' },
  { flag: 'help', alias: 'h', help: 'show this help' },
];

/** Flags that `yo` and Yeoman have beside these. They are let pass. */
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
  const toBoolean = (value: unknown): boolean => {
    if (typeof value === 'string' && value !== 'true' && value !== 'false') {
      destinations.push(value);
      return true;
    }
    return value === true || value === 'true';
  };

  const given: Record<string, string | boolean> = {};
  for (const { flag, key, placeholder, check } of parametersOf(generator)) {
    const value = options[flag] ?? options[toCamelCase(flag)];
    if (value === undefined) {
      continue;
    }
    if (Array.isArray(value)) {
      throw new Refusal(`--${flag} is there more than once.`);
    }
    if (placeholder === undefined) {
      given[key] = toBoolean(value);
    } else if (typeof value === 'boolean' || /^--?[a-z]/i.test(String(value))) {
      throw new Refusal(`--${flag} needs a value: --${flag} ${placeholder}`);
    } else {
      given[key] = check ? check(String(value)) : String(value);
    }
  }

  const on = new Set<string>();
  for (const { flag, alias = flag } of switches) {
    for (const name of new Set([flag, toCamelCase(flag), alias])) {
      if (options[name] !== undefined && toBoolean(options[name])) {
        on.add(flag);
      }
    }
  }

  const [destination, ...others] = new Set(destinations);
  if (others.length > 0) {
    throw new Refusal(`There can be only one destination: ${[destination, ...others].join(', ')}`);
  }
  if (destination !== undefined) {
    given.destination = destination;
  }
  return { given, on };
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
  const unknown = argv
    .map((word) => /^--?(?:no-)?([^\s=]+)/.exec(word)?.[1] ?? '')
    .find(
      (name) =>
        !known.has(name) &&
        (Object.hasOwn(options, name) || Object.hasOwn(options, toCamelCase(name))),
    );
  if (unknown === undefined) {
    return;
  }
  const nearest = closest(unknown, flags);
  const hint = distance(unknown, nearest) <= 3 ? `Did you mean --${nearest}?` : 'See --help.';
  throw new Refusal(`There is no option ${unknown.length > 1 ? '--' : '-'}${unknown}. ${hint}`);
}

export function toCamelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
