/*
 * Makes `dist/`: our code with all libraries that it uses, so that users install one package, and Node.js
 * reads a few files in place of hundreds. Their licenses go with them.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { joinModules } from './python.mjs';

/** What is not ASCII becomes an escape, so that no character in the apps' own file is one that nobody sees. */
const ascii = {
  name: 'ascii',
  renderChunk: (code) =>
    code.replaceAll(
      /[^\t\n\r -~]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
};

/** Large, and used by few runs, so it is in one file for both front doors. */
const TOML = '@decimalturn/toml-patch';

/** Bundles some modules, and returns the files that have gone into the bundle. */
async function bundle(input, output, plugins = [], external = []) {
  const { output: chunks } = await build({
    input,
    platform: 'node',
    external,
    // Some have CommonJS that cannot be bundled beside modules that can.
    resolve: { mainFields: ['module', 'main'] },
    // What one library imports late, another one may have imported already.
    checks: { ineffectiveDynamicImport: false },
    plugins,
    output: {
      comments: { legal: false, annotation: false, jsdoc: false },
      // Names stay, for whoever has to read a stack.
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      paths: { [TOML]: '../toml.js' },
      ...output,
    },
  });
  return chunks.flatMap(({ moduleIds = [] }) => moduleIds);
}

/** Says what is wrong with the templates, if something is. */
async function checkTemplates() {
  await bundle(
    { check: 'tools/bundle/check-templates.ts' },
    { dir: 'dist', entryFileNames: '[name].mjs', minify: false },
  );
  const file = resolve('dist/check.mjs');
  const { problem } = await import(pathToFileURL(file).href);
  rmSync(file);
  return problem;
}

/** The commands: as one for this package's own bin, and as generators for `yo`. */
async function buildGenerators() {
  const generators = readdirSync('generators')
    .map((folder) => `generators/${folder}/index`)
    .filter((name) => existsSync(`${name}.ts`));
  const files = [
    // Node.js loads CommonJS quicker.
    ...(await bundle(
      { 'command-line': 'generators/command-line.ts' },
      {
        dir: 'dist/command-line',
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: '[name]-[hash].cjs',
      },
      [],
      [TOML],
    )),
    ...(await bundle(
      Object.fromEntries(generators.map((name) => [name, `${name}.ts`])),
      {
        dir: 'dist',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
      [],
      [TOML],
    )),
    ...(await bundle({ toml: TOML }, { dir: 'dist', entryFileNames: '[name].js', minify: true })),
  ];
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licensesOf(files));
  // yeoman-generator looks for its version in the folder above the file that it is in.
  const main = createRequire(import.meta.url).resolve('yeoman-generator');
  const { version } = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8'));
  writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', version })}\n`);
}

/** The page of the local host's inspector: one file, with its style and its script in it. */
async function inspectorPage() {
  const folder = 'local-host/src/inspector/page';
  const { output } = await build({
    input: `${folder}/main.ts`,
    platform: 'browser',
    write: false,
    output: { format: 'iife', minify: false, comments: false },
  });
  const put = (page, tag, text) =>
    page.replace(`<${tag}></${tag}>`, () => `<${tag}>\n${text.replaceAll('</', '<\\/')}</${tag}>`);
  const html = readFileSync(`${folder}/index.html`, 'utf8');
  const style = readFileSync(`${folder}/page.css`, 'utf8');
  return put(put(html, 'style', style), 'script', output[0].code);
}

/** A module that exports a text, line by line, so that the bundle can be read. */
function textModule(id, text) {
  const lines = text.split('\n').map((line) => JSON.stringify(line));
  return {
    name: id,
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (source) =>
      source === `\0${id}` ? `export default [\n${lines.join(',\n')}\n].join('\\n');` : null,
  };
}

/** The local host: one file, with its licenses, that apps get as it is. */
async function buildLocalHost(html) {
  const { version } = JSON.parse(readFileSync('local-host/package.json', 'utf8'));
  const banner = `// Local host for Azure Functions apps, version ${version}, MIT license. A tool, not yours to edit: yo azfunc-extension:update replaces it.`;
  const output = {
    file: 'dist/local-host.cjs',
    format: 'cjs',
    banner: `#!/usr/bin/env node\n${banner}`,
    codeSplitting: false,
    minify: false,
    comments: false,
  };
  const page = textModule('#inspector-page', html);
  const files = await bundle('local-host/src/index.ts', output, [page, ascii]);
  const licenses = licensesOf(files).replaceAll('*/', '* /');
  const code = readFileSync('dist/local-host.cjs', 'utf8');
  writeFileSync(
    'dist/local-host.cjs',
    `${code}\n/*\n * Licenses of the libraries in this file\n *\n${licenses}*/\n`,
    { mode: 0o755 },
  );
  const types = readFileSync('local-host/src/api.d.cts', 'utf8');
  writeFileSync('dist/local-host.d.cts', `${banner}\n${types}`);
}

/** The local host for Python: one file, which apps get as it is. */
function buildPythonHost(html) {
  const { version } = JSON.parse(readFileSync('local-host/package.json', 'utf8'));
  const banner = `# Local host for Azure Functions apps in Python, version ${version}, MIT license. A tool, not
# yours to edit: yo azfunc-extension:update replaces it.
`;
  if (html.includes('"""')) {
    throw new Error('The page of the inspector has """ in it, which ends a text in Python.');
  }
  const code = joinModules('local-host/python/local_host', ['testing', 'command_line']);
  writeFileSync(
    'dist/local_host.py',
    banner + code.replace('\nPAGE = ""\n', () => `\nPAGE = r"""${html}"""\n`),
  );
}

/** The licenses of the libraries that files belong to. */
function licensesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const notices = [...folders].sort().map((folder) => {
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    const { name, version, license } = JSON.parse(manifest);
    const file = readdirSync(folder).find((one) => /^licen[sc]e/i.test(one));
    const text =
      file === undefined
        ? ''
        : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
    return `${name} ${version} (${license})\n\n${text}`.trim();
  });
  return `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

rmSync('dist', { recursive: true, force: true });
await buildGenerators();
const page = await inspectorPage();
await buildLocalHost(page);
buildPythonHost(page);
const problem = await checkTemplates();
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}
