import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';

export type Language = 'typescript' | 'javascript';

/**
 * An app that is not ours: laid out as `func init` and `func new` do it, see test/fixtures/func-init.
 *
 * @param changes Fields of package.json to replace.
 */
export function foreignApp(language: Language, changes: object = {}): string {
  const folder = newFolder('app');
  cpSync(join(root, 'test/fixtures/func-init', language), folder, { recursive: true });
  writeJson(join(folder, 'package.json'), { ...readJson(folder, 'package.json'), ...changes });
  return folder;
}
