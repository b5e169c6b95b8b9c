import { resolve } from 'node:path';
import { whyNotOnWindows } from '../file-names.js';
import type { FoundApp } from '../found/app.js';
import type { FoundPythonApp, PythonApp } from '../found/python-app.js';
import { type Machine, readMachine } from '../found/machine.js';
import { namesOf } from '../languages/names.js';
import type { LanguageId } from '../languages/language.js';
import { languages } from '../languages/languages.js';
import { quoted, Refusal } from '../refusal.js';
import { earlierExtension, languageOfRecord, type ProjectRecord } from '../record.js';
import type { System } from '../system.js';
import type { Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import { refuseUnwritable } from '../writing/obstacles.js';
import { answered } from './ask.js';
import type { Decision } from './decision.js';
import { completed } from './defaults.js';
import { type Given, readFlags, type Typed } from './flags.js';
import type { CommandId, Context } from './question.js';
import { checkedAnswers, hereAgain, recordOf } from './recorded.js';
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
  const read = await readFlags(typed, templates, async (destination) => {
    const told = await toldLanguage(typed, system);
    if (told !== undefined) {
      return told;
    }
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
  const values = { ...answers, language: context.language, destination };
  return decided(context, record, values, given.switches);
}

/** The language of the extension for which an app is to be made, if it was typed. */
async function toldLanguage(
  { command, options: { extension } }: Typed,
  { cwd }: System,
): Promise<LanguageId | undefined> {
  if (command !== 'function-app' || typeof extension !== 'string') {
    return undefined;
  }
  const { languageOfExtension } = await import('../found/extension-language.js');
  return languageOfExtension(extension, cwd);
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
  const app = readApp(resolve(system.cwd, destination), system);
  if (command === 'use' && app.otherPackageManager !== undefined) {
    throw new Refusal(
      `${app.root} is installed with ${app.otherPackageManager}, and npm would install beside that. Add and remove extensions with ${app.otherPackageManager}, and their two lines as their readmes say.`,
    );
  }
  return app;
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
  system: System,
): Promise<PythonApp | undefined> {
  if ((command !== 'use' && command !== 'function') || language !== 'python') {
    return undefined;
  }
  const { readPythonFunctions } = await import('../found/python-app.js');
  return readPythonFunctions(resolve(system.cwd, destination), system);
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
