import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { parseTsconfig, type TsConfigJson } from 'get-tsconfig';
import { parse } from 'jsonc-parser';
import intersects from 'semver/ranges/intersects.js';
import gtr from 'semver/ranges/gtr.js';
import validRange from 'semver/ranges/valid.js';
import { commandsOf, type PackageManager, packageManagers } from '../languages/package-manager.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { bundledSource, bundlerIn } from './bundler.js';
import type { AppLayout } from './entry-file.js';
import { isKnown, packageManagerAround, startedIn } from './surroundings.js';

/** An existing function app, in JavaScript or TypeScript with programming model v4. */
export interface FoundApp {
  /** The folder, absolute. */
  root: string;
  layout: AppLayout;
  /** Text of its package.json. */
  packageJson: string;
  /** Text of its local.settings.json, if there is one that is not encrypted. */
  localSettings: string | undefined;
  /** Names of its functions, as far as they stand in its sources. */
  functionNames: readonly string[];
  /** Its sources, by path relative to it with forward slashes. */
  sources: ReadonlyMap<string, string>;
  /** The package manager that it has been installed with, or npm in place of one that nothing can be made for. */
  packageManager: PackageManager;
  /** That other one. */
  otherPackageManager: string | undefined;
  /** How it is started. */
  startCommand: string;
  /** What bundles it, and the source where that begins; nothing, if it is not bundled. */
  bundle: { bundler: string; source: string | undefined } | undefined;
}

type CompilerOptions = NonNullable<TsConfigJson['compilerOptions']>;

interface PackageJson {
  main?: string;
  type?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

/**
 * Reads the function app in a folder, or in the folder `function-app` of a workspace of ours.
 *
 * @throws Refusal that says why it is none to which an extension can be added.
 */
export function readApp(folder: string, system: Pick<System, 'env'>): FoundApp {
  const root = rootOfApp(folder);
  const files = filesBelow(root);
  const localSettings = textOf(join(root, 'local.settings.json'));
  const settings = parsed(localSettings) as { IsEncrypted?: boolean; Values?: object } | undefined;
  refuseOtherLanguage(root, files, settings?.Values);
  const packageJson = textOf(join(root, 'package.json'));
  if (packageJson === undefined) {
    throw new Refusal(`${root} has no package.json, so it is no function app for Node.js.`);
  }
  const {
    main,
    type,
    dependencies = {},
    devDependencies = {},
    scripts = {},
  } = parsed(packageJson) as PackageJson;
  const bundler = bundlerIn({ scripts, dependencies: { ...dependencies, ...devDependencies } });
  const { name } = packageManagerAround(root, packageManagers, system) ?? {
    name: startedIn(packageManagers, system),
  };
  const packageManager = isKnown(name, packageManagers) ? name : 'npm';
  refuseOtherModel(root, files, dependencies['@azure/functions'], packageManager);
  if (!main) {
    throw new Refusal(`package.json in ${root} has no "main", by which its functions are found.`);
  }
  const layout = { main, isModule: type === 'module', files, ...compilationOf(root, files) };
  const sources = new Map(
    sourcesIn(layout, bundler !== undefined).map((file) => [
      file,
      readFileSync(join(root, file), 'utf8'),
    ]),
  );
  return {
    root,
    layout,
    packageJson,
    localSettings: settings?.IsEncrypted ? undefined : localSettings,
    functionNames: [...sources.values()].flatMap(functionsIn),
    packageManager,
    otherPackageManager: isKnown(name, packageManagers) ? undefined : name,
    startCommand: startCommandOf(scripts, packageManager),
    bundle:
      bundler === undefined
        ? undefined
        : { bundler, source: bundledSource(root, scripts, sources) },
    sources,
  };
}

/**
 * The folder of an app: a folder, or the folder `function-app` of a project of ours.
 *
 * @throws Refusal, if neither is one.
 */
export function rootOfApp(folder: string): string {
  const root = [folder, join(folder, 'function-app')].find((one) =>
    existsSync(join(one, 'host.json')),
  );
  if (root === undefined) {
    throw new Refusal(
      `${folder} is not the folder of a function app: it has no host.json. Name that folder, or go there.`,
    );
  }
  return root;
}

/** The app settings in local.settings.json, as far as they can be read. */
export function settingsOf(root: string): Readonly<Record<string, unknown>> {
  const settings = parsed(textOf(join(root, 'local.settings.json'))) as
    { IsEncrypted?: boolean; Values?: Record<string, unknown> } | undefined;
  return (!settings?.IsEncrypted && settings?.Values) || {};
}

/** The apps that we make have a local host. */
function startCommandOf(scripts: Record<string, string>, packageManager: PackageManager): string {
  const script = ['start:local', 'start'].find((one) => one in scripts);
  return script === undefined ? 'func start' : commandsOf(packageManager).run(script);
}

/** Reads JSON as the tools of Azure Functions do: with comments, trailing commas and a byte order mark. */
function parsed(text: string | undefined): unknown {
  return text === undefined
    ? undefined
    : (parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true }) ?? {});
}

