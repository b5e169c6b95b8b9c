import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse, type ParseError } from 'jsonc-parser';
import { quoted, Refusal } from '../refusal.js';
import type { OutputFile } from '../templates/emit.js';
import {
  type Change,
  changesBetween,
  type Fields,
  isFields,
  SORTED,
} from '../templates/package-json.js';
import { placeOf, valueAt, withField } from './json-edits.js';
import { withAttributes, withPatterns, withSections } from './merge-texts.js';

/** Fields that are the user's from the first version on. */
const KEPT: ReadonlySet<string> = new Set(['version', 'packageManager']);

/** What becomes of the files that are to be written where there are files already. */
export interface Merged {
  /** Files that replace what exists, if there is something. */
  files: OutputFile[];
  /** Files of the user's to which something is added, and from which nothing goes. */
  edits: OutputFile[];
  /** What the user has otherwise than it is emitted, and keeps: `package.json: scripts.test`. */
  kept: string[];
}

/**
 * Merges what is emitted with what exists, where that has a meaning.
 *
 * A package.json of the same name was emitted before, and follows the answers. In all else, what the user has stays as
 * it is, and what is missing is added.
 *
 * @throws Refusal, if a package would be given another name.
 */
export function mergedWithExisting(root: string, files: readonly OutputFile[]): Merged {
  const merged: Merged = { files: [], edits: [], kept: [] };
  for (const file of files) {
    const path = join(root, file.path);
    const existing = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    if (existing === undefined) {
      merged.files.push(file);
    } else if (
      posix.basename(file.path) === 'package.json' &&
      haveOneName(existing, file.contents)
    ) {
      merged.files.push({ ...file, contents: laidOver(existing, file.contents) });
    } else {
      const { contents, kept } = addedTo(file, existing, path);
      if (contents === undefined) {
        merged.files.push(file);
      } else {
        merged.edits.push(...(contents === existing ? [] : [{ ...file, contents }]));
        merged.kept.push(...kept.map((one) => `${file.path}: ${one}`));
      }
    }
  }
  return merged;
}

/** A file of the user's with what is emitted added to it; no contents, if the two cannot be merged. */
function addedTo(
  { path, contents }: OutputFile,
  existing: string,
  file: string,
): { contents?: string | undefined; kept: readonly string[] } {
  switch (posix.basename(path)) {
    case '.gitignore':
    case '.funcignore':
      return { contents: withPatterns(existing, contents), kept: [] };
    case '.gitattributes':
      return { contents: withAttributes(existing, contents), kept: [] };
    case '.editorconfig':
      return { contents: withSections(existing, contents), kept: [] };
    case 'package.json':
      refuseOtherName(existing, contents, file);
      return withMissing(existing, contents);
    case 'local.settings.json':
      // The user's may hold secrets.
      return { ...withMissing(existing, contents), kept: [] };
    default:
      return path.includes('.vscode/') ? withMissing(existing, contents) : { kept: [] };
  }
}

function haveOneName(existing: string, emitted: string): boolean {
  return valueAt(existing, ['name']) === valueAt(emitted, ['name']);
}

/** An extension is known by the name of its package, in all that is emitted. */
function refuseOtherName(existing: string, emitted: string, file: string): void {
  const own = valueAt(existing, ['name']);
  const { name, workerExtension } = JSON.parse(emitted) as Fields;
  if (workerExtension !== undefined && own !== undefined && own !== name) {
    throw new Refusal(
      `${file} is that of the package ${quoted(String(own))}, which would be renamed. Choose another folder for ${String(name)}.`,
    );
  }
}

/** JSON of the user's, with what it lacks. */
function withMissing(
  existing: string,
  emitted: string,
): { contents?: string | undefined; kept: readonly string[] } {
  const own = parsed(existing);
  if (!isFields(own)) {
    return { kept: [] };
  }
  const { missing, kept } = compared(own, parsed(emitted) as Fields);
  return { contents: missing.reduce(applied, existing), kept };
}

/** What of some JSON is missing in the user's, and where the user's has something else. */
function compared(
  own: Fields,
  emitted: Fields,
  path: string[] = [],
): { missing: Change[]; kept: string[] } {
  const missing: Change[] = [];
  const kept: string[] = [];
  for (const [key, value] of Object.entries(emitted)) {
    const at = [...path, key];
    const there = Object.hasOwn(own, key) ? own[key] : undefined;
    if (there === undefined) {
      missing.push({ path: at, value });
    } else if (isFields(there) && isFields(value)) {
      const below = compared(there, value, at);
      missing.push(...below.missing);
      kept.push(...below.kept);
    } else if (Array.isArray(there) && Array.isArray(value)) {
      const names = new Set(there.map(nameOf));
      const items = value.filter((item) => !names.has(nameOf(item)));
      missing.push(...items.map((item: unknown) => ({ path: [...at, -1], value: item })));
    } else if (JSON.stringify(there) !== JSON.stringify(value)) {
      kept.push(at.join('.'));
    }
  }
  return { missing, kept };
}

/** By what an item of a list is known: a task by its label, a launch configuration by its name. */
function nameOf(item: unknown): unknown {
  return isFields(item)
    ? (item['label'] ?? item['name'] ?? item['id'] ?? JSON.stringify(item))
    : item;
}

function applied(text: string, { path, value }: Change): string {
  const [list, name] = path.map(String);
  const isDependency = path.length === 2 && list !== undefined && SORTED.has(list);
  return withField(text, path, value, isDependency ? placeOf(`${name}`) : undefined);
}

/**
 * Lays what is emitted over a package.json that was emitted before, which keeps its own fields and its format.
 *
 * @returns The user's text, if it has all that is emitted; what is emitted, if the user's is no JSON.
 */
export function laidOver(existing: string, emitted: string): string {
  const own = parsed(existing);
  return isFields(own)
    ? changesBetween(own, JSON.parse(emitted) as Fields, KEPT).reduce(applied, existing)
    : emitted;
}

/** Reads JSON as the tools do: with comments, trailing commas and a byte order mark. */
function parsed(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}
