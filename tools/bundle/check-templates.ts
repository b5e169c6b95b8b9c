import { resolve } from 'node:path';
import { languageIds } from '../../generators/languages/language.js';
import { checkTemplates } from '../../generators/templates/check.js';
import { openTemplates } from '../../generators/templates/load.js';

/** What is wrong with the templates; nothing, if they are complete. */
export const problem = problemIn(resolve('templates'));

function problemIn(folder: string): string | undefined {
  try {
    checkTemplates(openTemplates(folder), languageIds);
    return undefined;
  } catch (error) {
    return `templates: ${(error as Error).message}`;
  }
}
