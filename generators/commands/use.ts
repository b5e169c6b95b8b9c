import type { FoundApp } from '../found/app.js';
import { entryFileFor, namedEntryFileFor } from '../found/entry-file.js';
import { workspaceOf } from '../found/workspace.js';
import { namesOf } from '../languages/names.js';
import { entryLines, typescript } from '../languages/typescript.js';
import type { DecisionIn } from '../questions/decision.js';
import { table } from '../table.js';
import type { OutputFile } from '../templates/emit.js';
import type { WorkerExtension } from '../worker-extension.js';
import { valueAt, withDependency, withField, withSetting } from '../writing/json-edits.js';
import { dependencyIn } from './membership.js';
import type { Plan } from './plan.js';

/** An app, with what has been planned for it so far. */
interface Extended {
  app: FoundApp;
  /** Files to be added. */
  files: readonly OutputFile[];
  /** What has been done, for the user to read. */
  done: readonly [path: string, what: string][];
  /** Lines that the user has to add, and where. */
  open: readonly { path: string; lines: readonly string[] }[];
}

/**
 * Plans to add extensions to an existing app: the dependency, the app settings, and a file with the lines that
 * switch each on. What the app has already stays as it is. Where a bundler decides what is loaded, the lines are left
 * to the user.
 */
export async function planUse(
  { functionName }: DecisionIn<'use', 'typescript'>,
  { app, extensions: found }: { app: FoundApp; extensions: readonly WorkerExtension[] },
): Promise<Plan> {
  const workspace = await workspaceOf(app.root);
  let extended: Extended = { app, files: [], done: [], open: [] };
  for (const one of found) {
    const dependency = await dependencyIn(app.root, one, workspace, app.packageManager);
    const extension = { ...one, dependency };
    extended = withDependencyOn(extended, extension);
    extended = withSettings(extended, extension);
    extended = withLines(extended, extension, functionName);
  }
  const { files, done, open } = extended;
  const edits = [
    ...changed('package.json', app.packageJson, extended.app.packageJson),
    ...changed('local.settings.json', app.localSettings, extended.app.localSettings),
  ];
  const names = found.map(({ packageName }) => packageName).join(' and ');
  const are = found.length > 1 ? 'are' : 'is';
  const isUsed = files.length === 0 && edits.length === 0 && open.length === 0;
  return {
    root: app.root,
    files,
    edits,
    packageManager: app.packageManager,
    firstCommit: false,
    summary: isUsed
      ? `${names} ${are} switched on already. Nothing has changed.`
      : `${names} ${are} ${open.length > 0 ? 'added' : 'switched on'}:\n\n${table(done)}\n${toDo(app, open)}\nNext:`,
    nextSteps: isUsed ? [] : [[app.startCommand, 'starts the app with it']],
  };
}

function changed(path: string, before = '', after = ''): OutputFile[] {
  return before === after ? [] : [{ path, contents: after }];
}

/** What is left to the user. */
function toDo({ bundle }: FoundApp, open: Extended['open']): string {
  return open
    .map(({ path, lines }) => {
      const reason = bundle ? `${bundle.bundler} bundles the app` : '"main" loads no new file';
      const shown = lines.map((line) => `    ${line}\n`).join('');
      return `\nIt is not switched on yet, since ${reason}. Add these two lines to ${path}:\n\n${shown}`;
    })
    .join('');
}

const already = (isThere: boolean) => (isThere ? ', already' : '');

function withDependencyOn(
  extended: Extended,
  { packageName, dependency }: WorkerExtension,
): Extended {
  const { app, done } = extended;
  const packageJson = withDependency(app.packageJson, packageName, dependency);
  const isThere = packageJson === app.packageJson;
  return {
    ...extended,
    app: { ...app, packageJson },
    done: [
      ...done,
      ['package.json', `dependency on ${packageName} (${dependency})${already(isThere)}`],
    ],
  };
}

function withSettings(extended: Extended, { settings }: WorkerExtension): Extended {
  const { app, done } = extended;
  const before = app.localSettings;
  if (before === undefined) {
    return extended;
  }
  const wanted = Object.entries({ [typescript.switchSetting]: '1', ...settings });
  const localSettings = wanted
    .filter(([name]) => valueAt(before, ['Values', name]) === undefined)
    .reduce((text, [name, value]) => withSetting(text, 'Values', name, value), before);
  const names = wanted.map(([name]) => name).join(', ');
  return {
    ...extended,
    app: { ...app, localSettings },
    done: [...done, ['local.settings.json', `${names}${already(localSettings === before)}`]],
  };
}

function withLines(extended: Extended, extension: WorkerExtension, functionName: string): Extended {
  const { app, files, done, open } = extended;
  const { packageName } = extension;
  const [user] = [...app.sources].find(([, text]) => loads(text, packageName)) ?? [];
  if (user !== undefined) {
    return { ...extended, done: [...done, [user, `uses ${packageName}, already`]] };
  }
  const name = namesOf(packageName, typescript.packagePrefix).folder;
  const named = app.bundle ? undefined : namedEntryFileFor(name, app.layout);
  const entry = app.bundle ? undefined : (named ?? entryFileFor(name, app.layout));
  if (!entry) {
    const path = app.bundle?.source ?? 'a file that it loads';
    const lines = entryLines(extension, functionName, hasImports(path, app));
    return { ...extended, open: [...open, { path, lines }] };
  }
  const { path, isModule } = entry;
  const contents = `${entryLines(extension, functionName, isModule).join('\n\n')}\n`;
  return {
    ...extended,
    app: named
      ? {
          ...app,
          layout: { ...app.layout, main: named.main },
          packageJson: withField(app.packageJson, ['main'], named.main),
        }
      : app,
    files: [...files, { path, contents }],
    done: [
      ...done,
      ...(named ? [['package.json', `main: ${named.main}`] as [string, string]] : []),
      [path, 'the two lines'],
    ],
  };
}

/** Whether a source of the app is written with `import`, as opposed to `require`. */
function hasImports(path: string, { sources, layout }: FoundApp): boolean {
  const text = sources.get(path);
  return text === undefined
    ? layout.isModule || layout.compilation !== undefined
    : /\.m?ts$|\.mjs$/.test(path) || /^\s*(import|export)\b/m.test(text);
}

/** Whether a source loads a package. */
export function loads(source: string, packageName: string): boolean {
  return [`'${packageName}'`, `"${packageName}"`].some((name) => source.includes(name));
}
