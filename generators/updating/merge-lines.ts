import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { Favour } from './merge-fields.js';
import { inTemporaryFolder } from '../found/temporary.js';

/**
 * Merges text line by line, with git.
 *
 * @param base The old output. `undefined`, if it is unknown: then every line that differs is a conflict.
 * @param version What the conflict markers call the new output.
 * @throws Refusal, if there is no git.
 */
export async function mergeLines(
  base: string | undefined,
  ours: string,
  theirs: string,
  favour: Favour,
  version: string,
  { processes }: System,
): Promise<{ text: string; isConflict: boolean }> {
  return inTemporaryFolder(async (folder) => {
    const texts = { ours, base: base ?? '', theirs };
    for (const [name, text] of Object.entries(texts)) {
      writeFileSync(join(folder, name), text);
    }
    const labels = ['yours', 'as it was generated', version].flatMap((label) => ['-L', label]);
    const decided = favour === undefined ? [] : [`--${favour}`];
    const { status, stdout, stderr } = await processes.git(
      ['merge-file', '-p', ...decided, ...labels, ...Object.keys(texts)],
      folder,
    );
    if (status === 'missing') {
      throw new Refusal('There is no git on the PATH, which is needed to merge.');
    }
    // git ends with the number of conflicts, and with an error for an error.
    if (status !== 'done' && !/^<{7} yours$/m.test(stdout)) {
      throw new Refusal(`git merge-file has failed: ${stderr.trim() || 'without a reason'}`);
    }
    return { text: stdout, isConflict: status !== 'done' };
  });
}
