import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conflicter } from '@yeoman/conflicter';
import type { Switches } from '../questions/switches.js';
import type { System } from '../system.js';
import { RECORD } from '../record.js';
import type { OutputFile } from '../templates/emit.js';

/** What a user can choose, without what Yeoman calls experimental. */
const ACTIONS = new Set<unknown>(['write', 'skip', 'force', 'diff', 'abort']);

/** It may hold secrets, so its differences are not shown. */
const SECRET = /(^|\/)local\.settings\.json$/;

/** Whether it is another record than the one that exists: there is nothing to be asked about. */
function isOtherRecord(root: string, { path, contents }: OutputFile): boolean {
  const file = join(root, path);
  return path === RECORD && existsSync(file) && readFileSync(file, 'utf8') !== contents;
}

/** The files that are to be written, by what exists and by what the user says. */
export async function confirmed(
  root: string,
  files: readonly OutputFile[],
  edits: readonly OutputFile[],
  { force, dryRun }: Switches,
  { cwd, terminal }: System,
): Promise<OutputFile[]> {
  const conflicter = new Conflicter(await terminal.adapter(), {
    // With it, nothing would be compared and shown.
    force: force && !dryRun,
    dryRun,
    cwd,
    customizeActions: (actions) =>
      actions.filter((one) => 'value' in one && ACTIONS.has(one.value)),
  });
  const isConfirmed = async ({ path, contents }: OutputFile, isEdit: boolean) => {
    const { conflicter: status } = await conflicter.checkForCollision({
      path: join(root, path),
      contents: Buffer.from(contents),
      // Nothing of the user's is lost by an edit, so there is nothing to ask.
      ...(isEdit && !(dryRun && !SECRET.test(path)) && { conflicter: 'force' }),
    } as Parameters<typeof conflicter.checkForCollision>[0]);
    return status === 'create' || status === 'force';
  };
  const result: OutputFile[] = [];
  for (const file of files) {
    result.push(...((await isConfirmed(file, isOtherRecord(root, file))) ? [file] : []));
  }
  for (const file of edits) {
    result.push(...((await isConfirmed(file, true)) ? [file] : []));
  }
  return result;
}
