import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearestWith } from '../found/folders.js';
import { readMachine } from '../found/machine.js';
import { answered } from '../questions/ask.js';
import { type Decided, decided } from '../questions/decide.js';
import { completed, defaultOf } from '../questions/defaults.js';
import { questionsOf, readFlags, type Typed } from '../questions/flags.js';
import type { Context, Question } from '../questions/question.js';
import { checkedAnswers } from '../questions/recorded.js';
import type { Switches } from '../questions/switches.js';
import {
  earlierExtension,
  languageOfRecord,
  manifestOf,
  type ProjectRecord,
  recordable,
  readRecord,
  RECORD,
  type RecordedCommand,
} from '../record.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { Templates } from '../templates/load.js';
import { refuseUnwritable } from '../writing/obstacles.js';
import { templateIn } from './recognise-template.js';
import { recognised } from './recognise.js';

/** From what a project is made. */
export type Made = Extract<Decided, { command: RecordedCommand }>;

/** What an update goes by. */
export interface DecidedUpdate {
  /** The folder of the project, absolute. */
  root: string;
  /** From what it has been made. */
  record: ProjectRecord;
  /** Whether it has a record, as opposed to having been recognised. */
  isRecorded: boolean;
  /** What has been decided for it when it was made. */
  before: Made;
  /** The same, with what was typed now. */
  after: Made;
  /** Where its old output is, if that was typed. */
  from: string | undefined;
  switches: Switches;
}

/**
 * Decides on an update: by the record of the project, or by its files, by what was typed, and for what
 * is new in this version by asking.
 *
 * @throws Refusal, if there is no project of ours, or if something cannot be taken.
 */
export async function decideUpdate(
  typed: Typed,
  system: System,
  templates: Templates,
): Promise<DecidedUpdate> {
  let project: { root: string; record: ProjectRecord; isRecorded: boolean } | undefined;
  const projectAt = async (destination: string | undefined) =>
    (project ??= await projectIn(
      destination === undefined
        ? (nearestWith(RECORD, system.cwd) ?? system.cwd)
        : resolve(system.cwd, destination),
    ));
  const given = await readFlags(typed, templates, async (destination) =>
    languageOfRecord((await projectAt(destination)).record),
  );
  const { root, record, isRecorded } = await projectAt(given.destination);
  refuseUnwritable(root);
  const { from, ...typedAnswers } = given.answers;
  const questions = questionsOf(record.command).filter(({ key }) => key !== 'git');
  refuseOthers(typedAnswers, questions, record);
  const common = {
    root,
    isRecorded,
    from: from === undefined || from === '' ? undefined : String(from),
    switches: given.switches,
  };
  const context: Context = {
    command: record.command,
    language: given.language,
    templates,
    machine: await readMachine(root, system),
    answers: { ...typedAnswers, ...unchanging(record) },
    extensions: extensionsOf(record, root),
    recorded: await checkedAnswers(record, record.command, given.language, templates),
  };
  const recorded = isRecorded ? context : withTemplate(context, root);
  const made = async (start: Context): Promise<Made> => {
    const answers = { ...start.answers };
    for (const question of questions) {
      const isOpen = !Object.hasOwn(answers, question.key);
      if (isOpen && Object.hasOwn(start.recorded ?? {}, question.key)) {
        Object.assign(answers, {
          [question.key]: await defaultOf(question, { ...start, answers }),
        });
      }
    }
    const { yes, check } = given.switches;
    const asks = !yes && !check && system.terminal.isInteractive();
    const complete = await completed(
      await answered({ ...start, answers }, { ...given.switches, yes: !asks }, system),
    );
    const values = { ...complete, git: false, language: given.language, destination: root };
    return decided(start, record, values, given.switches) as Made;
  };
  const after = await made(recorded);
  if (!isRecorded) {
    // What was typed, or asked, is what the files do not say.
    const answers = recordable(record.command, { ...after.decision });
    return { ...common, record: { ...record, answers }, before: after, after };
  }
  const before =
    Object.keys(typedAnswers).length === 0
      ? after
      : await made({
          ...recorded,
          // What is not in the record is as it is now: nobody is asked twice.
          answers: { ...after.decision, ...recorded.recorded, ...unchanging(record) },
        });
  return { ...common, record, before, after };
}

/** The project in a folder. */
async function projectIn(
  root: string,
): Promise<{ root: string; record: ProjectRecord; isRecorded: boolean }> {
  const record = readRecord(root);
  if (record) {
    return { root, record, isRecorded: true };
  }
  const found = existsSync(root) ? await recognised(root) : undefined;
  if (!found) {
    throw new Refusal(
      `${root} is no project of this generator: it has no ${RECORD}, and no extension or app of version 0.1.0 is recognised. Name the folder that has it.`,
    );
  }
  return { root, record: found, isRecorded: false };
}

/** A flag that means nothing for the project would otherwise be silently ignored. */
function refuseOthers(
  answers: Readonly<Record<string, unknown>>,
  questions: readonly Question[],
  { command }: ProjectRecord,
): void {
  const other = Object.keys(answers).find((key) => !questions.some((one) => one.key === key));
  const flag = questionsOf('update').find(({ key }) => key === other)?.flag;
  if (flag !== undefined) {
    const what = command === 'extension' ? 'a package alone' : 'a function app alone';
    throw new Refusal(`--${flag} means nothing for ${what}. Leave it out.`);
  }
}

/** What an update does not change. */
function unchanging({ command, extension }: ProjectRecord): object {
  return {
    ...(command === 'app' && { functionApp: true }),
    ...(extension && { extension: extension.packageName }),
  };
}

function extensionsOf(record: ProjectRecord, root: string): Context['extensions'] {
  const extension = earlierExtension(record, root);
  if (record.command === 'function-app' && !extension) {
    throw new Refusal(
      `${manifestOf(record)} in ${root} no longer depends on ${record.extension?.packageName}, for which the app was made.`,
    );
  }
  return extension && [extension];
}

/** The template of a project without a record is the one whose code it has. */
function withTemplate(context: Context, root: string): Context {
  const folder = existsSync(join(root, 'extension')) ? join(root, 'extension') : root;
  const template =
    context.answers.template ?? templateIn(folder, context.language, context.templates);
  return context.command === 'function-app' || template === undefined
    ? context
    : { ...context, recorded: { ...context.recorded, template } };
}
