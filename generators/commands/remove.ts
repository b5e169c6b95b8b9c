import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { FoundApp } from '../found/app.js';
import { filesNamedBy, mainFor, toEntryFile } from '../found/entry-file.js';
import { nearestWith } from '../found/folders.js';
import { withPrefix } from '../languages/names.js';
import { typescript } from '../languages/typescript.js';
import type { DecisionIn } from '../questions/decision.js';
import { quoted, Refusal } from '../refusal.js';
import { table } from '../table.js';
import type { OutputFile } from '../templates/emit.js';
import type { WorkerExtension } from '../worker-extension.js';
import { fromPackageJson } from '../worker-extension.js';
import { valueAt, withField, withoutField } from '../writing/json-edits.js';
import type { Plan } from './plan.js';
import { loads } from './use.js';

/**
 * Plans to remove extensions from an app, with what was added for them: the lines that switch them on, the app
 * settings that nothing else reads, and the dependency.
 *
 * @throws Refusal, if the app has no such extension, or if its code does more with it than to switch it on.
 */
export async function planRemoval(
  { removed }: DecisionIn<'use', 'typescript'>,
  { app }: { app: FoundApp },
): Promise<Plan> {
  const dependencies = dependenciesIn(app.packageJson);
  const names = removed.map((typed) => packageNamed(typed, dependencies, app));
  const sources = names.map((name) => sourcesWithout(name, app)).reduce(merged, new Map());
  const deleted = [...sources].filter(([, text]) => text.trim() === '').map(([path]) => path);
  const main = mainWithout(deleted, app);
  const settings = await settingsOf(names, dependencies, app);
  const localSettings = settings.reduce(
    (text, name) => text && withoutField(text, ['Values', name]),
    app.localSettings,
  );
  const packageJson = [
    ...(main === app.layout.main ? [] : [(text: string) => withField(text, ['main'], main)]),
    ...names.map((name) => (text: string) => withoutField(text, ['dependencies', name])),
  ].reduce((text, change) => change(text), app.packageJson);
  const edits: OutputFile[] = [
    { path: 'package.json', contents: packageJson },
    ...(settings.length > 0 && localSettings !== undefined
      ? [{ path: 'local.settings.json', contents: localSettings }]
      : []),
    ...[...sources]
      .filter(([path]) => !deleted.includes(path))
      .map(([path, contents]) => ({ path, contents })),
  ];
  const done = [
    ['package.json', `no dependency on ${names.join(', ')}`],
    ...(settings.length > 0 ? [['local.settings.json', `without ${settings.join(', ')}`]] : []),
    ...[...sources.keys()].map((path) => [
      path,
      deleted.includes(path) ? 'deleted' : 'without the two lines',
    ]),
  ];
  return {
    root: app.root,
    files: [],
    edits,
    removals: [...deleted, ...deleted.flatMap((path) => compiledFrom(path, app))],
    packageManager: app.packageManager,
    firstCommit: false,
    summary: `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} removed:\n\n${table(done)}\n\nIn Azure, remove the app settings too. Next:`,
    nextSteps: [[app.startCommand, 'starts the app without it']],
  };
}

/** The extension that was named: by the name of its package, or what is left of that without the prefix. */
function packageNamed(
  typed: string,
  dependencies: readonly string[],
  { root, sources }: FoundApp,
): string {
  const name = [typed, withPrefix(typed, typescript.packagePrefix)].find(
    (one) =>
      dependencies.includes(one) || [...sources.values()].some((source) => loads(source, one)),
  );
  if (name === undefined) {
    throw new Refusal(
      `${root} has no extension ${quoted(typed)}. Its dependencies are ${dependencies.join(', ')}.`,
    );
  }
  return name;
}

function dependenciesIn(packageJson: string): string[] {
  const { dependencies = {} } = parse(packageJson.replace(/^\uFEFF/, '')) as {
    dependencies?: object;
  };
  return Object.keys(dependencies);
}

/** The sources that switch an extension on, without the lines for that. */
function sourcesWithout(name: string, { sources }: FoundApp): Map<string, string> {
  const result = new Map<string, string>();
  for (const [path, text] of sources) {
    if (loads(text, name)) {
      result.set(path, withoutLines(path, text, name));
    }
  }
  return result;
}

function merged(all: Map<string, string>, more: Map<string, string>): Map<string, string> {
  for (const path of more.keys()) {
    if (all.has(path)) {
      throw new Refusal(`${path} switches on several of them. Remove one at a time.`);
    }
  }
  return new Map([...all, ...more]);
}

