import type { DistinctQuestion } from 'inquirer';
import type { Answers } from './answers.js';
import { namesOf } from './names.js';
import {
  type GeneratorId,
  isMeantFor,
  type Known,
  type Parameter,
  parameters,
  parametersOf,
} from './parameters.js';
import { Refusal } from './refusal.js';

/** The parameters that are still open, and that matter. */
export function openParameters(known: Known): Parameter[] {
  return parametersOf(known.generator).filter(
    (parameter) =>
      known.answers[parameter.key] === undefined &&
      parameter.isAsked !== false &&
      applies(parameter, known),
  );
}

/** What there is to ask, in the form that inquirer takes. */
export function questionsFor(known: Known): DistinctQuestion[] {
  const after = (answered: Partial<Answers>): Known => ({
    ...known,
    answers: filled({ ...known, answers: { ...known.answers, ...answered } }),
  });
  return openParameters(known).map((parameter) => ({
    name: parameter.key,
    type: parameter.choices ? 'select' : parameter.placeholder ? 'input' : 'confirm',
    message: parameter.question,
    ...(parameter.choices && {
      choices: parameter.choices.filter(
        ({ value }) => verdict(parameter, value, known.answers) === true,
      ),
    }),
    default: (answered: Partial<Answers>) => parameter.default(after(answered)),
    when: (answered: Partial<Answers>) => applies(parameter, after(answered)),
    validate: (value: string, answered: Partial<Answers>) =>
      verdict(parameter, value, { ...known.answers, ...answered }),
  })) as DistinctQuestion[];
}

/**
 * All answers: the known ones in the form in which they are used, and defaults for the others.
 *
 * @throws Refusal for an answer that cannot be taken, and for one that is missing and has no
 *   default.
 */
export function complete(known: Known): Answers {
  const answers = filled(known);
  for (const { key, check } of parametersOf(known.generator)) {
    // What was given has been checked, and defaults are made to pass. Some answers have none.
    if (known.answers[key] === undefined && answers[key] === '') {
      check?.('', answers);
    }
  }
  return answers;
}

/** The same, where answers may still be missing. */
function filled(known: Known): Answers {
  const answers: Record<string, unknown> = {};
  for (const { key, check, default: fallback } of [
    ...parametersOf(known.generator),
    ...parameters,
  ]) {
    if (key in answers) {
      continue;
    }
    const value = known.answers[key];
    answers[key] =
      check && typeof value === 'string'
        ? check(value, answers)
        : (value ?? fallback({ ...known, answers }));
  }
  const { folder } = namesOf(String(answers.name));
  answers.destination = known.answers.destination ?? defaultDestination(known.generator, folder);
  return answers as unknown as Answers;
}

/** @param folder The folder that has the name of the extension. */
function defaultDestination(generator: GeneratorId, folder: string): string {
  switch (generator) {
    case 'app':
    case 'extension':
      return folder;
    case 'function-app':
      return `${folder}-app`;
    case 'use':
    case 'function':
      return '.';
  }
}

function applies(parameter: Parameter, known: Known): boolean {
  return isMeantFor(parameter, known.answers.language) && (parameter.applies?.(known) ?? true);
}

/** `true`, or the reason why an answer cannot be taken. */
function verdict({ check }: Parameter, value: string, answers: Partial<Answers>): true | string {
  try {
    check?.(value, answers);
    return true;
  } catch (error) {
    if (error instanceof Refusal) {
      return error.message;
    }
    throw error;
  }
}
