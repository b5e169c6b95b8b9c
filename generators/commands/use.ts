import type { FoundApp } from '../found/app.js';
import { entryFileFor } from '../found/entry-file.js';
import { workspaceOf } from '../found/workspace.js';
import { namesOf } from '../languages/names.js';
import { entryLines, typescript } from '../languages/typescript.js';
import type { Decision } from '../questions/decision.js';
import { Refusal } from '../refusal.js';
import { table } from '../table.js';
import type { OutputFile } from '../templates/emit.js';
import type { WorkerExtension } from '../worker-extension.js';
import { valueAt, withDependency, withSetting } from '../writing/json-edits.js';
import { dependencyIn } from './membership.js';
import type { Plan } from './plan.js';

/** One thing that an app needs to use an extension. */
interface Need {
  /** Path of the file that has it. */
  path: string;
  /** What it is, for the user to read. */
  what: string;
  /** The file that is to be added, if it is not there. */
  file?: OutputFile;
  /** The file of the user's that is to be changed, if it does not have it yet. */
  edit?: OutputFile;
}

/**
 * Plans to add an extension to an app that exists: the dependency, the app settings, and a file with the
 * lines that switch it on. What the app has already stays as it is.
 *
 * @throws Refusal, if the app would not load a new file.
 */
export async function planUse(
  { functionName }: Decision<'use'>,
  { app, extension: found }: { app: FoundApp; extension: WorkerExtension },
): Promise<Plan> {
  const workspace = await workspaceOf(app.root);
  const dependency = await dependencyIn(app.root, found, workspace, app.packageManager);
  const extension = { ...found, dependency };
  const { packageName } = extension;
  const needs = [
    dependencyNeed(app, extension),
    ...settingsIn(app, extension),
    entryIn(app, extension, functionName),
  ];
  const isDone = ({ file, edit }: Need) => !file && !edit;
  const isUsed = needs.every(isDone);
  const done = needs.map((need) => [need.path, `${need.what}${isDone(need) ? ', already' : ''}`]);
  return {
    root: app.root,
    files: needs.flatMap(({ file }) => file ?? []),
    edits: needs.flatMap(({ edit }) => edit ?? []),
    packageManager: app.packageManager,
    firstCommit: false,
    summary: isUsed
      ? `${packageName} is switched on already. Nothing has changed.`
      : `${packageName} is switched on:\n\n${table(done)}\n\nNext:`,
    nextSteps: isUsed ? [] : [[app.startCommand, 'starts the app with it']],
  };
}

function dependencyNeed(
  { packageJson }: FoundApp,
  { packageName, dependency }: WorkerExtension,
): Need {
  const path = 'package.json';
  const contents = withDependency(packageJson, packageName, dependency);
  return {
    path,
    what: `dependency on ${packageName} (${dependency})`,
    ...(contents !== packageJson && { edit: { path, contents } }),
  };
}

function settingsIn({ localSettings }: FoundApp, { settings }: WorkerExtension): Need[] {
  const path = 'local.settings.json';
  if (localSettings === undefined) {
    return [];
  }
  const wanted = Object.entries({ [typescript.switchSetting]: '1', ...settings });
  const contents = wanted
    .filter(([name]) => valueAt(localSettings, ['Values', name]) === undefined)
    .reduce((text, [name, value]) => withSetting(text, 'Values', name, value), localSettings);
  return [
    {
      path,
      what: wanted.map(([name]) => name).join(', '),
      ...(contents !== localSettings && { edit: { path, contents } }),
    },
  ];
}

function entryIn(
  { layout, sources }: FoundApp,
  extension: WorkerExtension,
  functionName: string,
): Need {
  const { packageName } = extension;
  const [user] = [...sources].find(([, text]) => loads(text, packageName)) ?? [];
  if (user !== undefined) {
    return { path: user, what: `uses ${packageName}` };
  }
  const entry = entryFileFor(namesOf(packageName, typescript.packagePrefix).folder, layout);
  if (!entry) {
    const lines = entryLines(extension, functionName, true).join(' ');
    throw new Refusal(
      `"main" in package.json (${layout.main}) would not load a new file. Install ${packageName}, and add these two lines to a file that it loads: ${lines}`,
    );
  }
  const { path, isModule } = entry;
  const contents = `${entryLines(extension, functionName, isModule).join('\n\n')}\n`;
  return { path, what: 'the two lines', file: { path, contents } };
}

function loads(source: string, packageName: string): boolean {
  return [`'${packageName}'`, `"${packageName}"`].some((name) => source.includes(name));
}