function withoutLines(path: string, text: string, name: string): string {
  const quotedName = `['"]${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}['"]`;
  const load = new RegExp(
    `^(?:import\\s*\\{([^}]*)\\}\\s*from\\s*|(?:const|let|var)\\s*\\{([^}]*)\\}\\s*=\\s*require\\()${quotedName}\\)?;?[^\\S\\n]*\\r?\\n?`,
    'm',
  );
  const [, imported, required = ''] = load.exec(text) ?? [];
  const classes = (imported ?? required).split(',').map((one) => one.trim().replace(/.*\s/, ''));
  const rest = classes
    .filter(Boolean)
    .reduce((code, one) => withoutCalls(code, one), text.replace(load, ''));
  const uses = classes.find((one) => one !== '' && new RegExp(`\\b${one}\\b`).test(rest));
  if (loads(rest, name) || uses !== undefined) {
    throw new Refusal(
      `${path} does more with ${uses ?? name} than to switch it on. Remove that by hand, and try again.`,
    );
  }
  return rest.replace(/^(\s*\n)+/, '').replace(/\n{3,}/g, '\n\n');
}

/** Removes `X.configure(…);`, `new X(…);` and `X.place = …;` where they are statements of their own. */
function withoutCalls(text: string, className: string): string {
  const start = new RegExp(
    `^(?:new\\s+${className}|${className}\\.configure)\\s*\\(|^${className}\\.place\\s*=`,
    'm',
  ).exec(text);
  if (!start) {
    return text;
  }
  const end = endOfStatement(text, start.index + start[0].length, start[0].endsWith('('));
  return withoutCalls(text.slice(0, start.index) + text.slice(end), className);
}

/** Where a statement ends, with its line break: what is in quotes and in brackets does not count. */
function endOfStatement(text: string, from: number, isCall: boolean): number {
  let depth = isCall ? 1 : 0;
  let index = from;
  while (index < text.length && (depth > 0 || !/[;\n]/.test(text.charAt(index)))) {
    const character = text.charAt(index);
    if (/['"`]/.test(character)) {
      const closing = new RegExp(`(?:[^\\\\${character}]|\\\\[^])*${character}`, 'y');
      closing.lastIndex = index + 1;
      index = closing.exec(text) ? closing.lastIndex : text.length;
      continue;
    }
    depth += /[([{]/.test(character) ? 1 : /[)\]}]/.test(character) ? -1 : 0;
    index += 1;
  }
  const [ending = ''] = /^;?[^\S\n]*\r?\n?/.exec(text.slice(index)) ?? [];
  return index + ending.length;
}

/** `main` without the files that are deleted, if it names them. */
function mainWithout(deleted: readonly string[], { layout }: FoundApp): string {
  const named = filesNamedBy(layout.main);
  const kept = named?.filter((loaded) => !deleted.includes(toEntryFile(loaded, layout).path));
  return !named || !kept || kept.length === named.length || kept.length === 0
    ? layout.main
    : mainFor(kept, layout.main);
}

/** What tsc has made of a source, and the worker would go on loading. */
function compiledFrom(path: string, { layout: { compilation, files } }: FoundApp): string[] {
  if (!compilation) {
    return [];
  }
  const roots = compilation.rootDir === undefined ? ['.', 'src'] : [compilation.rootDir];
  return roots
    .map((root) => posix.join(compilation.outDir, posix.relative(root, path)))
    .flatMap((compiled) =>
      ['js', 'js.map', 'd.ts', 'd.ts.map'].map((end) => compiled.replace(/ts$/, end)),
    )
    .filter((file) => file !== path && files.includes(file));
}

/** The app settings that are there for the extensions that are removed, and for nothing else. */
async function settingsOf(
  names: readonly string[],
  dependencies: readonly string[],
  app: FoundApp,
): Promise<string[]> {
  const { localSettings } = app;
  if (localSettings === undefined) {
    return [];
  }
  const removed = await Promise.all(names.map((name) => extensionNamed(name, app)));
  const others = (
    await Promise.all(
      dependencies.filter((name) => !names.includes(name)).map((name) => extensionNamed(name, app)),
    )
  ).filter((one) => one !== undefined);
  const needed = new Set(others.flatMap(({ settings }) => Object.keys(settings)));
  const own = removed.flatMap((one) => Object.keys(one?.settings ?? {}));
  return [...new Set([...own, ...(others.length === 0 ? [typescript.switchSetting] : [])])].filter(
    (name) => !needed.has(name) && valueAt(localSettings, ['Values', name]) !== undefined,
  );
}

/** What an extension that the app depends on says of itself; nothing, if it is none or cannot be read. */
async function extensionNamed(
  name: string,
  { root, packageJson }: FoundApp,
): Promise<WorkerExtension | undefined> {
  const folder = nearestWith(`node_modules/${name}/package.json`, root);
  const range = valueAt(packageJson, ['dependencies', name]);
  const [, path] = /^(?:file|link):(.*)$/.exec(String(range)) ?? [];
  const file =
    folder === undefined
      ? path !== undefined && join(root, path, 'package.json')
      : join(folder, 'node_modules', name, 'package.json');
  if (file === false || !existsSync(file)) {
    return undefined;
  }
  try {
    return await fromPackageJson(JSON.parse(readFileSync(file, 'utf8')), name, String(range));
  } catch {
    return undefined;
  }
}
