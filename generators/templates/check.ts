import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Layer, outputParts, scopes } from './layers.js';
import type { Template, Templates } from './load.js';
import { rulesFor } from './substitute.js';

const NO_NAMES = {
  class: '',
  stem: '',
  file: '',
  package: '',
  module: '',
  function: '',
  identifier: '',
};

/**
 * Looks at all of `templates/`, which a run does not: whether each folder is used, and whether each name
 * that is declared occurs. The build and the tests call it.
 *
 * @throws Error that names file and key of the first thing that is wrong.
 */
export function checkTemplates(templates: Templates, languages: readonly string[]): void {
  for (const language of languages) {
    const { names, scopes: byScope, layers, readmeParts, functions } =
      templates.layersOf(language);
    const all = templates.templatesIn(language);
    const everything = [...outputParts.flatMap((part) => layers[part]), ...readmeParts];
    refuseUnusedFolders(templates, language, everything, functions);
    const shared = everything
      .filter(({ folder }) => !folder.includes('{template}'))
      .map(({ folder }) => folder);
    const owned = new Map(
      all.map((template) => [template, foldersOf(everything, template)] as const),
    );
    for (const [template, folders] of owned) {
      const file = `${language}/${template.id}/template.json`;
      for (const name of ['extension', 'app', 'readme']) {
        if (!folders.some((folder) => folder.endsWith(`/${template.id}/${name}`))) {
          throw new Error(`layers.json: the folder ${name} of the templates is not used`);
        }
      }
      if (template.expect.length === 0) {
        throw new Error(`${file}: expect has nothing that shows that it works`);
      }
      refuseAbsent(templates, template.names, [...folders, ...shared], `${file}: names`);
    }
    const everywhere = [...shared, ...[...owned.values()].flat(), ...(functions ? [functions] : [])];
    refuseAbsent(templates, names, everywhere, `layers.json: languages.${language}.names`);
    for (const scope of scopes) {
      const key = `layers.json: languages.${language}.scopes.${scope}.names`;
      refuseAbsent(templates, byScope[scope], everywhere, key);
    }
  }
}

function foldersOf(layers: readonly Layer[], { id }: Template): string[] {
  return layers
    .filter(({ folder }) => folder.includes('{template}'))
    .map(({ folder }) => folder.replace('{template}', id));
}

/** A folder of a language is a template, or layers.json names it or one below it. */
function refuseUnusedFolders(
  templates: Templates,
  language: string,
  layers: readonly Layer[],
  functions: string | undefined,
): void {
  const used = [...layers.map(({ folder }) => folder), ...(functions ? [functions] : [])];
  for (const folder of used.filter((one) => !one.includes('{template}'))) {
    templates.filesIn(folder);
  }
  const ids = templates.templatesIn(language).map(({ id }) => id);
  for (const entry of readdirSync(join(templates.root, language), { withFileTypes: true })) {
    const folder = `${language}/${entry.name}`;
    const isUsed =
      !entry.isDirectory() ||
      entry.name === 'node_modules' ||
      ids.includes(entry.name) ||
      used.some((one) => one === folder || one.startsWith(`${folder}/`));
    if (!isUsed) {
      throw new Error(`${folder} has no template.json, and layers.json does not name it`);
    }
  }
}

/** @param key Where the names are declared, for errors. */
function refuseAbsent(
  templates: Templates,
  declared: Readonly<Record<string, string>>,
  folders: readonly string[],
  key: string,
): void {
  const sources = [...new Set(folders)].flatMap((folder) => templates.filesIn(folder));
  const texts = sources.flatMap((file) => [file.path, templates.textOf(file)]).join('\n');
  for (const [name, pattern] of Object.entries(declared)) {
    const rules = rulesFor({ [name]: pattern }, NO_NAMES, (one) => one);
    if (!rules.some(({ from }) => texts.includes(from))) {
      throw new Error(`${key}.${name} occurs in no file`);
    }
  }
}
