import { relative, sep } from 'node:path';
import type { PythonApp } from '../found/python-app.js';
import type { Step } from '../languages/language.js';
import { python } from '../languages/python.js';
import { importsModule, withImport } from '../languages/python-imports.js';
import type { DecisionIn } from '../questions/decision.js';
import { quoted, Refusal } from '../refusal.js';
import { table } from '../table.js';
import type { OutputFile } from '../templates/emit.js';
import { shell } from '../templates/serialize.js';
import type { WorkerExtension } from '../worker-extension.js';
import { valueAt, withSetting } from '../writing/json-edits.js';
import type { Plan } from './plan.js';

/** An app, with what has been planned for it so far. */
interface Extended {
  app: PythonApp;
  /** What has been done, for the user to read. */
  done: readonly [path: string, what: string][];
}

/**
 * Plans to add extensions to an app in Python that exists: the requirement of each, the app setting, and the two
 * lines that switch it on. What the app has already stays as it is.
 *
 * @param asksFirst Whether a change of the app's own code is shown and asked about before it is made.
 * @throws Refusal, if the app has no function of the name on which an extension is to act.
 */
export function planUseInPython(
  { functionName }: DecisionIn<'use', 'python'>,
  { app, extensions }: { app: PythonApp; extensions: readonly WorkerExtension[] },
  asksFirst: boolean,
): Plan {
  let extended: Extended = { app, done: [] };
  for (const extension of extensions) {
    extended = withRequirement(extended, extension);
    extended = withSwitch(extended);
    extended = withLines(extended, extension, functionName);
  }
  const code = extended.app.scripts.flatMap(({ path, source }, index) =>
    changed(path, app.scripts[index]?.source, source),
  );
  const others = [
    ...changed('requirements.txt', app.requirements, extended.app.requirements),
    ...changed('local.settings.json', app.localSettings, extended.app.localSettings),
  ];
  const names = extensions.map(({ packageName }) => packageName).join(' and ');
  const are = extensions.length > 1 ? 'are' : 'is';
  const isUsed = code.length === 0 && others.length === 0;
  return {
    root: app.root,
    files: asksFirst ? code : [],
    edits: asksFirst ? others : [...others, ...code],
    packageManager: undefined,
    firstCommit: false,
    summary: isUsed
      ? `${names} ${are} switched on already. Nothing has changed.`
      : `${names} ${are} switched on:\n\n${table(extended.done)}\n\nNext:`,
    nextSteps: isUsed
      ? []
      : [
          ...extensions.flatMap((extension) => wheelOf(app, extension)),
          ['pip install -r requirements.txt', ''],
          [app.startCommand, 'starts the app with it'],
        ],
  };
}

function changed(path: string, before = '', after = ''): OutputFile[] {
  return before === after ? [] : [{ path, contents: after }];
}

const already = (isThere: boolean) => (isThere ? ', already' : '');

/** Whether an extension is a folder or a file on this machine. */
function isLocal({ packageName, dependency }: WorkerExtension): boolean {
  return !dependency.startsWith(`${packageName}==`) && !dependency.includes('://');
}

/** How what is on this machine gets into the app. */
function wheelOf({ root }: PythonApp, extension: WorkerExtension): Step[] {
  const path = relative(root, extension.dependency).split(sep).join('/');
  return isLocal(extension)
    ? [
        [
          `pip wheel --no-deps --wheel-dir wheels ${shell(path)}`,
          'builds it into the app; again whenever it has changed',
        ],
      ]
    : [];
}

/** The requirement. What is on this machine comes from the folder wheels/, which is deployed with the app. */
function withRequirement({ app, done }: Extended, extension: WorkerExtension): Extended {
  const { packageName, dependency } = extension;
  const { requirements = '' } = app;
  const lines = requirements.split(/\r?\n/).map((line) => line.trim());
  const isThere = lines.some((line) => line === dependency || nameIn(line) === packageName);
  const hasWheels = lines.some((line) => /^(?:--find-links|-f)[= ]+(?:\.\/)?wheels\/?$/.test(line));
  const wanted = !isLocal(extension)
    ? [dependency]
    : [...(hasWheels ? [] : ['--find-links wheels']), packageName];
  const eol = requirements.includes('\r\n') ? '\r\n' : '\n';
  const before = requirements === '' || requirements.endsWith('\n') ? '' : eol;
  const added = `${before}${wanted.map((line) => line + eol).join('')}`;
  const what = isLocal(extension) ? `${packageName}, from wheels/` : dependency;
  return {
    app: isThere ? app : { ...app, requirements: requirements + added },
    done: [...done, ['requirements.txt', what + already(isThere)]],
  };
}

/** The name in a requirement, in the form in which names are compared. */
function nameIn(requirement: string): string {
  const [name = ''] = /^[\w.-]+/.exec(requirement) ?? [];
  return python.normalName(name);
}

function withSwitch({ app, done }: Extended): Extended {
  const { localSettings } = app;
  const name = python.switchSetting;
  if (localSettings === undefined || done.some(([, what]) => what.startsWith(name))) {
    return { app, done };
  }
  const isThere = valueAt(localSettings, ['Values', name]) !== undefined;
  return {
    app: isThere ? app : { ...app, localSettings: withSetting(localSettings, 'Values', name, '1') },
    done: [...done, ['local.settings.json', `${name}${already(isThere)}`]],
  };
}

/** The two lines, after the imports of the file that has the function. */
function withLines(
  { app, done }: Extended,
  extension: WorkerExtension,
  functionName: string,
): Extended {
  const { packageName, scope } = extension;
  const module = extension.module ?? python.moduleName(packageName);
  const user = app.scripts.find(({ source }) => importsModule(source, module));
  if (user) {
    return { app, done: [...done, [user.path, `uses ${packageName}, already`]] };
  }
  const script = app.scripts.find(
    ({ functionNames }) =>
      scope === 'app' ||
      functionNames.some((one) => one.toLowerCase() === functionName.toLowerCase()),
  );
  if (!script) {
    const names = app.scripts.flatMap(({ functionNames }) => functionNames);
    throw new Refusal(
      `The app has no function ${quoted(functionName)} on which ${packageName} could act. There is: ${names.join(', ') || 'none'}.`,
    );
  }
  const lines = linesFor(app, extension, functionName);
  const eol = script.source.includes('\r\n') ? '\r\n' : '\n';
  const needsOs = lines.includes('(os.') && !importsModule(script.source, 'os');
  const prepared = needsOs ? withImport(script.source, 'import os') : script.source;
  const source = withImport(prepared, lines.replaceAll('\n', eol));
  return {
    app: {
      ...app,
      scripts: app.scripts.map((one) => (one === script ? { ...one, source } : one)),
    },
    done: [...done, [script.path, 'the two lines']],
  };
}

function linesFor(
  { programmingModel }: PythonApp,
  extension: WorkerExtension,
  functionName: string,
): string {
  const [load = '', call = ''] = python.entryLines(extension, functionName);
  const isByFile = programmingModel === 'v1' && extension.scope === 'function';
  return `${load}\n\n${isByFile ? `${extension.className}(__file__)` : call}`;
}
