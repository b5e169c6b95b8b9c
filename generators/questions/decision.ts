import type { LanguageId } from '../languages/language.js';
import type { CommandId, commandLanguages, Question } from './question.js';
import type { questions } from './questions.js';

/*
 * The types of what is decided. They follow from the questions: which there are for a command in a
 * language, and what values each takes.
 */

type Entry = (typeof questions)[number];

/** The questions of a command in a language. */
type EntryOf<Command extends CommandId, Language extends LanguageId> = Entry extends infer One
  ? One extends Question<string, infer _, infer Commands, infer Languages>
    ? Command extends Commands
      ? Language extends Languages
        ? One
        : never
      : never
    : never
  : never;

type KeyOf<One> = One extends { key: infer Key extends string } ? Key : never;

type ValueOf<One> = One extends { check(...parameters: never[]): infer Value }
  ? Awaited<Value>
  : never;

/** Everything that is decided for a command in a language. Each value has passed its check. */
export type DecisionIn<Command extends CommandId, Language extends LanguageId> = {
  readonly [Key in Exclude<KeyOf<EntryOf<Command, Language>>, 'language'>]: ValueOf<
    Extract<EntryOf<Command, Language>, { key: Key }>
  >;
} & {
  readonly language: Language;
  /** Folder to write to, relative to the current one or absolute; never empty. */
  readonly destination: string;
};

type LanguageOf<Command extends CommandId> = (typeof commandLanguages)[Command][number];

/** Everything that is decided for a command. */
export type Decision<Command extends CommandId> = {
  [Language in LanguageOf<Command>]: DecisionIn<Command, Language>;
}[LanguageOf<Command>];

/** An app to be made for an extension that exists. */
export type AppAlone<Language extends LanguageId = LanguageId> = {
  [One in Language]: DecisionIn<'function-app', One>;
}[Language];

/** Something to be made, with what is decided for everything that is. */
export type Project<Language extends LanguageId = LanguageId> = {
  [One in Language]: Pick<
    DecisionIn<'function-app', One>,
    keyof DecisionIn<'function-app', One> & keyof DecisionIn<'extension', One>
  > &
    Partial<NewExtension<One>>;
}[Language];

/** An extension to be made, with or without an app that uses it. */
export type NewExtension<Language extends LanguageId = LanguageId> = {
  [One in Language]: DecisionIn<'extension', One> & Partial<DecisionIn<'app', One>>;
}[Language];
