import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { withoutRepository } from '../../generators/git-environment.js';
import { entryFiles } from './entry-files.js';
import { StartError } from './errors.js';
import {
  dependenciesOf,
  type InstalledPackage,
  installedPackages,
  readPackageJson,
} from './installed-packages.js';

/** What to install, by the name of a package; `.` is the one that the rule is for. */
type Override = Record<string, string>;

/**
 * Runs npm. On Windows it is a script, which only a shell can run.
 *
 * @throws StartError, if it fails. It has said why.
 */
function npm(args: string[], cwd: string): string {
  try {
    return execFileSync('npm', args, {
      cwd,
      // From a hook or an alias, git would take the repository around for that of a dependency.
      env: withoutRepository(process.env),
      encoding: 'utf8',
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'There is no npm on the PATH.' : 'What is wrong is said above.';
    throw new StartError(`npm ${args[0]} has failed in ${cwd}. ${reason}`);
  }
}

/**
 * Installs in a folder by the settings of the project around an app, such as where packages of a scope are. They
 * do not stay there, since they may hold secrets.
 */
function installBySettingsOf(root: string, target: string): void {
  const settings = join(target, '.npmrc');
  const options = ['--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  writeFileSync(settings, npmSettings(root));
  try {
    npm(['install', ...options], target);
  } finally {
    rmSync(settings);
  }
}

/** The .npmrc files of an app and of the project around it, up to the root of the repository; the nearest last. */
function npmSettings(folder: string): string {
  const isProject = ['package.json', 'pnpm-workspace.yaml'].some((file) =>
    existsSync(join(folder, file)),
  );
  const file = join(folder, '.npmrc');
  // That of the user npm reads anyway.
  const own =
    isProject && folder !== homedir() && existsSync(file) ? readFileSync(file, 'utf8') : '';
  const above = dirname(folder);
  const isRoot = above === folder || existsSync(join(folder, '.git'));
  return `${isRoot ? '' : npmSettings(above)}${own}\n`;
}

/**
 * Says how the deployed app gets a package: from a registry, in the version that is installed here, or as a
 * tarball of what is installed here.
 */
function packer(target: string): (one: InstalledPackage) => string {
  const packed = new Map<string, string>();
  return ({ name, spec, folder }) => {
    const known = spec ?? packed.get(folder);
    if (known !== undefined) {
      return known;
    }
    // As it is built: a script of it would print among the JSON.
    const options = ['--json', '--silent', '--ignore-scripts', '--pack-destination', target];
    const [tarball] = JSON.parse(npm(['pack', ...options], folder)) as { filename: string }[];
    if (!tarball) {
      throw new StartError(`npm pack has made no package of ${name}.`);
    }
    packed.set(folder, `file:./${tarball.filename}`);
    return `file:./${tarball.filename}`;
  };
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

/**
 * Makes an app ready to be deployed: all that it needs, and nothing that is for development, in the
 * folder deploy and in deploy.zip. Packages that are not from a registry are packed into it, so those that
 * are worked on beside the app need not be published. All others have the versions that are installed here.
 *
 * @throws StartError, if something that it needs is missing.
 */
export function packageApp(root: string): void {
  const target = join(root, 'deploy');
  const archive = join(root, 'deploy.zip');
  for (const file of ['host.json', 'package.json']) {
    if (!existsSync(join(root, file))) {
      throw new StartError(
        `There is no ${join(root, file)}. Is this the folder of a function app?`,
      );
    }
  }
  const { name, version, type, main, engines, optionalDependencies } = readPackageJson(root);
  const files = entryFiles(root, main);
  if (files.length === 0) {
    throw new StartError(`No file matches "main" in package.json (${main}). Run: npm run build`);
  }
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  cpSync(join(root, 'host.json'), join(target, 'host.json'));
  for (const folder of codeFolders(root, files)) {
    cpSync(join(root, folder), join(target, folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.map') && !/[\\/]node_modules$/.test(path),
    });
  }
  const packages = installedPackages(root);
  const specOf = packer(target);
  const packageJson = {
    name,
    version,
    private: true,
    type,
    main,
    engines,
    dependencies: Object.fromEntries(packages.map((one) => [one.name, specOf(one)])),
    optionalDependencies,
    overrides: overridesOf(packages, specOf),
  };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  installBySettingsOf(root, target);
  const bytes = zipped(target);
  writeFileSync(archive, bytes);
  console.log(
    `deploy and deploy.zip are ready (${(bytes.length / 1024 / 1024).toFixed(1)} MB zipped).`,
  );
}

/**
 * What npm installs below the dependencies, in the versions that are installed here: one rule for a
 * package, or one for each that depends on it where it is there in several versions.
 */
function overridesOf(
  packages: readonly InstalledPackage[],
  specOf: (one: InstalledPackage) => string,
): Record<string, Override> {
  const below = packages.flatMap((one) => dependenciesOf(one));
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of [...packages, ...below.map(({ to }) => to)]) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const direct = new Set(packages.map(({ name }) => name));
  const overrides: Record<string, Override> = {};
  for (const { from, to } of below) {
    if (versions.get(to.name)?.size === 1) {
      if (!direct.has(to.name)) {
        overrides[to.name] = { ...overrides[to.name], '.': specOf(to) };
      }
    } else {
      const key = versions.get(from.name)?.size === 1 ? from.name : `${from.name}@${from.version}`;
      overrides[key] = { ...overrides[key], [to.name]: specOf(to) };
    }
  }
  return overrides;
}

/** The folders of the entry files: for `dist/src/functions/a.js` it is `dist/src`, or else the file. */
function codeFolders(root: string, files: readonly string[]): string[] {
  const paths = files.map((file) => relative(root, file).split(sep));
  const depth = Math.min(...paths.map(({ length }) => length));
  const folders = paths.map((parts) =>
    parts.slice(0, Math.max(1, Math.min(depth - 1, 2))).join('/'),
  );
  return [...new Set(folders)];
}
