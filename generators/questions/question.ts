import type { FoundApp } from '../found/app.js';
import type { FoundPythonApp, PythonApp } from '../found/python-app.js';
import type { Machine } from '../found/machine.js';
import { type LanguageId, languageIds } from '../languages/language.js';
import { quoted, Refusal } from '../refusal.js';
import type { Scope } from '../templates/layers.js';
import type { Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';

/** The commands, by the folder of the generator. The first is the main one. */
export const commandIds = [
  'app',
  'extension',
  'function-app',
  'use',
  'function',
  'publish',
  'update',
  'bridge',
] as const;

export type CommandId = (typeof commandIds)[number];

/** The languages in which there is a command. */
export const commandLanguages = {
  app: languageIds,
  extension: languageIds,
  'function-app': languageIds,
  use: languageIds,
  function: languageIds,
  publish: ['typescript'],
  update: languageIds,
  bridge: ['python'],
} as const satisfies Record<CommandId, readonly LanguageId[]>;

/** What a check can go by. */
export interface CheckContext {
  command: CommandId;
  language: LanguageId;
  templates: Templates;
  /** The answers so far, to the questions before. */
  answers: Answers;
}

/** What a question can go by. */
export interface Context extends CheckContext {
  machine: Machine;
  /** The app that exists, where the command is for one. */
  app?: FoundApp | undefined;
  /** The app in Python that exists, where the command is for one. */
  pythonApp?: FoundPythonApp | undefined;
  /** The same with its functions, for a command that adds something to them. */
  pythonFunctions?: PythonApp | undefined;
  /** The extensions that an app is to use, once they have been read. */
  extensions?: readonly WorkerExtension[] | undefined;
  /** The answers from which a project in the destination has been made, if there is one: the defaults. */
  recorded?: Readonly<Record<string, unknown>> | undefined;
}

/** The answers on which others depend. */
export interface Answers {
  language?: LanguageId;
  extension?: string;
  extensions?: readonly string[];
  removed?: readonly string[];
  template?: string;
  scope?: Scope;
  repository?: string;
  functionApp?: boolean;
  programmingModel?: string;
  trigger?: string;
}

/** One thing that a user can decide, by a flag or in answer to a question. */
export interface Question<
  Key extends string = string,
  Value = unknown,
  Command extends CommandId = CommandId,
  Language extends LanguageId = LanguageId,
> {
  readonly key: Key;
  readonly kind: 'choice' | 'text' | 'switch';
  readonly flag: string;
  /** Whether the flag can be given more than once. */
  readonly isRepeatable?: boolean;
  /** How the value is written in `--help`; a switch has none. */
  readonly placeholder?: string | undefined;
  /** For `--help`. */
  readonly help: string | ((templates: Templates) => string);
  /** What is asked; nothing, if there is only the flag. */
  readonly message?: string | undefined;
  /** Whether everybody is asked. Else the default is shown in a table, and asked for on request. */
  readonly isMain: boolean;
  readonly commands: readonly Command[];
  readonly languages: readonly Language[];
  /** What there is to choose from. */
  choices?(context: Context): readonly Choice[];
  /**
   * Turns a text into the form that is used.
   *
   * @throws Refusal, if it cannot be taken.
   */
  check(value: string, context: CheckContext): Value | Promise<Value>;
  /** The default. A text that is empty is checked like one that was typed. */
  fallback(context: Context): Value | Promise<Value>;
  /** Whether the default follows other answers, also after one of these has changed. */
  readonly follows?: boolean | undefined;
  /** Where the default comes from, as the table says it. */
  origin(context: Context): string;
  /** What an answer becomes, to be shown while it is typed; nothing, if it stays as it is. */
  preview?(value: string, context: Context): string | undefined;
  /** Whether to ask. */
  applies(context: Context): boolean;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

interface Common<Key, Command, Language> {
  readonly key: Key;
  readonly flag: string;
  readonly help: string | ((templates: Templates) => string);
  readonly message?: string;
  readonly isMain?: boolean;
  readonly commands: readonly Command[];
  readonly languages: readonly Language[];
  readonly follows?: boolean;
  applies?(context: Context): boolean;
  /** Default: `default`. */
  origin?(context: Context): string;
}

/** What holds for a question that does not say otherwise. */
const COMMON = { isMain: false, applies: () => true, origin: () => 'default' } as const;

/** A question that takes a text. */
export function text<
  const Key extends string,
  Command extends CommandId,
  Language extends LanguageId,
>(
  entry: Common<Key, Command, Language> & {
    readonly placeholder: string;
    check(value: string, context: CheckContext): string | Promise<string>;
    fallback(context: Context): string | Promise<string>;
    preview?(value: string, context: Context): string | undefined;
  },
): Question<Key, string, Command, Language> {
  return { ...COMMON, ...entry, kind: 'text' };
}

/** A question that takes a text, whose flag can be given more than once. */
export function texts<
  const Key extends string,
  Command extends CommandId,
  Language extends LanguageId,
>(
  entry: Common<Key, Command, Language> & {
    readonly placeholder: string;
    check(value: string, context: CheckContext): string | Promise<string>;
    /** Nothing, if there has to be one. */
    fallback(context: Context): readonly string[];
  },
): Question<Key, readonly string[], Command, Language> {
  return {
    ...COMMON,
    ...entry,
    kind: 'text',
    isRepeatable: true,
    check: async (value, context) => [await entry.check(value, context)],
  };
}

/** A question that takes one of some values. The first is the default, unless there is another one. */
export function choice<
  const Key extends string,
  const Value extends string,
  Command extends CommandId,
  Language extends LanguageId,
>(
  entry: Common<Key, Command, Language> & {
    readonly placeholder: string;
    /** The values, and how they are shown. */
    readonly values: Readonly<Record<Value, string>>;
    /** What is said of another value: `A scope is app or function`. */
    readonly refusal: string;
    fallback(context: Context): NoInfer<Value> | Promise<NoInfer<Value>>;
  },
): Question<Key, Value, Command, Language> {
  const choices = Object.entries<string>(entry.values).map(([value, name]) => ({ name, value }));
  const isValue = (value: string): value is Value => Object.hasOwn(entry.values, value);
  return {
    ...COMMON,
    ...entry,
    kind: 'choice',
    choices: () => choices,
    check: (value) => {
      if (!isValue(value)) {
        throw new Refusal(`${entry.refusal}, not ${quoted(value)}.`);
      }
      return value;
    },
  };
}

/** A question that is answered by yes or no. */
export function onOff<
  const Key extends string,
  Command extends CommandId,
  Language extends LanguageId,
>(
  entry: Common<Key, Command, Language> & { fallback(context: Context): boolean },
): Question<Key, boolean, Command, Language> {
  return { ...COMMON, ...entry, kind: 'switch', check: (value) => value === 'true' };
}
