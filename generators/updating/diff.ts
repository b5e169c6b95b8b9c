import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { System } from '../system.js';
import { inTemporaryFolder } from '../found/temporary.js';

/** What an update writes. */
export interface Changes {
  files: { path: string; contents: string }[];
  removals: string[];
  moves: readonly (readonly [from: string, to: string])[];
}

/** It holds the secrets of a machine. */
const SECRET = /(^|\/)local\.settings\.json$/;

/** What an update would change, as `git diff` shows it; empty for nothing. */
export async function diffOf(
  root: string,
  { files, removals, moves }: Changes,
  { processes }: System,
): Promise<string> {
  return inTemporaryFolder(async (folder) => {
    const put = (side: 'a' | 'b', path: string, contents: string | Buffer) => {
      const file = join(folder, side, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents);
    };
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    const shown = files.filter(({ path }) => !SECRET.test(path));
    for (const { path, contents } of shown) {
      put('b', path, contents);
      if (existsSync(join(root, path))) {
        put('a', path, readFileSync(join(root, path)));
      }
    }
    for (const path of removals) {
      put('a', path, readFileSync(join(root, path)));
    }
    for (const [from, to] of moves) {
      put('a', from, readFileSync(join(root, from)));
      put('b', to, readFileSync(join(root, from)));
    }
    const { stdout } = await processes.git(
      ['diff', '--no-index', '--no-ext-diff', '--no-color', '--no-prefix', '-M', 'a', 'b'],
      folder,
    );
    const hidden = files.filter(({ path }) => SECRET.test(path));
    return [
      stdout.trimEnd(),
      ...hidden.map(({ path }) => `${path} changes, too, and is not shown: it may hold secrets.`),
    ]
      .filter((part) => part !== '')
      .join('\n');
  });
}
