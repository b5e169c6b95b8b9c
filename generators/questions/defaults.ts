import { Refusal } from '../refusal.js';
import { questionsOf } from './flags.js';
import type { Context, Question } from './question.js';

/** The default of a question, and what it goes by: the answers to those before it. */
export interface Default {
  readonly question: Question;
  readonly value: unknown;
  readonly known: Context;
}

/** The questions of a command in a language. */
export function questionsFor({ command, language }: Context): Question[] {
  return questionsOf(command).filter((question) => question.languages.includes(language));
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
export async function defaultsOf(context: Context): Promise<Default[]> {
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
