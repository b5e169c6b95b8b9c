import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { workspace } from '../../tools/support/generated.js';
import { npm } from '../../tools/support/processes.js';

let built: Promise<string> | undefined;

function builtWorkspace(): Promise<string> {
  built ??= workspace('app').then(async (folder) => {
    await npm(['run', 'build'], folder);
    return folder;
  });
  return built;
}

/** An app of our own with the local host of a generated one. */
export async function appWithHost(
  files: Record<string, string> = {},
  from = 'test/fixtures/app',
): Promise<string> {
  const generated = await builtWorkspace();
  const app = newFolder('app');
  if (from) {
    cpSync(join(root, from), app, { recursive: true });
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(app, path, '..'), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  cpSync(join(generated, 'function-app/dist/local-host'), join(app, 'dist/local-host'), {
    recursive: true,
  });
  writeFileSync(join(app, 'dist/package.json'), '{"type":"commonjs"}');
  symlinkSync(join(generated, 'node_modules'), join(app, 'node_modules'), 'junction');
  return app;
}
