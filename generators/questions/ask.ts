import type { DistinctQuestion } from 'inquirer';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { WorkerExtension } from '../worker-extension.js';
import { defaultOf, defaultsOf, questionsFor } from './defaults.js';
import type { Answers, Context, Question } from './question.js';
import { toChange } from './review.js';
import type { Switches } from './switches.js';

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
  // An extension says what language the app is in, and so what else there is to ask.
  const first = open.filter(({ key }) => key === 'extension');
  const main = first.length > 0 ? first : askAll ? open : open.filter(({ isMain }) => isMain);
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
  const language =
    extension !== undefined && context.answers.language === undefined
      ? (await import('../found/extension-language.js')).languageOfExtension(extension, system.cwd)
      : undefined;
  const known = { ...context, language: language ?? context.language };
  const read =
    known.language === 'python'
      ? (await import('../found/python-extension.js')).readPythonExtension
      : (await import('../found/extension.js')).readExtension;
  const extensions: WorkerExtension[] = [];
  for (const spec of specs) {
    extensions.push(await read(spec, system));
  }
  return { ...known, extensions };
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
