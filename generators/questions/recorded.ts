import { resolve } from 'node:path';
import type { LanguageId } from '../languages/language.js';
import { languageOfRecord, type ProjectRecord, readRecord } from '../record.js';
import type { System } from '../system.js';
import type { Templates } from '../templates/load.js';
import { type Given, questionsOf, type Typed } from './flags.js';
import type { Answers, CommandId } from './question.js';

/** The record of a project in the destination that the command makes, too. */
export function recordOf(
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
export function hereAgain(
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
