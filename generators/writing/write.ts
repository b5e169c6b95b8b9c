import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { styleText } from 'node:util';
import type { Plan } from '../commands/plan.js';
import { exists } from '../found/folders.js';
import type { Switches } from '../questions/switches.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { OutputFile } from '../templates/emit.js';
import { refuseObstacles, refuseOverwriting } from './obstacles.js';

/**
 * Writes all files of a plan, or none if one of them cannot be. Before others are overwritten, Yeoman's
 * conflicter asks.
 *
 * @throws Refusal that names the obstacle.
 */
export async function write(
  { root, files, edits, removals = [], isWhole = false }: Plan,
  switches: Switches,
  system: System,
): Promise<void> {
  if (exists(root)) {
    refuseObstacles(root, files);
  }
  refuseObstacles(root, edits);
  const going = switches.dryRun ? [] : removals.filter((path) => exists(join(root, path)));
  // In this order: each is looked at, so that a path that is too long is refused.
  const isNew = files.every(({ path }) => !exists(join(root, path)));
  if (isNew && !switches.dryRun) {
    commit(root, [...files, ...edits], { removals: going });
    say(root, files, edits, removals, switches, system);
    return;
  }
  const { mergedWithExisting } = await import('./merge.js');
  const merged = mergedWithExisting(root, files);
  // Without a terminal, nobody could be asked before a file is overwritten.
  if (!system.terminal.isInteractive() && !switches.force && !switches.dryRun) {
    refuseOverwriting(root, merged.files);
  }
  const { confirmed } = await import('./conflicts.js');
  const taken = await confirmed(root, merged.files, [], switches, system);
  const declined = merged.files.filter((file) => !taken.includes(file));
  if (isWhole && declined.length > 0 && !switches.dryRun) {
    const paths = declined.map(({ path }) => path).join(' and ');
    throw new Refusal(`Nothing has changed, since ${paths} is to stay as it is.`);
  }
  const changes = [...merged.edits, ...edits];
  const chosen = [...taken, ...(await confirmed(root, [], changes, switches, system))];
  if (merged.kept.length > 0) {
    system.terminal.say(`\nKept as you have it: ${merged.kept.join(', ')}.`);
  }
  if (chosen.length + going.length > 0) {
    commit(root, chosen, { removals: going });
  }
}

/** What changes beside the files that are written. */
interface OtherChanges {
  removals?: readonly string[];
  moves?: readonly (readonly [from: string, to: string])[];
}

/** Says what has been written, in Yeoman's form: how many files in each folder, or each of them. */
function say(
  root: string,
  files: readonly OutputFile[],
  edits: readonly OutputFile[],
  removals: readonly string[],
  { verbose }: Switches,
  { cwd, terminal }: System,
): void {
  const line = (color: 'green' | 'yellow' | 'red', status: string, path: string) => {
    const styled = styleText(color, status.padStart(9), { stream: process.stderr });
    return `${styled} ${path}`;
  };
  const shown = (path: string) => relative(cwd, join(root, path));
  const created = verbose
    ? files.map((file) => line('green', 'create', shown(file.path)))
    : [...byFolder(files)].map(([folder, [path = '', ...others]]) =>
        line(
          'green',
          'create',
          others.length === 0
            ? shown(path)
            : `${shown(folder) || '.'}${sep} (${others.length + 1} files)`,
        ),
      );
  const lines = [
    ...created,
    ...edits.map(({ path }) => line('yellow', 'update', shown(path))),
    ...removals.map((path) => line('red', 'delete', shown(path))),
  ];
  if (lines.length > 0) {
    terminal.say(lines.join('\n'));
  }
}

/** The files in each folder of the root, with all below it, and in the root itself. */
function byFolder(files: readonly OutputFile[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const { path } of files) {
    const [first = ''] = dirname(path).split('/');
    const folder = first === '..' ? dirname(path) : first;
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return folders;
}

/**
 * Puts all files beside where they belong, and only then in their places. Nothing has changed if something
 * fails.
 *
 * @param others Files that go, or move, at the same time.
 */
export function commit(
  root: string,
  files: readonly OutputFile[],
  { removals = [], moves: renamed = [] }: OtherChanges = {},
): void {
  /** What has to be moved to where. */
  const moves: [from: string, to: string][] = [];
  /** What is to be removed again if something fails. */
  const made: string[] = [];
  /** What was in the way of a move, and where it is until all has gone well. */
  const replaced: [file: string, backup: string][] = [];
  /** What has been moved. */
  const moved: [from: string, to: string][] = [];
  // Not by `recursive`, with which Node.js never comes back from a file system like /proc.
  const makeFolder = (folder: string) => {
    if (!existsSync(folder)) {
      makeFolder(dirname(folder));
      mkdirSync(folder);
      made.push(folder);
    }
  };
  const temporary = (path: string) => `${path}.${process.pid}.tmp`;
  const setAside = (file: string) => {
    const backup = `${file}.${process.pid}.old.tmp`;
    renameSync(file, backup);
    replaced.push([file, backup]);
  };
  try {
    const isInside = ({ path }: OutputFile) => !path.startsWith('../');
    const isNew = !exists(root);
    if (isNew) {
      // A folder that is new is written under another name, and moved as a whole.
      const staged = join(dirname(root), `.azfunc-extension.${process.pid}.tmp`);
      makeFolder(staged);
      for (const { path, contents } of files.filter(isInside)) {
        const file = join(staged, path);
        makeFolder(dirname(file));
        writeFileSync(file, contents);
      }
      moves.push([staged, root]);
    }
    for (const { path, contents } of files.filter((file) => !isNew || !isInside(file))) {
      const file = join(root, path);
      makeFolder(dirname(file));
      const staged = temporary(file);
      made.push(staged);
      writeFileSync(staged, contents);
      if (existsSync(file)) {
        chmodSync(staged, statSync(file).mode);
      }
      moves.push([staged, file]);
    }
    for (const [from, to] of renamed) {
      makeFolder(dirname(join(root, to)));
      moves.push([join(root, from), join(root, to)]);
    }
    for (const path of removals) {
      setAside(join(root, path));
    }
    for (const [from, to] of moves) {
      if (exists(to)) {
        setAside(to);
      }
      renameSync(from, to);
      moved.push([from, to]);
    }
  } catch (error) {
    for (const [from, to] of [...moved].reverse()) {
      renameSync(to, from);
    }
    for (const [file, backup] of replaced) {
      renameSync(backup, file);
    }
    for (const path of made.reverse()) {
      removeIfPossible(path);
    }
    throw reasonOf(error);
  }
  for (const [, backup] of replaced) {
    removeIfPossible(backup);
  }
  for (const path of [...removals, ...renamed.map(([from]) => from)]) {
    removeEmpty(root, dirname(join(root, path)));
  }
}

/** Removes a folder in which nothing is left, and those above it. */
function removeEmpty(root: string, folder: string): void {
  if (folder !== root && existsSync(folder) && readdirSync(folder).length === 0) {
    rmdirSync(folder);
    removeEmpty(root, dirname(folder));
  }
}

/** Of the file system's reasons, what is true of the whole: a full disk, a path that is too long. */
function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error
    ? new Refusal(`Nothing was written. ${error.message.replace(/, \w+( '[^]*)?$/, '')}.`)
    : error;
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It could not be made either, as where its path is too long.
  }
}
