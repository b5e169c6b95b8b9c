import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LanguageId, languageIds } from './languages/language.js';
import { versionOfPackage } from './package-root.js';
import { questionsOf } from './questions/flags.js';
import { Refusal } from './refusal.js';
import type { OutputFile } from './templates/emit.js';
import { isFields } from './templates/package-json.js';
import type { WorkerExtension } from './worker-extension.js';
import { requirementIn } from './writing/requirements-edits.js';

/** The file at the root of what is emitted that says from what it was made. */
export const RECORD = '.azfunc-extension.json';

/** The commands whose output has a record. */
export const recordedCommands = ['app', 'extension', 'function-app'] as const;

export type RecordedCommand = (typeof recordedCommands)[number];

/** From what a project was made: enough to make it again, and to tell what its owner has changed. */
export interface ProjectRecord {
  /** The version of this package that made it. */
  version: string;
  command: RecordedCommand;
  /** The year of the copyright notice. */
  year: number;
  /** Whether it is a member of an npm workspace around it. */
  member: boolean;
  /** Answers by key of the question: nothing that is secret, and no path of a machine. */
  answers: Readonly<Record<string, string | boolean>>;
  /** What an app that was made for an extension knows of it. */
  extension: RecordedExtension | undefined;
  /** The hash of each file as it was emitted, by its path. */
  files: Readonly<Record<string, string>>;
}

/** In Python, it also has where an extension beside the app is, which requirements.txt does not say. */
type RecordedExtension = Omit<WorkerExtension, 'dependency'> & { dependency?: string };

const ABOUT =
  'From what this project was generated, for npx generator-azfunc-extension :update. Keep it in git; it is not yours to edit.';

/** Answers that are about one run only, or that name what is on one machine. */
const UNRECORDED = new Set(['git', 'extension']);

/**
 * The files with a record of them.
 *
 * @param decision What was decided, by key of the question.
 */
export function withRecord(
  files: readonly OutputFile[],
  decision: Readonly<Record<string, unknown>>,
  {
    command,
    year,
    member,
    extension,
  }: Pick<ProjectRecord, 'command' | 'year' | 'member'> & { extension?: WorkerExtension },
): OutputFile[] {
  const { dependency, ...lasting } = extension ?? {};
  const record = recordFile({
    version: versionOfPackage(),
    command,
    year,
    member,
    answers: recordable(command, decision),
    extension: extension && {
      ...(lasting as RecordedExtension),
      ...(dependency?.startsWith('.') && { dependency }),
    },
    files: Object.fromEntries(files.map(({ path, contents }) => [path, hashOf(contents)])),
  });
  return [record, ...files];
}

/** Of what was decided, the answers that a record has. */
export function recordable(
  command: RecordedCommand,
  decision: Readonly<Record<string, unknown>>,
): ProjectRecord['answers'] {
  const answers = questionsOf(command)
    .map(({ key }) => [key, decision[key]])
    .filter(([key, value]) => value !== undefined && !UNRECORDED.has(String(key)));
  return Object.fromEntries(answers) as ProjectRecord['answers'];
}

/** A record as a file. */
export function recordFile({ files, extension, member, ...rest }: ProjectRecord): OutputFile {
  const inOrder = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const fields = {
    about: ABOUT,
    ...rest,
    ...(member && { member }),
    ...(extension && { extension }),
    files: Object.fromEntries(inOrder),
  };
  return { path: RECORD, contents: `${JSON.stringify(fields, null, 2)}\n` };
}

/**
 * The hash of a file's text: the beginning of the one by which git knows it, so that git can find the
 * text again. The line breaks are those that git keeps.
 */
export function hashOf(contents: string): string {
  const bytes = Buffer.from(contents.replaceAll('\r\n', '\n'));
  return createHash('sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex')
    .slice(0, 16);
}

/**
 * Reads the record of a project.
 *
 * @returns Nothing, if the folder has none.
 * @throws Refusal, if it has one that cannot be understood.
 */
export function readRecord(folder: string): ProjectRecord | undefined {
  const file = join(folder, RECORD);
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    return recordIn(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(
      `${file} cannot be read: ${(error as Error).message}. Take it from git as it was.`,
    );
  }
}

/**
 * The record in the text of its file.
 *
 * @throws Error that says what is wrong with it.
 */
export function recordIn(text: string): ProjectRecord {
  const json: unknown = JSON.parse(text);
  if (!isFields(json) || typeof json['version'] !== 'string') {
    throw new Error('it has no "version"');
  }
  const command = recordedCommands.find((one) => one === json['command']);
  if (command === undefined) {
    throw new Error(`its "command" is none of ${recordedCommands.join(', ')}`);
  }
  const { version, year, member, answers, extension, files } = json;
  if (!isFields(answers) || !Object.values(answers).every(isAnswer)) {
    throw new Error('its "answers" are not texts, true or false');
  }
  if (!isFields(files) || !Object.entries(files).every(isEntry)) {
    throw new Error('its "files" are not paths below this folder, each with a hash');
  }
  if (command === 'function-app' && !isFields(extension)) {
    throw new Error('it has no "extension"');
  }
  return {
    version,
    command,
    year: typeof year === 'number' ? year : new Date().getFullYear(),
    member: member === true,
    answers: answers as ProjectRecord['answers'],
    extension: isFields(extension)
      ? (extension as unknown as ProjectRecord['extension'])
      : undefined,
    files: files as ProjectRecord['files'],
  };
}

/**
 * The extension of an app that has been made for one, as the app depends on it now.
 *
 * @returns Nothing, if the app no longer depends on it.
 */
export function earlierExtension(
  record: ProjectRecord,
  folder: string,
): WorkerExtension | undefined {
  const { extension } = record;
  const manifest = join(folder, manifestOf(record));
  if (!extension || !existsSync(manifest)) {
    return undefined;
  }
  const dependency =
    languageOfRecord(record) === 'python'
      ? requirementFor(extension, readFileSync(manifest, 'utf8'))
      : (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).dependencies?.[
          extension.packageName
        ];
  return dependency === undefined
    ? undefined
    : {
        ...extension,
        dependency: dependency
          .replace(/^file:(.*)/, (_, path: string) => `file:${resolve(folder, path)}`)
          .replace(/^\.{1,2}\/.*/, (path) => resolve(folder, path)),
      };
}

interface Manifest {
  dependencies?: Record<string, string>;
}

/** The file that says what an app depends on. */
export function manifestOf(record: ProjectRecord): string {
  return languageOfRecord(record) === 'python' ? 'requirements.txt' : 'package.json';
}

/** The requirement that an app has, or where the extension is if that is its name only. */
function requirementFor(
  { packageName, dependency }: RecordedExtension,
  requirements: string,
): string | undefined {
  const requirement = requirementIn(requirements, packageName);
  return requirement === packageName ? (dependency ?? packageName) : requirement;
}

/** The language of a recorded project. */
export function languageOfRecord({ answers }: ProjectRecord): LanguageId {
  return languageIds.find((id) => id === answers['language']) ?? languageIds[0];
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

/** Nothing outside of the project may be written to. */
function isEntry([path, hash]: [string, unknown]): boolean {
  const parts = path.split('/');
  return (
    typeof hash === 'string' && !/[\\:\0]/.test(path) && !parts.some((one) => /^\.{0,2}$/.test(one))
  );
}
