import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PythonApp, pythonSourcesIn } from '../found/python-app.js';
import { installedExtension, readPythonExtension } from '../found/python-extension.js';
import type { Step } from '../languages/language.js';
import { withPrefix } from '../languages/names.js';
import { python } from '../languages/python.js';
import type { DecisionIn } from '../questions/decision.js';
import { quoted, Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { table } from '../table.js';
import { shell } from '../templates/serialize.js';
import { valueAt, withoutField } from '../writing/json-edits.js';
import {
  classImports,
  hasEntry,
  importsModule,
  masked,
  withoutEntry,
} from '../writing/python-edits.js';
import { requirementIn, withoutRequirement } from '../writing/requirements-edits.js';
import type { Plan } from './plan.js';
import { changesIn } from './use-python.js';

/** An extension of an app: the class that switches it on, and where its code imports that from. */
interface Used {
  packageName: string;
  module: string;
  className: string;
}

/** What tells of a worker extension: the base classes, and what most of them are called. */
const EXTENSION_IN_CODE = /\b(?:[A-Z]\w*Extension|(?:App|Func)ExtensionBase)\b/;
/** The packages of Azure that are called so extend bindings. */
const EXTENSION_IN_REQUIREMENTS = /^(?!\s*(?:#|azurefunctions-extensions-)).*extension/im;

const UNINSTALL: Record<PythonApp['installer'], string> = {
  pip: 'pip uninstall',
  uv: 'uv pip uninstall',
  'uv project': 'uv remove',
};

/** Modules that run extensions, and are none. */
const TOOLS = /^(?:local_host|worker_extension_bridge)\.py$/;

/**
 * Plans to remove extensions from an app in Python, with what was added for them: the lines that switch them on, the
 * app settings that nothing else reads, and the requirement.
 *
 * @param asksFirst Whether a change of the app's own code is shown and asked about before it is made.
 * @throws Refusal, if the app has no such extension, or if somebody has put more into what is to go.
 */
export async function planRemovalInPython(
  { removed }: DecisionIn<'use', 'python'>,
  { app }: { app: PythonApp },
  system: System,
  asksFirst: boolean,
): Promise<Plan> {
  const sources = pythonSourcesIn(app.root);
  const used: Used[] = [];
  for (const typed of removed) {
    used.push(await usedAs(typed, app, sources, system));
  }
  let after = app;
  const done: [string, string][] = [];
  for (const { packageName, ...entry } of used) {
    const { text, gone } = withoutRequirement(after.requirements ?? '', packageName);
    after = { ...after, requirements: text };
    done.push(['requirements.txt', gone ?? `(no line names ${packageName})`]);
    for (const [path, source] of sources) {
      if (importsModule(source, entry.module)) {
        const rest = withoutEntry(path, source, entry);
        sources.set(path, rest.source);
        done.push(...rest.gone.map((line): [string, string] => [path, line]));
      }
    }
  }
  after = {
    ...after,
    scripts: app.scripts.map((one) => ({ ...one, source: sources.get(one.path) ?? one.source })),
  };
  const settings = settingsOf(used, after, sources);
  after = {
    ...after,
    localSettings: settings.reduce(
      (text, name) => text && withoutField(text, ['Values', name]),
      app.localSettings,
    ),
  };
  done.push(...settings.map((name): [string, string] => ['local.settings.json', name]));
  const names = used.map(({ packageName }) => packageName);
  // One that ended in a line break was made for them.
  const isOver = after.requirements === '' && app.requirements?.endsWith('\n');
  return {
    root: app.root,
    ...changesIn(app, isOver ? { ...after, requirements: app.requirements } : after, asksFirst),
    removals: isOver ? ['requirements.txt'] : [],
    isWhole: true,
    packageManager: undefined,
    firstCommit: false,
    summary: `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} removed. These lines are gone:\n\n${table(done)}\n\n${settings.length > 0 ? 'In Azure, remove the app settings too. ' : ''}Next:`,
    nextSteps: [
      [`${UNINSTALL[app.installer]} ${names.join(' ')}`, ''],
      ...wheelsOf(names, app.root),
      [app.startCommand, 'starts the app without it'],
    ],
  };
}

/** The extension that was named: by the name of its package, or what is left of that without the prefix. */
async function usedAs(
  typed: string,
  { root, requirements = '' }: PythonApp,
  sources: ReadonlyMap<string, string>,
  system: System,
): Promise<Used> {
  const plain = python.normalName(typed);
  const imports = [...sources.values()].flatMap(classImports);
  for (const packageName of [plain, withPrefix(plain, python.packagePrefix)]) {
    const requirement = requirementIn(requirements, packageName);
    const entry = imports.find(({ module }) => python.normalName(module) === packageName);
    const hasModule = [...sources.values()].some((source) =>
      importsModule(source, python.moduleName(packageName)),
    );
    if (entry || hasModule) {
      const module = python.moduleName(packageName);
      return { packageName, ...(entry ?? { module, className: module }) };
    }
    if (requirement !== undefined) {
      // Its module is called otherwise than the package, so only the package can tell.
      const spec = sourceOf(requirement, packageName, { root, requirements });
      const { module = '', className } = await readPythonExtension(spec, system);
      return { packageName, module, className };
    }
  }
  throw new Refusal(
    `${root} has no extension ${quoted(typed)}: it is neither in requirements.txt nor imported.`,
  );
}

/**
 * From where pip can get what a requirement names: a wheel in wheels/ comes first.
 *
 * @throws Refusal, if it has to be there, and is not.
 */
function sourceOf(
  requirement: string,
  packageName: string,
  { root, requirements = '' }: Pick<PythonApp, 'root' | 'requirements'>,
): string {
  const [wheel] = wheelsIn(root, packageName);
  if (wheel !== undefined) {
    return join(root, wheel);
  }
  if (requirement === packageName && /^--find-links wheels\s*$/m.test(requirements)) {
    throw new Refusal(
      `What switches ${packageName} on cannot be told, since it is not in wheels/. Build it there, or remove its lines by hand.`,
    );
  }
  return requirement;
}

/** The wheels of a package that have been built into the app. */
function wheelsIn(root: string, packageName: string): string[] {
  const folder = join(root, 'wheels');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => python.normalName(file.split('-')[0] ?? '') === packageName)
        .map((file) => `wheels/${file}`)
    : [];
}

function wheelsOf(names: readonly string[], root: string): Step[] {
  return names
    .flatMap((name) => wheelsIn(root, name))
    .map((file) => [`rm ${shell(file)}`, 'would be deployed with the app']);
}

/** The app settings that are there for the extensions that are removed, and for nothing else. */
function settingsOf(
  used: readonly Used[],
  { root, localSettings, requirements = '' }: PythonApp,
  sources: ReadonlyMap<string, string>,
): string[] {
  const code = [...sources].filter(([path]) => !TOOLS.test(path)).map(([, source]) => source);
  const settingsFor = (module: string) =>
    Object.keys(installedExtension(root, module)?.settings ?? {});
  const needed = code.flatMap(classImports).flatMap(({ module }) => settingsFor(module));
  const hasOthers =
    EXTENSION_IN_REQUIREMENTS.test(requirements) ||
    code.some((source) => EXTENSION_IN_CODE.test(masked(source)) || hasEntry(source));
  const own = used.flatMap(({ module }) => settingsFor(module));
  return [...own, ...(hasOthers ? [] : [python.switchSetting])].filter(
    (name) =>
      !needed.includes(name) &&
      localSettings !== undefined &&
      valueAt(localSettings, ['Values', name]) !== undefined,
  );
}
