import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Bundlers, by the name of their package and of what runs them. */
const BUNDLERS = [
  'esbuild',
  'webpack',
  'rollup',
  'rolldown',
  'tsup',
  'tsdown',
  'parcel',
  'unbuild',
  'bunchee',
  '@vercel/ncc',
] as const;

/** What bundles an app: files of its output are not those of its sources. */
export function bundlerIn({
  scripts,
  dependencies,
}: {
  scripts: Readonly<Record<string, string>>;
  dependencies: Readonly<Record<string, string>>;
}): string | undefined {
  const commands = Object.values(scripts).join('\n');
  const runs = (name: string) => new RegExp(`\\b${name}\\b(?![.\\w-])`).test(commands);
  return (
    BUNDLERS.find((name) => name in dependencies || runs(name.replace(/.*\//, ''))) ??
    // As a part of vitest, it bundles nothing.
    (/\bvite build\b/.test(commands) ? 'vite' : /\bbun build\b/.test(commands) ? 'bun' : undefined)
  );
}

/** Files in the root of an app that may configure a bundler: webpack.config.js, build.mjs, esbuild.mjs. */
const CONFIGURATION = /build|webpack|roll(up|down)|tsup|tsdown|vite\.config|parcel|package\.json/i;

/** Where a bundler may begin if its configuration does not say so. */
const USUAL = ['src/index', 'src/main', 'src/app', 'index', 'main', 'app'];

/**
 * The source where a bundler begins: the first one that the scripts or a configuration name, or the one that usually
 * is.
 *
 * @param sources The sources of the app, by path.
 */
export function bundledSource(
  root: string,
  scripts: Readonly<Record<string, string>>,
  sources: ReadonlyMap<string, string>,
): string | undefined {
  const configurations = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && CONFIGURATION.test(entry.name))
    .map(({ name }) => name);
  const isConfiguration = (path: string) => configurations.includes(path);
  const texts = [
    ...Object.values(scripts),
    ...configurations.map((name) => readFileSync(join(root, name), 'utf8')),
  ];
  const named = texts
    .flatMap((text) => text.split(/[\s'"`,;=()[\]{}]+/))
    .map((word) => posix.normalize(word.replaceAll('\\', '/')));
  return [...named, ...USUAL]
    .flatMap((word) => [
      word,
      ...['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `${word}.${end}`),
    ])
    .find((path) => sources.has(path) && !isConfiguration(path));
}
