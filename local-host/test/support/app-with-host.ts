import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../tools/support/files.js';
import { newFolder } from '../../../tools/support/folders.js';
import { builtHost } from '../../../tools/support/local-host.js';

/** An app of our own with the local host in it. */
export async function appWithHost(
  files: Record<string, string> = {},
  from = 'local-host/test/fixtures',
): Promise<string> {
  const app = newFolder('app');
  if (from) {
    cpSync(join(root, from), app, { recursive: true });
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(app, path, '..'), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  copyFileSync(builtHost, join(app, 'local-host.cjs'));
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'), 'junction');
  return app;
}
