import { type LanguageId, languageIds } from '../languages/language.js';
import { languages } from '../languages/languages.js';
import { quoted, Refusal } from '../refusal.js';
import type { Templates } from '../templates/load.js';
import { type Answers, type CommandId, commandLanguages, type Question } from './question.js';
import { questions } from './questions.js';
import { type SwitchFlag, switchesOf, switchFlags, type Switches } from './switches.js';

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

/** What was typed, as a front door has parsed it. */
export interface Typed {
  command: CommandId;
  /** Values by flag, in kebab or in camel case. */
  options: Readonly<Record<string, unknown>>;
  /** What was typed without a flag. */
  positionals: readonly string[];
  /** The command line. Of the `options`, those that stand there are the user's; the others are Yeoman's. */
  argv: readonly string[];
}

/** What was typed, checked. */
export interface Given {
  language: LanguageId;
  /** The answers that flags have given, by key of the question. */
  answers: Answers & Record<string, unknown>;
  /** The folder that was named. */
  destination: string | undefined;
  switches: Switches;
}

/** The questions of a command, in the order in which they are asked. */
export function questionsOf(command: CommandId): Question[] {
  return (questions as readonly Question[]).filter(({ commands }) => commands.includes(command));
}

/**
 * Reads what was typed. `yo` takes every flag to have a value, so a destination may be found behind a
 * switch: `--yes my-folder`.
 *
 * @param languageIn The language of a project that is in the destination already, if there is one.
 * @throws Refusal, if a flag is unknown, has no value or a wrong one.
 */
export async function readFlags(
  typed: Typed,
  templates: Templates,
  languageIn: (
    destination: string | undefined,
  ) => LanguageId | undefined | Promise<LanguageId | undefined> = () => undefined,
): Promise<Given> {
  const { command, options, positionals, argv } = typed;
  await refuseUnknown(typed);
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

  const isOn = ({ flag, alias = flag }: SwitchFlag): boolean =>
    [...new Set([flag, toCamelCase(flag), alias])]
      .map((name) => options[name] !== undefined && toBoolean(flag, options[name]))
      .includes(true);
  const switches: Switches = {
    yes: isOn(switchFlags.yes),
    askAll: isOn(switchFlags.askAll),
    verbose: isOn(switchFlags.verbose),
    skipInstall: isOn(switchFlags.skipInstall),
    open: isOn(switchFlags.open),
    force: isOn(switchFlags.force),
    dryRun: isOn(switchFlags.dryRun),
    check: isOn(switchFlags.check),
    ours: isOn(switchFlags.ours),
    theirs: isOn(switchFlags.theirs),
    help: isOn(switchFlags.help),
  };
  if (switches.yes && switches.askAll) {
    throw new Refusal('--yes asks nothing, and --ask-all asks everything. Give one of them.');
  }
  const given = questionsOf(command).flatMap((question): [Question, unknown][] => {
    const { flag, placeholder } = question;
    const value = options[flag] ?? options[toCamelCase(flag)];
    if (Array.isArray(value) && !question.isRepeatable) {
      throw new Refusal(`--${flag} is given more than once.`);
    }
    if (value === undefined) {
      return [];
    }
    return [[question, placeholder === undefined ? toBoolean(flag, value) : value]];
  });
  const [first, ...others] = new Set(destinations);
  if (others.length > 0) {
    throw new Refusal(`There can be only one destination: ${[first, ...others].join(', ')}`);
  }
  const destination = first === undefined ? undefined : toDestination(first);

  const answers: Given['answers'] = {};
  const found = await languageIn(destination);
  const language = (): LanguageId =>
    languageIds.find((id) => id === answers['language']) ?? found ?? commandLanguages[command][0];
  for (const [question, value] of given) {
    const { flag, key, placeholder } = question;
    refuseForLanguage(question, language());
    if (placeholder === undefined) {
      answers[key] = value;
    } else if ([value].flat().some((one) => isMissing(flag, one, argv))) {
      throw new Refusal(`--${flag} needs a value: --${flag} ${placeholder}`);
    } else {
      const context = { command, language: language(), templates, answers };
      const check = (one: unknown) => question.check(String(one), context);
      answers[key] = Array.isArray(value)
        ? (await Promise.all(value.map(check))).flat()
        : await check(value);
    }
  }
  return { language: language(), answers, switches, destination };
}

/** A flag that means nothing in the language would otherwise be silently ignored. */
function refuseForLanguage({ flag, languages: meant }: Question, language: LanguageId): void {
  if (!meant.includes(language)) {
    const others = meant.map((one) => languages[one].title).join(' and ');
    throw new Refusal(
      `--${flag} is for ${others}, not for ${languages[language].title}. Leave it out, or choose another --language.`,
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

async function refuseUnknown({ command, options, argv }: Typed): Promise<void> {
  const switches = switchesOf(command);
  const flags = [...questionsOf(command), ...switches].map(({ flag }) => flag);
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
    const nearest = await nearestTo(unknown.name, flags);
    const hint =
      unknown.name === 'language'
        ? command === 'update'
          ? 'A project stays in its language.'
          : onLanguage(command)
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

async function nearestTo(name: string, flags: readonly string[]): Promise<string | undefined> {
  if (name.length < 3) {
    return undefined;
  }
  const { closest, distance } = await import('fastest-levenshtein');
  const nearest = closest(name, flags);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? nearest
    : flags.find((flag) => flag.includes(name));
}

/** `skip-install` -> `skipInstall` */
export function toCamelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Why a command has no `--language`. */
function onLanguage(command: CommandId): string {
  const [only, ...others] = commandLanguages[command];
  const title = only === 'python' ? 'Python' : 'Node.js';
  return others.length > 0
    ? `:${command} goes by the language of the app.`
    : `:${command} is for ${title} only; yo azfunc-extension and :extension have it.`;
}
