import type { PythonApp } from '../found/python-app.js';
import type { Step } from '../languages/language.js';
import { entryCall, isLocal, python, requirementOf, wheelSteps } from '../languages/python.js';
import type { DecisionIn } from '../questions/decision.js';
import { quoted, Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { table } from '../table.js';
import type { OutputFile } from '../templates/emit.js';
import { shell } from '../templates/serialize.js';
import type { WorkerExtension } from '../worker-extension.js';
import { valueAt, withSetting } from '../writing/json-edits.js';
import { importsModule, withEntries } from '../writing/python-edits.js';
import { withRequirement } from '../writing/requirements-edits.js';
import type { Plan } from './plan.js';
import { seenFrom } from './seen-from.js';

/** An app, with what has been planned for it so far. */
interface Extended {
  app: PythonApp;
  /** What has been done, for the user to read. */
  done: readonly [path: string, what: string][];
}

/**
 * Plans to add extensions to an app in Python that exists: the requirement of each, the app settings, and the two
 * lines that switch it on. What the app has already stays as it is.
 *
 * @param asksFirst Whether a change of the app's own code is shown and asked about before it is made.
 * @throws Refusal, if the app has no function of the name on which an extension is to act.
 */
export function planUseInPython(
  { functionName }: DecisionIn<'use', 'python'>,
  { app, extensions }: { app: PythonApp; extensions: readonly WorkerExtension[] },
  { platform }: System,
  asksFirst: boolean,
): Plan {
  const steps = [withRequirements, withSettings, withLines];
  const start: Extended = { app, done: [] };
  const extended = steps.reduce((one, step) => step(one, extensions, functionName), start);
  const names = extensions.map(({ packageName }) => packageName).join(' and ');
  const are = extensions.length > 1 ? 'are' : 'is';
  const { files, edits } = changesIn(app, extended.app, asksFirst);
  const isUsed = files.length + edits.length === 0;
  return {
    root: app.root,
    files,
    edits,
    isWhole: true,
    packageManager: undefined,
    firstCommit: false,
    summary: isUsed
      ? `${names} ${are} switched on already. Nothing has changed.`
      : `${names} ${are} switched on:\n\n${table(extended.done)}\n\n${toDo(extensions)}Next:`,
    nextSteps: isUsed
      ? []
      : [
          ...installSteps(
            app.installer,
            extensions.map((one) => seenFrom(app.root, one)),
            platform,
          ),
          [app.startCommand, 'starts the app with it'],
        ],
  };
}

/** What is left to the user: the arguments that only the user knows. */
export function toDo(extensions: readonly WorkerExtension[]): string {
  return extensions
    .filter(({ needs = [] }) => needs.length > 0)
    .map(
      ({ className, scope, needs = [] }) =>
        `Give the call of ${className}${scope === 'app' ? '.configure' : ''} what it needs: ${needs.join(', ')}. `,
    )
    .join('');
}

function installSteps(
  installer: PythonApp['installer'],
  extensions: readonly WorkerExtension[],
  platform: NodeJS.Platform,
): Step[] {
  const packageManager = installer === 'pip' ? 'pip' : 'uv';
  const wheels = extensions.flatMap((one) => wheelSteps(one, packageManager, platform));
  const adds = extensions.map(({ dependency }): Step => [
    `uv add ${shell(dependency, platform)}`,
    '',
  ]);
  const steps = {
    pip: 'pip install -r requirements.txt',
    uv: 'uv pip install -r requirements.txt',
  };
  return [...wheels, ...(installer === 'uv project' ? adds : [[steps[installer], ''] as const])];
}

/**
 * What differs between two states of an app.
 *
 * @param asksFirst Whether changes of its code are files to be asked about.
 */
export function changesIn(
  before: PythonApp,
  after: PythonApp,
  asksFirst: boolean,
): Pick<Plan, 'files' | 'edits'> {
  const code = after.scripts.flatMap(({ path, source }, index) =>
    changed(path, before.scripts[index]?.source, source),
  );
  const others = [
    ...changed('requirements.txt', before.requirements, after.requirements),
    ...changed('local.settings.json', before.localSettings, after.localSettings),
  ];
  return { files: asksFirst ? code : [], edits: asksFirst ? others : [...others, ...code] };
}

function changed(path: string, before = '', after = ''): OutputFile[] {
  return before === after ? [] : [{ path, contents: after }];
}

const already = (isThere: boolean) => (isThere ? ', already' : '');

function withRequirements(
  { app, done }: Extended,
  extensions: readonly WorkerExtension[],
): Extended {
  return extensions.reduce(
    (one: Extended, extension) => {
      const { requirements } = one.app;
      const after = withRequirement(requirements, extension);
      const what = `${requirementOf(extension)}${isLocal(extension) ? ', from wheels/' : ''}`;
      return {
        app: { ...one.app, requirements: after },
        done: [...one.done, ['requirements.txt', what + already(after === requirements)]],
      };
    },
    { app, done },
  );
}

function withSettings({ app, done }: Extended, extensions: readonly WorkerExtension[]): Extended {
  const { localSettings } = app;
  if (localSettings === undefined) {
    return { app, done };
  }
  const own = extensions.map(({ settings }) => settings);
  const wanted = Object.entries(Object.assign({ [python.switchSetting]: '1' }, ...own) as object);
  const after = wanted
    .filter(([name]) => valueAt(localSettings, ['Values', name]) === undefined)
    .reduce(
      (text, [name, value]) => withSetting(text, 'Values', name, String(value)),
      localSettings,
    );
  const names = wanted.map(([name]) => name).join(', ');
  return {
    app: { ...app, localSettings: after },
    done: [...done, ['local.settings.json', `${names}${already(after === localSettings)}`]],
  };
}

/** The two lines of each, after the imports of the file that has the function. */
function withLines(
  { app, done }: Extended,
  extensions: readonly WorkerExtension[],
  functionName: string,
): Extended {
  const said: [string, string][] = [];
  const entries = new Map<string, [load: string, call: string][]>();
  for (const extension of extensions) {
    const module = extension.module ?? python.moduleName(extension.packageName);
    const user = app.scripts.find(({ source }) => importsModule(source, module));
    if (user) {
      said.push([user.path, `uses ${extension.packageName}, already`]);
    } else {
      const { path } = scriptFor(app, extension, functionName);
      entries.set(path, [
        ...(entries.get(path) ?? []),
        linesFor(app.programmingModel, extension, functionName),
      ]);
      said.push([path, `the two lines of ${extension.packageName}`]);
    }
  }
  const scripts = app.scripts.map((script) => ({
    ...script,
    source: entries.has(script.path)
      ? withEntries(script.source, entries.get(script.path) ?? [])
      : script.source,
  }));
  return { app: { ...app, scripts }, done: [...done, ...said] };
}

/** The file that is to switch an extension on. */
function scriptFor(
  { scripts }: PythonApp,
  { packageName, scope }: WorkerExtension,
  functionName: string,
): PythonApp['scripts'][number] {
  const script = scripts.find(
    ({ functionNames }) =>
      scope === 'app' ||
      functionNames.some((one) => one.toLowerCase() === functionName.toLowerCase()),
  );
  if (!script) {
    const names = scripts.flatMap(({ functionNames }) => functionNames);
    throw new Refusal(
      `The app has no function ${quoted(functionName)} on which ${packageName} could act. There is: ${names.join(', ') || 'none'}.`,
    );
  }
  return script;
}

function linesFor(
  programmingModel: PythonApp['programmingModel'],
  extension: WorkerExtension,
  functionName: string,
): [load: string, call: string] {
  const [load = ''] = python.entryLines(extension, functionName);
  return [load, entryCall(extension, functionName, programmingModel)];
}
