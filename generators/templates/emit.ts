import { posix } from 'node:path';
import { isDeviceName } from '../file-names.js';
import { type Facts, foldersFor, type OutputPart, type Scope } from './layers.js';
import type { SourceFile, Template, Templates } from './load.js';
import { applyChanges, changesBetween, type Fields, formatted } from './package-json.js';
import { render } from './render.js';
import type { Segmenter } from './segments.js';
import {
  type OutputNames,
  type Rule,
  rulesFor,
  substitute,
  substituteInPath,
} from './substitute.js';

/** A file to write. */
export interface OutputFile {
  /** Path with forward slashes, relative to what it is a part of. */
  path: string;
  contents: string;
  /** Where it is in the templates, below its part: the same for every name that is chosen. */
  origin?: string;
}

/** What a language says about its source code. */
export interface Code {
  /** Files in which names are substituted, and nothing is rendered. */
  readonly files: RegExp;
  readonly segments: Segmenter;
  /** How a function is called in code: `http-trigger` -> `httpTrigger`. */
  toIdentifier(functionName: string): string;
}

/** What an output is made from. */
export interface Recipe {
  templates: Templates;
  language: string;
  code: Code;
  /** None for an app whose extension exists. */
  template: Template | undefined;
  /** What is true of the whole output. */
  facts: Facts & { scope: Scope };
  names: OutputNames;
}

/**
 * The files of one part of the output.
 *
 * @param view What the documents can ask for.
 * @param lowest Files over which all layers are laid.
 */
export function emit(
  part: OutputPart,
  recipe: Recipe,
  view: object,
  lowest: readonly OutputFile[] = [],
): OutputFile[] {
  const { templates, code } = recipe;
  const complete = { ...view, part: readmeParts(recipe, view) };
  const textOf = ({ file, rules }: Source): string =>
    code.files.test(file.path)
      ? substitute(templates.textOf(file), rules, code.segments)
      : render(file.source, templates.textOf(file), complete);

  const files = new Map<string, () => OutputFile>(lowest.map((file) => [file.path, () => file]));
  for (const [path, sources] of sourcesByPath(part, recipe)) {
    const [last] = sources.slice(-1);
    if (last) {
      const isMerged = posix.basename(path) === 'package.json';
      files.set(path, () => ({
        path,
        contents: isMerged ? formatted(merged(sources.map(textOf))) : textOf(last),
        origin: last.file.path,
      }));
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file());
}

function merged(texts: readonly string[]): Fields {
  const [lowest = {}, ...others] = texts.map((text) => JSON.parse(text) as Fields);
  for (const upper of others) {
    applyChanges(lowest, changesBetween(lowest, upper));
  }
  return lowest;
}

/** A file of a layer, with what is substituted in it. */
interface Source {
  file: SourceFile;
  rules: readonly Rule[];
}

/** For each path of the output its sources, the lowest one first. */
function sourcesByPath(part: OutputPart, recipe: Recipe): Map<string, Source[]> {
  const { templates, language, template, facts } = recipe;
  const result = new Map<string, Source[]>();
  const rules = { own: substitutions(recipe, true), shared: substitutions(recipe, false) };
  const layers = templates.layersOf(language).layers[part];
  for (const { folder, isTemplate } of foldersFor(layers, facts, template?.id)) {
    for (const file of templates.filesIn(folder)) {
      const own = isTemplate ? rules.own : rules.shared;
      const path = outputPath(file.path, own);
      result.set(path, [...(result.get(path) ?? []), { file, rules: own }]);
    }
  }
  return result;
}

/**
 * What is substituted in source code.
 *
 * @param inTemplate Whether it is code of the template, as opposed to one that templates share.
 */
export function substitutions(recipe: Recipe, inTemplate: boolean): Rule[] {
  const { templates, language, template, facts, names, code } = recipe;
  const shared = templates.layersOf(language);
  const declared = {
    ...shared.names,
    ...(inTemplate && template?.names),
    ...shared.scopes[facts.scope],
  };
  return rulesFor(declared, names, code.toIdentifier);
}

/** Where the output of a file goes. npm would not pack a file that is called `.gitignore`. */
function outputPath(path: string, rules: readonly Rule[]): string {
  return substituteInPath(path, rules).replace(/(^|\/)_gitignore$/, '$1.gitignore');
}

/** What renders a part of a readme, or of another document. */
function readmeParts(
  { templates, language, template, facts }: Recipe,
  view: object,
): (name: string, fallback?: string) => string {
  const files = new Map<string, SourceFile>();
  const { readmeParts: layers } = templates.layersOf(language);
  for (const { folder } of foldersFor(layers, facts, template?.id)) {
    for (const file of templates.filesIn(folder)) {
      files.set(file.path, file);
    }
  }
  const part = (name: string, fallback?: string): string => {
    const file = files.get(name);
    if (!file && fallback === undefined) {
      throw new Error(`There is no part ${name}.`);
    }
    return (file ? render(file.source, templates.textOf(file), { ...view, part }) : `${fallback}`)
      .trimEnd();
  };
  return part;
}

/**
 * A recipe, with the name for the main file of the extension.
 *
 * @param fileNames Names without ending. The first is taken that every system takes and no other file in
 *   the folder has.
 */
export function recipeFor({
  fileNames: [first, ...others],
  ...rest
}: Omit<Recipe, 'names'> & {
  names: Omit<OutputNames, 'file'>;
  fileNames: readonly [string, ...string[]];
}): Recipe {
  const named = (file: string): Recipe => ({ ...rest, names: { ...rest.names, file } });
  const free = [first, ...others]
    .filter((file) => !isDeviceName(file))
    .map(named)
    .find(hasOneSourcePerFile);
  return free ?? named(first);
}

/** Whether no two files of the extension go to the same place. A layer above another one has the same file. */
function hasOneSourcePerFile(recipe: Recipe): boolean {
  if (!recipe.template) {
    return true;
  }
  const byPath = [...sourcesByPath('extension', recipe)];
  const paths = new Set(byPath.map(([path]) => path.toLowerCase()));
  return (
    paths.size === byPath.length &&
    byPath.every(([, sources]) => new Set(sources.map(({ file }) => file.path)).size === 1)
  );
}
