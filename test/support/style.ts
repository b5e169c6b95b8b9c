import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { run } from '../../tools/support/processes.js';

/** Checks that a generated project is as its own package.json lets Prettier format it, and free of lint. */
export async function checkStyle(folder: string): Promise<void> {
  await check(copyOf(folder), ['prettier', '--check'], ['oxlint', '--deny-warnings']);
}

/** Checks the Markdown, JSON and YAML of a project without npm, by our own rules. */
export async function checkFormat(folder: string): Promise<void> {
  const copy = copyOf(folder);
  cpSync(join(root, '.prettierrc.json'), join(copy, '.prettierrc.json'));
  await check(copy, ['prettier', '--check']);
}

/** A copy of what belongs to the author: not what is installed, built, or replaced by `:update`. */
function copyOf(folder: string): string {
  const copy = newFolder('style');
  cpSync(folder, copy, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist|package-lock\.json|local-host\.\w+)$/.test(path),
  });
  return copy;
}

async function check(folder: string, ...tools: [name: string, option: string][]): Promise<void> {
  for (const [name, option] of tools) {
    const command = join(root, 'node_modules/.bin', name);
    const { failed, all } = await run(command, [option, '.'], { cwd: folder });
    if (failed) {
      throw new Error(all);
    }
  }
}
