import { valueAt, withDependency, withSetting } from './edits.js';
import { type AppLayout, entryFileFor } from './entry-file.js';
import { namesOf } from './names.js';
import { Refusal } from './refusal.js';
import type { OutputFile } from './render.js';
import { twoLines, type WorkerExtension } from './worker-extension.js';

/** A function app that is there already, in JavaScript or TypeScript with programming model v4. */
export interface ExistingApp {
  layout: AppLayout;
  /** Text of its package.json. */
  packageJson: string;
  /** Text of its local.settings.json, if there is one that is not encrypted. */
  localSettings: string | undefined;
  /** Names of its functions, as far as they stand in its sources. */
  functionNames: readonly string[];
  /** Its sources, by path relative to it with forward slashes. */
  sources: ReadonlyMap<string, string>;
}

/** One thing that an app needs to use an extension. */
export interface AdoptionStep {
  /** Path of the file that has it. */
  path: string;
  /** What it is, for the user to read. */
  what: string;
  /** The file to write, if it does not have it yet. */
  file?: OutputFile;
}

/**
 * Adds an extension to an app: the dependency, the app settings, and a file with the two lines.
 * What is there already stays as it is.
 *
 * @param functionName The function that it acts on, if it is one of function level.
 * @throws Refusal, if the app would not load a new file.
 */
export function adoptionOf(
  app: ExistingApp,
  extension: WorkerExtension,
  functionName: string,
): AdoptionStep[] {
  return [
    dependencyIn(app, extension),
    ...settingsIn(app, extension),
    twoLinesIn(app, extension, functionName),
  ];
}

function dependencyIn(
  { packageJson }: ExistingApp,
  { packageName, dependency }: WorkerExtension,
): AdoptionStep {
  const path = 'package.json';
  const contents = withDependency(packageJson, packageName, dependency);
  return {
    path,
    what: `dependency on ${packageName} (${dependency})`,
    ...(contents !== packageJson && { file: { path, contents, isEdit: true } }),
  };
}

function settingsIn({ localSettings }: ExistingApp, { settings }: WorkerExtension): AdoptionStep[] {
  const path = 'local.settings.json';
  if (localSettings === undefined) {
    return [];
  }
  const wanted = Object.entries({ NODE_ENABLE_WORKER_EXTENSIONS: '1', ...settings });
  const contents = wanted
    .filter(([name]) => valueAt(localSettings, ['Values', name]) === undefined)
    .reduce((text, [name, value]) => withSetting(text, 'Values', name, value), localSettings);
  return [
    {
      path,
      what: wanted.map(([name]) => name).join(', '),
      ...(contents !== localSettings && { file: { path, contents, isEdit: true } }),
    },
  ];
}

function twoLinesIn(
  { layout, sources }: ExistingApp,
  extension: WorkerExtension,
  functionName: string,
): AdoptionStep {
  const { packageName } = extension;
  const [user] = [...sources].find(([, text]) => loads(text, packageName)) ?? [];
  if (user !== undefined) {
    return { path: user, what: `uses ${packageName}` };
  }
  const entry = entryFileFor(namesOf(packageName).folder, layout);
  if (!entry) {
    const lines = twoLines(extension, functionName).join(' ');
    throw new Refusal(
      `"main" in package.json (${layout.main}) would not load a new file. Install ${packageName}, and add these two lines to a file that it loads: ${lines}`,
    );
  }
  const { path, isModule } = entry;
  const contents = `${twoLines(extension, functionName, isModule).join('\n\n')}\n`;
  return { path, what: 'the two lines', file: { path, contents } };
}

function loads(source: string, packageName: string): boolean {
  return [`'${packageName}'`, `"${packageName}"`].some((name) => source.includes(name));
}
