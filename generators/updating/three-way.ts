import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../record.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { Favour, Path } from './merge-fields.js';
import { mergeJson } from './merge-json.js';
import { mergeLines } from './merge-lines.js';
import { mergeToml } from './merge-toml.js';
import type { OldOutput } from './old-output.js';

/** What becomes of a file. */
export type Fate =
  /** It is as the new output has it. */
  | 'same'
  /** The owner has changed it, and the generator has not. */
  | 'kept'
  /** Untouched by the owner. */
  | 'replaced'
  | 'merged'
  | 'conflict'
  | 'created'
  /** No longer made, and untouched by the owner. */
  | 'removed'
  /** No longer made, and changed by the owner. */
  | 'left'
  /** Deleted by the owner. */
  | 'deleted'
  /** Deleted by the owner, or called by another name, while the generator has changed it. */
  | 'missing'
  /** A tool that is replaced as a whole, and that the owner has changed. */
  | 'edited tool';

/** What becomes of one file, and why. */
export interface FileFate {
  /** Where it is in the new output. */
  path: string;
  /** Where it has been, if that is elsewhere. */
  movedFrom?: string | undefined;
  fate: Fate;
  /** The text to write; nothing, if it stays as it is. */
  contents?: string;
  /** Where the old output was found, for what has been merged; `unknown`, if it was not. */
  base?: string;
  /** Fields that both have changed. */
  fields?: string[];
}

/** A file in its three states, by its path in the new output. */
export interface ThreeStates {
  path: string;
  movedFrom: string | undefined;
  /** The hash of the old output, if it is known. */
  oldHash: string | undefined;
  /** Its path in the old output. */
  oldPath: string;
  /** The new output; nothing, if the file is no longer made. */
  theirs: string | undefined;
}

/** What a three-way merge goes by. */
export interface MergeContext {
  root: string;
  oldOutput: OldOutput;
  favour: Favour;
  /** Files that are not the owner's to edit. */
  tools: RegExp;
  /** What conflict markers call the new output. */
  version: string;
  system: System;
}

/** Decides what becomes of a file. */
export async function fateOf(states: ThreeStates, context: MergeContext): Promise<FileFate> {
  const { path, movedFrom, oldHash, theirs } = states;
  const { root, favour, tools } = context;
  const file = join(root, movedFrom ?? path);
  const about = { path, movedFrom };
  if (!existsSync(file)) {
    if (theirs !== undefined && oldHash === undefined) {
      return { ...about, fate: 'created', contents: theirs };
    }
    const isNews = theirs !== undefined && hashOf(theirs) !== oldHash;
    return { ...about, fate: isNews ? 'missing' : 'deleted' };
  }
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) {
    // Its owner has put it there. What it leads to may be anywhere.
    return { ...about, fate: 'kept' };
  }
  if (!stats.isFile()) {
    throw new Refusal(`${file} is in the way: it is no file. Move it, and try again.`);
  }
  const bytes = readFileSync(file);
  const raw = bytes.toString();
  const ours = raw.replaceAll('\r\n', '\n');
  const asOwner = (text: string) => (raw.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text);
  const moved = movedFrom === undefined ? {} : { contents: raw };
  const isUntouched = oldHash !== undefined && hashOf(ours) === oldHash;
  if (theirs === undefined) {
    return { ...about, fate: isUntouched ? 'removed' : 'left' };
  }
  if (ours === theirs) {
    return { ...about, fate: movedFrom === undefined ? 'same' : 'replaced', ...moved };
  }
  if (isUntouched) {
    return { ...about, fate: 'replaced', contents: asOwner(theirs) };
  }
  if (oldHash === hashOf(theirs)) {
    return { ...about, fate: 'kept', ...moved };
  }
  if (tools.test(path)) {
    // What is there may be of any version, where there is no record.
    return favour === 'theirs' || oldHash === undefined
      ? { ...about, fate: 'replaced', contents: asOwner(theirs) }
      : { ...about, fate: favour === 'ours' ? 'kept' : 'edited tool', ...moved };
  }
  if (!isUtf8(bytes)) {
    return { ...about, fate: 'conflict', fields: ['it is no text in UTF-8'], ...moved };
  }
  return { ...about, ...moved, ...(await merged(states, ours, theirs, asOwner, context)) };
}

async function merged(
  { path, oldPath, oldHash }: ThreeStates,
  ours: string,
  theirs: string,
  asOwner: (text: string) => string,
  { oldOutput, favour, version, system }: MergeContext,
): Promise<Pick<FileFate, 'fate' | 'contents' | 'base' | 'fields'>> {
  const old = await oldOutput(oldPath, oldHash);
  const base = old?.source ?? 'unknown';
  if (old?.contents === ours) {
    return { fate: 'replaced', contents: asOwner(theirs) };
  }
  if (old?.contents === theirs) {
    return { fate: 'kept' };
  }
  const byFields = await fieldsMerged(path, old?.contents, ours, theirs, favour);
  if (byFields) {
    const { text, conflicts } = byFields;
    // The values may be secrets.
    const show = (value: unknown) =>
      path.endsWith('local.settings.json') ? '' : `: the new value is ${JSON.stringify(value)}`;
    return {
      fate: conflicts.length > 0 ? 'conflict' : 'merged',
      contents: asOwner(text),
      base,
      fields: conflicts.map((one) => `${nameOf(one.path)}${show(one.theirs)}`),
    };
  }
  const { text, isConflict } = await mergeLines(
    old?.contents,
    ours,
    theirs,
    favour,
    version,
    system,
  );
  return { fate: isConflict ? 'conflict' : 'merged', contents: asOwner(text), base };
}

async function fieldsMerged(
  path: string,
  base: string | undefined,
  ours: string,
  theirs: string,
  favour: Favour,
) {
  if (/\.jsonc?$/.test(path)) {
    return mergeJson(path, base, ours, theirs, favour);
  }
  if (path.endsWith('.toml')) {
    return mergeToml(base, ours, theirs, favour);
  }
  return undefined;
}

/** `exports["."].types` */
function nameOf(path: Path): string {
  const [first = '', ...rest] = path;
  return (
    String(first) +
    rest
      .map((one) => (/^[\w:-]+$/.test(String(one)) ? `.${one}` : `[${JSON.stringify(one)}]`))
      .join('')
  );
}
