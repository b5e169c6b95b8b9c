import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, relative } from 'node:path';
import { styleText } from 'node:util';
import { Refusal } from './core/refusal.js';
import type { OutputFile } from './core/render.js';
import type { Terminal } from './terminal.js';

interface Options {
  /** Whether files are overwritten without a question. */
  force: boolean;
  /** Whether to show what would be written, and to write nothing. */
  dryRun: boolean;
  /** The folder to which the paths that are shown are relative. */
  cwd: string;
  terminal: Terminal;
}

/**
 * Writes files with absolute paths. Before others are overwritten, Yeoman's conflicter asks.
 *
 * @throws Refusal, if one cannot be written. Then none is.
 */
export async function writeFiles(files: readonly OutputFile[], options: Options): Promise<void> {
  const { dryRun, cwd, terminal } = options;
  const isSimple = !dryRun && files.every(({ path, isEdit }) => isEdit || !existsSync(path));
  if (!isSimple) {
    commit(await chosen(files, options));
    return;
  }
  commit(files);
  const lines = files.map(({ path, isEdit }) => {
    const [color, status] = isEdit
      ? (['yellow', 'update'] as const)
      : (['green', 'create'] as const);
    // In Yeoman's form.
    const styled = styleText(color, status.padStart(9), { stream: process.stderr });
    return `${styled} ${relative(cwd, path)}`;
  });
  terminal.say(lines.join('\n'));
}

/** What a user can choose, without what Yeoman calls experimental. */
const ACTIONS = new Set<unknown>(['write', 'skip', 'force', 'diff', 'abort']);

/** The files that are to be written, by what is there and by what the user says. */
async function chosen(
  files: readonly OutputFile[],
  { force, dryRun, cwd, terminal }: Options,
): Promise<OutputFile[]> {
  const { Conflicter } = await import('@yeoman/conflicter');
  const conflicter = new Conflicter(await terminal.adapter(), {
    force,
    dryRun,
    cwd,
    customizeActions: (actions) =>
      actions.filter((one) => 'value' in one && ACTIONS.has(one.value)),
  });
  const result: OutputFile[] = [];
  for (const file of files) {
    const { conflicter: status } = await conflicter.checkForCollision({
      path: file.path,
      contents: Buffer.from(file.contents),
      // Nothing of the user's is lost by an edit, so there is nothing to ask.
      ...(file.isEdit && { conflicter: 'force' }),
    } as Parameters<typeof conflicter.checkForCollision>[0]);
    if (status === 'create' || status === 'force') {
      result.push(file);
    }
  }
  return result;
}

/** Puts all files beside where they belong, and only then in their places. */
function commit(files: readonly OutputFile[]): void {
  const staged = (path: string) => `${path}.${process.pid}.tmp`;
  const made: string[] = [];
  try {
    for (const { path, contents } of files) {
      const folder = mkdirSync(dirname(path), { recursive: true });
      made.push(...(folder === undefined ? [] : [folder]), staged(path));
      writeFileSync(staged(path), contents);
      if (existsSync(path)) {
        chmodSync(staged(path), statSync(path).mode);
      }
    }
  } catch (error) {
    for (const path of made.reverse()) {
      removeIfThere(path);
    }
    throw reasonOf(error);
  }
  for (const { path } of files) {
    renameSync(staged(path), path);
  }
}

/** Of the file system's reasons, what is true of the whole: a full disk, a path that is too long. */
function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error
    ? new Refusal(`Nothing was written. ${error.message.replace(/, \w+( '[^]*)?$/, '')}.`)
    : error;
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It could not be made either, as where its path is too long.
  }
}
