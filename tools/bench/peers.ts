import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, writeJson } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { npm, pack } from '../support/processes.js';
import { temporary } from '../support/environment.js';

/** Where this package, as it is published, and those that it is compared with are installed. */
export interface Peers {
  /** The folder of the packages. */
  modules: string;
  /** Our tarball. */
  tarball: string;
}

/** Installs the peers as users do, each with its own dependencies, and a generator that does nothing. */
export async function installPeers(): Promise<Peers> {
  // As root, yo becomes another user, who has to get at everything that it needs.
  chmodSync(temporary, 0o755);
  const prefix = newFolder('peers');
  chmodSync(prefix, 0o755);
  const { file: tarball } = await pack(root, prefix, '--ignore-scripts');
  const { file: empty } = await pack(emptyGenerator(), prefix);
  const packages = ['yo@7', 'create-vite', 'generator-code', tarball, empty];
  await npm(
    ['install', '--global', '--no-audit', '--no-fund', '--prefix', prefix, ...packages],
    prefix,
  );
  return { modules: join(prefix, 'lib/node_modules'), tarball };
}

function emptyGenerator(): string {
  const folder = newFolder('empty');
  mkdirSync(join(folder, 'generators/app'), { recursive: true });
  const { devDependencies } = readJson(root, 'package.json');
  const dependencies = Object.fromEntries(
    ['yeoman-generator', '@yeoman/types', 'mem-fs'].map((name) => [name, devDependencies[name]]),
  );
  writeJson(join(folder, 'package.json'), {
    name: 'generator-empty',
    version: '1.0.0',
    type: 'module',
    dependencies,
  });
  writeFileSync(
    join(folder, 'generators/app/index.js'),
    "import Generator from 'yeoman-generator';\nexport default class extends Generator {\n  writing() {}\n}\n",
  );
  return folder;
}
