/*
 * Makes the app ready to be deployed: all that it needs, and nothing that is for development, in the
 * folder deploy and in deploy.zip. Packages that are worked on beside the app are packed into it, so
 * they need not be published.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { installedPackages, readPackageJson } from './local-packages';

const root = join(__dirname, '../..');
const target = join(root, 'deploy');
const archive = join(root, 'deploy.zip');

/** On Windows npm is a script, which only a shell can run. */
function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The dependencies with the versions that are installed here; local ones become tarballs. */
function dependencies(): Record<string, string> {
  return Object.fromEntries(
    installedPackages(root).map(({ name, version, folder, isLocal }) => {
      if (!isLocal) {
        return [name, version];
      }
      // As it is built: a script of it would print among the JSON.
      const options = ['--json', '--silent', '--ignore-scripts', '--pack-destination', target];
      const [{ filename }] = JSON.parse(npm(['pack', ...options], folder)) as [
        { filename: string },
      ];
      return [name, `file:./${filename}`];
    }),
  );
}

function zipped(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (lstatSync(path).isFile()) {
      files[entry.split(sep).join('/')] = readFileSync(path);
    }
  }
  return zipSync(files);
}

function main(): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  cpSync(join(root, 'host.json'), join(target, 'host.json'));
  cpSync(join(root, 'dist/src'), join(target, 'dist/src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  const { name, version, type, main: entry, engines } = readPackageJson(root);
  const packageJson = {
    name,
    version,
    private: true,
    type,
    main: entry,
    engines,
    dependencies: dependencies(),
  };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  npm(['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], target);
  const bytes = zipped(target);
  writeFileSync(archive, bytes);
  console.log(
    `deploy and deploy.zip are ready (${(bytes.length / 1024 / 1024).toFixed(1)} MB zipped).`,
  );
}

main();
