import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.js';
import { newFolder } from './folders.js';
import { run } from './processes.js';

/** Holds a generated project against our own rules for format and lint. */
export async function checkStyle(folder: string): Promise<void> {
  await check(folder, ['prettier', '--check'], ['oxlint', '--deny-warnings']);
}

/** The same for one that has nothing to lint. */
export async function checkFormat(folder: string): Promise<void> {
  await check(folder, ['prettier', '--check']);
}

async function check(folder: string, ...tools: [name: string, option: string][]): Promise<void> {
  const copy = newFolder('style');
  cpSync(folder, copy, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist|build|package-lock\.json)$/.test(path),
  });
  cpSync(join(root, '.prettierrc.json'), join(copy, '.prettierrc.json'));
  for (const [name, option] of tools) {
    const command = join(root, 'node_modules/.bin', name);
    const { failed, all } = await run(command, [option, '.'], { cwd: copy });
    if (failed) {
      throw new Error(all);
    }
  }
}
