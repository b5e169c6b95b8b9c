import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageId } from '../languages/language.js';
import type { Templates } from '../templates/load.js';
import { sourcesBelow } from './recognise.js';

/** Lines that are shorter say little. */
const MIN_LENGTH = 12;

/**
 * The template from which an extension has been made, by lines of code that only that template has.
 *
 * @param folder The folder of the extension.
 * @returns The one with the least code, if there is no such line.
 */
export function templateIn(
  folder: string,
  language: LanguageId,
  templates: Templates,
): string | undefined {
  const ending = language === 'python' ? '.py' : '.ts';
  const lines = linesIn(sourcesBelow(folder, ending));
  const candidates = templates.templatesIn(language).map(({ id }) => ({
    id,
    lines: linesIn(
      templates
        .filesIn(`${language}/${id}/extension`)
        .filter(({ path }) => path.endsWith(ending))
        .map(({ source }) => readFileSync(join(templates.root, source), 'utf8'))
        .join('\n'),
    ),
  }));
  const scored = candidates.map((one) => {
    const others = candidates.filter((other) => other !== one);
    const own = [...one.lines].filter((line) => !others.some((other) => other.lines.has(line)));
    return { ...one, score: own.filter((line) => lines.has(line)).length };
  });
  const [best] = scored.sort((a, b) => b.score - a.score || a.lines.size - b.lines.size);
  return best?.id;
}

function linesIn(text: string): Set<string> {
  return new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length >= MIN_LENGTH),
  );
}
