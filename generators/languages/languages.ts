import type { Language, LanguageId } from './language.js';
import { python } from './python.js';
import { typescript } from './typescript.js';

/** All languages. A new one is an entry here and in {@link LanguageId}, a file and a folder of templates. */
export const languages: { readonly [Id in LanguageId]: Language<Id> } = { typescript, python };

/** The language of something that is being made. */
export function languageOf({ language }: { language: LanguageId }): Language<LanguageId> {
  return languages[language];
}