/** The text of a file, if there is one. */
export function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function filesBelow(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? filesBelow(root, path)
        : [relative(root, path).split(sep).join('/')];
    });
}

/** Its code, without what is compiled from it. */
function sourcesIn({ files, compilation, main }: AppLayout, isBundled: boolean): string[] {
  const [folder = ''] = /^(?!src\/)[^/{*]+\//.exec(main.replace(/^\.?\//, '')) ?? [];
  const isCompiled = (file: string) =>
    (compilation !== undefined && file.startsWith(`${compilation.outDir}/`)) ||
    (isBundled && folder !== '' && file.startsWith(folder));
  return files.filter(
    (file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts') && !isCompiled(file),
  );
}

function refuseOtherLanguage(root: string, files: string[], values: object = {}): void {
  const { FUNCTIONS_WORKER_RUNTIME: runtime } = values as Record<string, unknown>;
  const isPython = files.includes('requirements.txt') && !files.includes('package.json');
  const language = typeof runtime === 'string' ? runtime : isPython ? 'python' : 'node';
  if (language.toLowerCase() !== 'node') {
    throw new Refusal(
      `${root} is a function app for ${language}. This is for apps in JavaScript and TypeScript.`,
    );
  }
}

function refuseOtherModel(
  root: string,
  files: string[],
  version: string | undefined,
  packageManager: PackageManager,
): void {
  const add = (spec: string) =>
    packageManager === 'npm' ? `npm install ${spec}` : `${packageManager} add ${spec}`;
  const functionJson = files.find((file) => /^[^/]+\/function\.json$/.test(file));
  const range = version === undefined ? null : validRange(version);
  if (functionJson !== undefined || (range !== null && gtr('4.0.0-0', range))) {
    throw new Refusal(
      `${root} uses programming model v3 (${functionJson ?? `@azure/functions ${version}`}), which has no hooks. Migrate it to v4 first: https://learn.microsoft.com/azure/azure-functions/functions-node-upgrade-v4`,
    );
  }
  if (version === undefined) {
    throw new Refusal(
      `package.json in ${root} has no dependency on @azure/functions. Run there: ${add('@azure/functions')}`,
    );
  }
  if (range !== null && !intersects(range, '>=4.1.0 <5.0.0')) {
    throw new Refusal(
      `${root} has @azure/functions ${version}, and hooks are in 4.x from 4.1 on. Run there: ${add('@azure/functions@4')}`,
    );
  }
}

/** What tsc makes of the sources, by tsconfig.json. */
function compilationOf(root: string, files: string[]): Pick<AppLayout, 'compilation'> {
  const file = join(root, 'tsconfig.json');
  if (!existsSync(file)) {
    return {};
  }
  const { outDir, rootDir, noEmit } = compilerOptionsIn(file);
  const compiles = outDir !== undefined || files.some((one) => /(?<!\.d)\.[cm]?ts$/.test(one));
  return noEmit || !compiles
    ? {}
    : {
        compilation: {
          outDir: posix.normalize(outDir ?? '.'),
          rootDir: rootDir && posix.normalize(rootDir),
        },
      };
}

function compilerOptionsIn(file: string): CompilerOptions {
  try {
    return parseTsconfig(file).compilerOptions ?? {};
  } catch (error) {
    // What it extends may be a package that is not installed yet.
    throw new Refusal(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** The functions in `app.http('name', …)` and the like. */
function functionsIn(source: string): string[] {
  return [...source.matchAll(/\bapp\s*\.\s*\w+\(\s*(['"`])([\w-]+)\1/g)].map(
    ([, , name = '']) => name,
  );
}
