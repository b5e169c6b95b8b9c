import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Expectation } from '../../generators/templates/load.js';
import { filesIn, read, readJson, root } from '../../tools/support/files.js';
import { golden } from '../../tools/golden/golden.js';

export type Language = 'typescript' | 'python';

/** What tests need of a template.json. */
export interface Template {
  id: string;
  summary: string;
  default?: boolean;
  name: string;
  names: Record<string, string>;
  expect: (Partial<Expectation> & { status: number })[];
}

/** The templates of a language, as they are on disk, with the default first. */
export function templatesOf(language: Language): Template[] {
  const folder = join(root, 'templates', language);
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, 'template.json')))
    .map((id) => ({ id, ...readJson(folder, id, 'template.json') }) as Template)
    .sort(
      (a, b) => Number(b.default ?? false) - Number(a.default ?? false) || (a.id < b.id ? -1 : 1),
    );
}

/** The files of an output in golden/, as they are emitted. */
export function goldenFiles(name: string, below = ''): string[] {
  return filesIn(join(golden, name, below))
    .map((file) => file.replace(/(^|\/)_gitignore$/, '$1.gitignore'))
    .sort();
}

/** The text of a file of an output in golden/. */
export function goldenText(name: string, file: string): string {
  return read(golden, name, file.replace(/(^|\/)\.gitignore$/, '$1_gitignore'));
}
