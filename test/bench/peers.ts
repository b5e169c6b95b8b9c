import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { npm, pack } from '../support/processes.js';
import { temporary } from '../support/setup.js';

/** Where this package, as it is published, and those that it is compared with are installed. */
export interface Peers {
  /** The folder with their `node_modules`. */
  folder: string;
  /** Our tarball. */
  tarball: string;
}

/** Installs the peers, and a generator that does nothing. */
export async function installPeers(): Promise<Peers> {
  // As root, yo becomes another user, who has to get at everything that it needs.
  chmodSync(temporary, 0o755);
  const folder = newFolder('peers');
  chmodSync(folder, 0o755);
  const { file } = await pack(root, folder, '--ignore-scripts');
  await npm(
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      'yo@7',
      'create-vite',
      'generator-code',
      file,
    ],
    folder,
  );
  const empty = join(folder, 'node_modules/generator-empty');
  mkdirSync(join(empty, 'generators/app'), { recursive: true });
  writeFileSync(
    join(empty, 'package.json'),
    JSON.stringify({ name: 'generator-empty', version: '1.0.0', type: 'module' }),
  );
  writeFileSync(
    join(empty, 'generators/app/index.js'),
    "import Generator from 'yeoman-generator';\nexport default class extends Generator {\n  writing() {}\n}\n",
  );
  return { folder, tarball: file };
}
