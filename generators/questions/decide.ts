import { resolve } from 'node:path';
import { whyNotOnWindows } from '../file-names.js';
import type { DistinctQuestion } from 'inquirer';
import type { FoundApp } from '../found/app.js';
import type { FoundPythonApp, PythonApp } from '../found/python-app.js';
import { type Machine, readMachine } from '../found/machine.js';
import type { LanguageId } from '../languages/language.js';
import { namesOf } from '../languages/names.js';
import { languages } from '../languages/languages.js';
import { quoted, Refusal } from '../refusal.js';
import { earlierExtension, languageOfRecord, type ProjectRecord, readRecord } from '../record.js';
import type { System } from '../system.js';
import type { Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import { refuseUnwritable } from '../writing/obstacles.js';
import type { Decision } from './decision.js';
import { type Default, toChange } from './review.js';
import { type Given, questionsOf, readFlags, type Typed } from './flags.js';
import type { Answers, CommandId, Context, Question } from './question.js';
import type { Switches } from './switches.js';

/** What has been found, by command. */
interface Found {
  app: { machine: Machine; record: ProjectRecord | undefined };
  extension: { machine: Machine; record: ProjectRecord | undefined };
  'function-app': {
    machine: Machine;
    record: ProjectRecord | undefined;
    extension: WorkerExtension;
  };
  use: { app: FoundApp | PythonApp; extensions: readonly WorkerExtension[] };
  function: { app: FoundApp | PythonApp };
  bridge: { app: FoundPythonApp };
  publish: object;
}

/** The commands that go by a decision of their own. An update goes by that of another command. */
export type DecidedCommand = Exclude<CommandId, 'update'>;

/** What a command goes by: what has been decided, and what has been found. */
export type Decided = {
  [Command in DecidedCommand]: {
    command: Command;
    decision: Decision<Command>;
    found: Found[Command];
    switches: Switches;
  };
}[DecidedCommand];

/**
 * Decides everything: by what was typed, by what is found, and else by asking.
 *
 * @throws Refusal, if something cannot be taken, or if there is no terminal to ask in.
 */
export async function decide(
  typed: Typed & { command: DecidedCommand },
  system: System,
  templates: Templates,
): Promise<Decided> {
  const isAdding = typed.command === 'use' || typed.command === 'function';
  const { isPythonApp } = isAdding ? await import('../found/python-app.js') : {};
  const read = await readFlags(typed, templates, (destination) => {
    const earlier = recordOf(typed.command, destination ?? '', system);
    return isPythonApp?.(resolve(system.cwd, destination ?? ''))
      ? 'python'
      : earlier && languageOfRecord(earlier);
  });
  const given = { ...read, destination: read.destination ?? hereAgain(typed, read, system) };
  const record =
    given.destination === undefined
      ? undefined
      : recordOf(typed.command, given.destination, system);
  refuseForWindows(given.destination, system);
  refuseUnwritable(resolve(system.cwd, given.destination ?? ''));
  const machineRead = readMachine(given.destination, system);
  if (typed.command === 'app' || typed.command === 'extension') {
    // git takes as long as this.
    templates.prepare(given.language, given.answers.template);
  }
  const machine = await machineRead;
  refuseForRepository(given, machine);
  const earlier = record && earlierExtension(record, resolve(system.cwd, given.destination ?? ''));
  const start: Context = {
    command: typed.command,
    language: given.language,
    templates,
    machine,
    answers: {
      ...given.answers,
      ...(earlier && !given.answers.extension && { extension: earlier.packageName }),
    },
    extensions: earlier && given.answers.extension === undefined ? [earlier] : undefined,
    app: await findApp(typed.command, given, system),
    recorded: record && (await checkedAnswers(record, typed.command, given.language, templates)),
    pythonApp: await findPythonApp(typed.command, given, system),
    pythonFunctions: await findPythonFunctions(typed.command, given, system),
  };
  const context = await answered(start, given.switches, system);
  const answers = await completed(context);
  const destination = resolve(system.cwd, destinationOf(context, answers, given.destination));
  refuseUnwritable(destination);
  const values = { ...answers, language: given.language, destination };
  return decided(context, record, values, given.switches);
}

/** The record of a project in the destination that the command makes, too. */
function recordOf(
  command: CommandId,
  destination: string,
  { cwd }: System,
): ProjectRecord | undefined {
  const record = readRecord(resolve(cwd, destination));
  switch (command) {
    case record?.command:
      return record;
    case 'app':
      // The package alone is what both make.
      return record?.command === 'extension'
        ? { ...record, answers: { ...record.answers, functionApp: false } }
        : undefined;
    default:
      return undefined;
  }
}

/** The current folder, if it has what the same command has made under the same name. */
function hereAgain(
  { command }: Typed,
  { answers: { name } }: Given,
  system: System,
): string | undefined {
  const record = recordOf(command, '', system);
  return record && (name === undefined || name === record.answers['name']) ? '.' : undefined;
}

/** What a record says, by key of the question: checked, since anybody can have written it. */
export async function checkedAnswers(
  record: ProjectRecord,
  command: CommandId,
  language: LanguageId,
  templates: Templates,
): Promise<Answers & Record<string, unknown>> {
  const answers: Answers & Record<string, unknown> = {};
  // Of a project in another language, nothing would fit.
  const questions = languageOfRecord(record) === language ? questionsOf(command) : [];
  for (const { key, kind, check, languages: meant } of questions) {
    const value = record.answers[key];
    if (value !== undefined && meant.includes(language)) {
      answers[key] =
        kind === 'switch'
          ? value === true
          : await check(String(value), { command, language, templates, answers });
    }
  }
  return answers;
}

/** The default of a question: what was answered in an earlier run, or else what follows from the rest. */
export async function defaultOf(question: Question, context: Context): Promise<unknown> {
  const { recorded } = context;
  if (!recorded || !Object.hasOwn(recorded, question.key)) {
    return question.fallback(context);
  }
  const value = recorded[question.key];
  // What nobody has chosen follows the answers that have changed.
  const isDefault =
    question.follows && value === (await question.fallback({ ...context, answers: recorded }));
  return isDefault ? question.fallback(context) : value;
}

/** Windows would write into a device, or into a folder of another name. */
function refuseForWindows(destination = '', { platform }: System): void {
  const reason = platform === 'win32' ? whyNotOnWindows(destination) : undefined;
  if (reason !== undefined) {
    throw new Refusal(`${quoted(destination)} cannot be a folder: ${reason}. Choose another one.`);
  }
}

function refuseForRepository({ answers }: Given, machine: Machine): void {
  if (answers['git'] === true && !machine.canInitGit) {
    throw new Refusal('--git: there is a git repository already, or git is not installed.');
  }
  if (answers['ci'] === 'github' && machine.isBelowRepositoryRoot) {
    throw new Refusal(
      '--ci github: workflows count at the root of a repository only, and this is a folder of one. Leave --ci out.',
    );
  }
}

/** The app to which the command adds something. */
async function findApp(
  command: CommandId,
  { destination = '', language }: Given,
  system: System,
): Promise<FoundApp | undefined> {
  if ((command !== 'use' && command !== 'function') || language !== 'typescript') {
    return undefined;
  }
  const { readApp } = await import('../found/app.js');
  return readApp(resolve(system.cwd, destination), system);
}

async function findPythonApp(
  command: CommandId,
  { destination = '' }: Given,
  { cwd }: System,
): Promise<FoundPythonApp | undefined> {
  if (command !== 'bridge') {
    return undefined;
  }
  const { readPythonApp } = await import('../found/python-app.js');
  return readPythonApp(resolve(cwd, destination));
}

async function findPythonFunctions(
  command: CommandId,
  { destination = '', language }: Given,
  { cwd }: System,
): Promise<PythonApp | undefined> {
  if ((command !== 'use' && command !== 'function') || language !== 'python') {
    return undefined;
  }
  const { readPythonFunctions } = await import('../found/python-app.js');
  return readPythonFunctions(resolve(cwd, destination));
}

/**
 * Asks the main questions that are open, and again what is open after that: an extension says whether there
 * is more to ask. Of the others it shows the defaults, and asks those that the user wants to change.
 */
export async function answered(
  start: Context,
  { yes, askAll }: Pick<Switches, 'yes' | 'askAll'>,
  system: System,
  hasAsked = false,
): Promise<Context> {
  const context = await withExtensions(start, system);
  const open = yes ? [] : openQuestions(context);
  if (open.length === 0) {
    return context;
  }
  const { terminal } = system;
  if (!terminal.isInteractive()) {
    const flags = open.map(({ flag }) => `--${flag}`);
    throw new Refusal(
      `There is no terminal to ask in. Add --yes to take the defaults, or give ${flags.join(', ')}.`,
    );
  }
  if (!hasAsked) {
    terminal.say('Enter takes the default. Next time, --yes takes all of them.\n');
  }
  const main = askAll ? open : open.filter(({ isMain }) => isMain);
  if (main.length > 0) {
    return answered(await asked(main, context, system), { yes, askAll }, system, true);
  }
  const changes = await toChange(await defaultsOf(context), terminal);
  return changes.length === 0 ? context : asked(changes, context, system);
}

/** What is known after some questions have been asked. */
async function asked(
  open: readonly Question[],
  context: Context,
  { terminal }: System,
): Promise<Context> {
  const adapter = await terminal.adapter();
  const prompts = open.map((question) => toPrompt(question, context));
  return after(await adapter.prompt(prompts as Parameters<typeof adapter.prompt>[0]), context);
}

/** Reads the extensions that have been named. */
async function withExtensions(context: Context, system: System): Promise<Context> {
  const { extension, extensions: specs = extension === undefined ? [] : [extension] } =
    context.answers;
  if (context.extensions || specs.length === 0) {
    return context;
  }
  const read =
    context.language === 'python'
      ? (await import('../found/python-extension.js')).readPythonExtension
      : (await import('../found/extension.js')).readExtension;
  const extensions: WorkerExtension[] = [];
  for (const spec of specs) {
    extensions.push(await read(spec, system));
  }
  return { ...context, extensions };
}

/** The questions that have no answer yet, and that matter. */
function openQuestions(context: Context): Question[] {
  return questionsFor(context).filter(
    (question) =>
      !Object.hasOwn(context.answers, question.key) &&
      question.message !== undefined &&
      question.applies(context),
  );
}

function questionsFor({ command, language }: Context): Question[] {
  return questionsOf(command).filter((question) => question.languages.includes(language));
}

/** A question in the form that inquirer takes. */
function toPrompt(question: Question, context: Context): DistinctQuestion {
  const { key, kind, message, preview } = question;
  const choices = question.choices?.(context);
  return {
    name: key,
    type: ({ choice: 'select', text: 'input', switch: 'confirm' } as const)[kind],
    message,
    ...(choices && { choices }),
    ...(preview && {
      transformer: (value: string, { isFinal }: { isFinal: boolean }) => {
        const result = preview(value, context);
        return isFinal && result !== undefined && result !== value ? `${value} (${result})` : value;
      },
    }),
    default: async (typed: Answers) => defaultOf(question, await after(typed, context)),
    when: async (typed: Answers) => question.applies(await after(typed, context)),
    validate: (value: unknown, typed: Answers) => verdict(question, value, typed, context),
  } as DistinctQuestion;
}

/** What is known after answers that have been typed. */
async function after(typed: object, context: Context): Promise<Context> {
  let result = context;
  const values = new Map(Object.entries(typed));
  for (const question of questionsFor(context)) {
    if (values.has(question.key)) {
      const value: unknown = values.get(question.key);
      const answer = typeof value === 'string' ? await question.check(value, result) : value;
      result = { ...result, answers: { ...result.answers, [question.key]: answer } };
    }
  }
  return result;
}

/** `true`, or the reason why an answer cannot be taken. */
async function verdict(
  question: Question,
  value: unknown,
  typed: Answers,
  context: Context,
): Promise<true | string> {
  try {
    if (typeof value === 'string') {
      await question.check(value, await after(typed, context));
    }
    return true;
  } catch (error) {
    if (error instanceof Refusal) {
      return error.message;
    }
    throw error;
  }
}

/**
 * All answers, with defaults for what is open.
 *
 * @throws Refusal for one that has no default.
 */
export async function completed(context: Context): Promise<Record<string, unknown>> {
  const defaults = await defaultsOf(context);
  const values = [];
  for (const { question, value, known } of defaults) {
    const isEmpty = [value].flat().includes('');
    values.push([question.key, isEmpty ? await question.check('', known) : value]);
  }
  const answers: Record<string, unknown> = { ...context.answers, ...Object.fromEntries(values) };
  if (answers['weeklyUpdate'] === true && answers['ci'] !== 'github') {
    throw new Refusal('--weekly-update is a workflow of GitHub. Add --ci github, or leave it out.');
  }
  return answers;
}

/** The defaults of the questions that have no answer. */
async function defaultsOf(context: Context): Promise<Default[]> {
  const defaults: Default[] = [];
  let known = context;
  for (const question of questionsFor(context)) {
    if (!Object.hasOwn(context.answers, question.key)) {
      const value = await defaultOf(question, known);
      defaults.push({ question, value, known });
      known = { ...known, answers: { ...known.answers, [question.key]: value } };
    }
  }
  return defaults;
}

function destinationOf(
  { command, language, app, pythonApp, pythonFunctions, extensions }: Context,
  answers: Record<string, unknown>,
  typed: string | undefined,
): string {
  const existing = app ?? pythonApp ?? pythonFunctions;
  if (existing) {
    return existing.root;
  }
  if (command === 'publish') {
    return typed ?? '.';
  }
  const packageName = extensions?.[0]?.packageName ?? String(answers['name']);
  const { folder } = namesOf(packageName, languages[language].packagePrefix);
  return typed ?? (command === 'function-app' ? `${folder}-app` : folder);
}

export function decided(
  context: Context,
  record: ProjectRecord | undefined,
  values: object,
  switches: Switches,
): Decided {
  const { command, machine, app, pythonApp, pythonFunctions, extensions } = context;
  // The questions make the types of the decisions, and their checks have seen to the values.
  const as = <Command extends CommandId>() => values as Decision<Command>;
  switch (command) {
    case 'update':
      throw new Error('An update has no decision of its own.');
    case 'app':
      return { command, decision: as<'app'>(), found: { machine, record }, switches };
    case 'extension':
      return { command, decision: as<'extension'>(), found: { machine, record }, switches };
    case 'function-app':
      return {
        command,
        decision: as<'function-app'>(),
        found: { machine, record, extension: found(extensions?.[0], command) },
        switches,
      };
    case 'use':
      return {
        command,
        decision: as<'use'>(),
        found: { app: found(app ?? pythonFunctions, command), extensions: extensions ?? [] },
        switches,
      };
    case 'function':
      return {
        command,
        decision: as<'function'>(),
        found: { app: found(app ?? pythonFunctions, command) },
        switches,
      };
    case 'bridge':
      return {
        command,
        decision: as<'bridge'>(),
        found: { app: found(pythonApp, command) },
        switches,
      };
    case 'publish':
      return { command, decision: as<'publish'>(), found: {}, switches };
  }
}

function found<Value>(value: Value | undefined, command: CommandId): Value {
  if (value === undefined) {
    throw new Error(`:${command} has been decided without what it is for.`);
  }
  return value;
}
