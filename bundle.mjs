/*
 * Makes `dist/` of `generators/`: our code with all libraries that it uses, so that users install one
 * package, and Node.js reads a few files in place of hundreds. Their licenses go with them.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const generators = readdirSync('generators')
  .map((folder) => `generators/${folder}/index.ts`)
  .filter((file) => existsSync(file));

/** yeoman-generator looks for its version in a package.json beside it, which is not there then. */
function inlineVersion({ onLoad }) {
  onLoad({ filter: /yeoman-generator.dist.generator\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    const [read] = /JSON\.parse\(readFileSync\(.*package\.json.*\)\)/.exec(text);
    const { version } = JSON.parse(readFileSync(join(dirname(path), '../package.json'), 'utf8'));
    return { contents: text.replace(read, JSON.stringify({ version })), loader: 'js' };
  });
}

/**
 * Loads a library at its first use. These check what was typed, and take a third of the time to load:
 * a run that takes the defaults does not need them.
 */
function atFirstUse({ onResolve, onLoad }) {
  const filter = /^(hosted-git-info|npm-package-arg|semver\/.+)$/;
  onResolve({ filter }, ({ path, resolveDir, kind }) =>
    kind === 'import-statement'
      ? { path, namespace: 'at-first-use', pluginData: resolveDir }
      : undefined,
  );
  onLoad({ filter, namespace: 'at-first-use' }, ({ path, pluginData: resolveDir }) => ({
    contents: `
      const library = () => require(${JSON.stringify(path)});
      export default new Proxy(() => {}, {
        apply: (_, self, values) => library().apply(self, values),
        get: (_, name) => library()[name],
      });`,
    resolveDir,
  }));
}

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['generators/cli.ts', ...generators],
  outbase: 'generators',
  outdir: 'dist/generators',
  chunkNames: '../chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  plugins: [
    { name: 'yeoman-version', setup: inlineVersion },
    { name: 'at-first-use', setup: atFirstUse },
  ],
  // For the libraries that are CommonJS.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
});

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  ),
);
const notices = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[sc]e/i.test(one));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}`.trim();
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
