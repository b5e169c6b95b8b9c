import { posix } from 'node:path';
import { braceExpand, minimatch } from 'minimatch';

/** What decides where an app takes its code from. All paths are relative to the app, with forward slashes. */
export interface AppLayout {
  /** `main` of package.json: a path or a glob. */
  main: string;
  /** Whether package.json makes `.js` files ES modules. */
  isModule: boolean;
  /** What tsc does with the app's sources; none, if it does not compile them. */
  compilation?: { outDir: string; rootDir: string | undefined };
  /** The app's files, without dependencies. */
  files: readonly string[];
}

/** A file that the worker would load if it were there. */
export interface EntryFile {
  /** Where its source goes. */
  path: string;
  isTypeScript: boolean;
  /** Whether it has `import`, as opposed to `require`. */
  isModule: boolean;
}

/**
 * Where a new source file goes so that `main` covers it, or what is compiled from it.
 *
 * @param name Name of the file, without its ending.
 * @returns Nothing, if `main` names its files one by one, or in a way that is not understood.
 */
export function entryFileFor(name: string, layout: AppLayout): EntryFile | undefined {
  for (const pattern of braceExpand(layout.main.replace(/^\.?\//, ''))) {
    const loaded = loadedBy(pattern, name);
    if (loaded) {
      return toEntryFile(loaded, layout);
    }
  }
  return undefined;
}

/**
 * Where a new source file goes if `main` names its files one by one, and the `main` that names the new one too.
 *
 * @param name Name of the file, without its ending.
 * @returns Nothing, if `main` has patterns.
 */
export function namedEntryFileFor(
  name: string,
  layout: AppLayout,
): (EntryFile & { main: string }) | undefined {
  const named = filesNamedBy(layout.main);
  const [first] = named ?? [];
  if (!named || first === undefined) {
    return undefined;
  }
  const loaded = posix.join(posix.dirname(first), `${name}${posix.extname(first)}`);
  return { ...toEntryFile(loaded, layout), main: mainFor([...named, loaded], layout.main) };
}

/** The files that `main` names, without patterns for what is in a folder; nothing, if it has one. */
export function filesNamedBy(main: string): string[] | undefined {
  const files = braceExpand(main.replace(/^\.?\//, ''));
  return files.every((file) => /\.[cm]?[jt]s$/.test(file) && !/[*?[\]!()]/.test(file))
    ? files
    : undefined;
}

/** A `main` that names some files: `dist/{index,timer}.js`. */
export function mainFor(files: readonly string[], main: string): string {
  const [start = ''] = /^(\.?\/)?/.exec(main) ?? [];
  const [first = '', ...others] = files;
  if (others.length === 0) {
    return `${start}${first}`;
  }
  let folder = posix.dirname(first);
  while (folder !== '.' && !files.every((file) => file.startsWith(`${folder}/`))) {
    folder = posix.dirname(folder);
  }
  const below = files.map((file) => posix.relative(folder, file));
  const ending = posix.extname(first);
  // In the style of the one that is there: {index.js,timer.js} or {index,timer}.js.
  const isShort = !/\.[cm]?[jt]s[,}]/.test(main) && below.every((file) => file.endsWith(ending));
  const names = isShort
    ? `{${below.map((file) => file.slice(0, -ending.length)).join(',')}}${ending}`
    : `{${below.join(',')}}`;
  return `${start}${posix.join(folder, names)}`;
}

/** `dist/functions/*.js` loads `dist/functions/name.js`. */
function loadedBy(pattern: string, name: string): string | undefined {
  const folder = posix.dirname(pattern).replace(/(^|\/)\*\*$/, '');
  const loaded = posix.join(folder, posix.basename(pattern).replace(/\*+/, name));
  return /\.[cm]?[jt]s$/.test(loaded) && loaded !== pattern && minimatch(loaded, pattern)
    ? loaded
    : undefined;
}

/** The source of a file that the worker loads. */
export function toEntryFile(loaded: string, layout: AppLayout): EntryFile {
  if (/\.[cm]?ts$/.test(loaded)) {
    return { path: loaded, isTypeScript: true, isModule: true };
  }
  const source = layout.compilation && sourceOf(loaded, layout.compilation, layout.files);
  return source === undefined
    ? {
        path: loaded,
        isTypeScript: false,
        isModule: loaded.endsWith('.mjs') || (layout.isModule && !loaded.endsWith('.cjs')),
      }
    : { path: source, isTypeScript: true, isModule: true };
}

/** What tsc compiles to a file. */
function sourceOf(
  loaded: string,
  { outDir, rootDir }: { outDir: string; rootDir: string | undefined },
  files: readonly string[],
): string | undefined {
  const below = posix.relative(outDir, loaded).replace(/js$/, 'ts');
  if (below.startsWith('..')) {
    return undefined;
  }
  // Without `rootDir`, tsc takes the folder that all sources have in common.
  const candidates = (rootDir === undefined ? ['.', 'src'] : [rootDir]).map((root) =>
    posix.join(root, below),
  );
  const hasSources = (path: string) =>
    files.some((file) => posix.dirname(file) === posix.dirname(path) && /\.[cm]?ts$/.test(file));
  const likely = below.startsWith('src/') ? candidates[0] : candidates.at(-1);
  return candidates.find(hasSources) ?? likely;
}
