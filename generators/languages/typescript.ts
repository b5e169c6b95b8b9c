import { quoted, Refusal } from '../refusal.js';
import type { Code, OutputFile } from '../templates/emit.js';
import { scriptSegments } from '../templates/segments.js';
import type { Templates } from '../templates/load.js';
import { js, wellFormed } from '../templates/serialize.js';
import { toQueueName } from './queue-name.js';
import { substitute } from '../templates/substitute.js';
import type { WorkerExtension } from '../worker-extension.js';
import { defaultFunctionName } from './function-name.js';
import type { Language } from './language.js';
import { localHost } from './local-host.js';
import type { PackageNames } from './names.js';
import { commandsOf, type PackageManager, packageManagers } from './package-manager.js';

/** Version that an emitted extension begins with. */
const FIRST_VERSION = '0.1.0';

/**
 * How to depend on the extension beside an app. With npm and pnpm it is never one from a registry;
 * yarn 1 takes the one in the workspace where the version is the same.
 */
const BESIDE: Record<PackageManager, string> = {
  npm: 'file:../extension',
  pnpm: 'workspace:*',
  yarn: FIRST_VERSION,
};

/** A name that npm takes for certain. Most are of this kind, so they need no library. */
const PLAIN_NAME = /^azfunc-extension-[a-z\d-]{1,64}$/;

const code: Code = {
  files: /\.[cm]?[jt]s$/,
  segments: scriptSegments,
  toIdentifier: (functionName) => toIdentifier(functionName),
};

/** TypeScript, for Node.js. Apps that exist may be in JavaScript too. */
export const typescript: Language<'typescript'> = {
  id: 'typescript',
  title: 'TypeScript',
  packagePrefix: 'azfunc-extension-',
  firstVersion: FIRST_VERSION,
  runtime: 'node',
  switchSetting: 'NODE_ENABLE_WORKER_EXTENSIONS',
  packageManagers,
  code,
  tools: /(^|\/)local-host\.(cjs|d\.cts)$/,

  normalName: (name) => name,
  checkPackageName: async (name, typed) => {
    if (PLAIN_NAME.test(name)) {
      return;
    }
    const { default: validate } = await import('validate-npm-package-name');
    const { validForNewPackages, errors = [], warnings = [] } = validate(wellFormed(name));
    if (!validForNewPackages) {
      const [reason] = [...errors, ...warnings];
      throw new Refusal(`${quoted(typed)} does not make an npm package name: ${reason}.`);
    }
  },
  checkFunctionName: () => {
    // Each one that Azure Functions allows is the name of a file.
  },
  fileNames: (words) => [words.join('-'), `${words.join('-')}-extension`],
  moduleName: (packageName) => packageName,
  toIdentifier,

  dependencyBeside: ({ packageManager }) => BESIDE[packageManager],
  entryLines: (extension, functionName) => entryLines(extension, functionName, true),
  callOpening: ({ className, scope }, functionName) =>
    scope === 'app' ? `${className}.configure(` : `new ${className}(${js(functionName)}, `,
  extensionFiles: () => [],
  appFiles: ({ templates, functionName, extension }) => [
    {
      ...functionFile(templates, {
        path: `src/functions/${functionName}.ts`,
        functionName,
        className: extension.className,
        trigger: 'http',
        kind: 'typescript',
      }),
      origin: 'src/functions/HttpTrigger.ts',
    },
    ...localHost(templates, ['local-host.cjs', 'local-host.d.cts']),
  ],
  switchedOn: (files, { extension, functionName, imports }) => {
    const [load, call] = entryLines(extension, functionName, true);
    const before = imports.map((path) => `import ${js(path)};\n`);
    return [...files, { path: 'src/index.ts', contents: `${before.join('')}${load}\n\n${call}\n` }];
  },

  facts: ({ packageManager, ci, weeklyUpdate }) => ({ packageManager, ci, weeklyUpdate }),
  view: (project, names, { extension, standalone }) => ({
    ...appView(project.packageManager, names, extension),
    functionsRange: project.functionsRange,
    ci: project.ci,
    weeklyUpdate: project.weeklyUpdate,
    /** The folder of the package to publish, from the root of what is emitted. */
    packageFolder: standalone ? '.' : './extension',
  }),
  appView: ({ packageManager, functionsRange }, { extension }, names) => ({
    ...appView(packageManager, names, extension),
    functionsRange,
  }),
  packageManager: ({ packageManager }) => packageManager,
  nextSteps: (part, { packageManager }, { request }) => {
    const { run } = commandsOf(packageManager);
    switch (part) {
      case 'extension':
        return [
          [run('test'), 'tests the extension'],
          [run('check:package'), 'checks what npm publish would publish'],
        ];
      case 'function-app':
        return [
          [run('test'), 'tests the app'],
          [run('start:local'), 'runs it on this machine; Ctrl+C stops it'],
          request,
        ];
      case 'workspace':
        return [
          [run('test'), 'tests the extension, and the app with it'],
          [run('start'), 'runs the app on this machine; Ctrl+C stops it'],
          request,
        ];
    }
  },
};

/** What the documents of an app can ask for, whether its extension is made with it or exists. */
function appView(
  packageManager: PackageManager,
  { packageName, folder }: PackageNames,
  { settings }: WorkerExtension,
) {
  return {
    pm: commandsOf(packageManager),
    /** The two packages of a workspace. */
    extensionPackage: { folder: 'extension', name: packageName },
    appPackage: { folder: 'function-app', name: `${folder}-app` },
    /** The app settings that the extension reads, as the Azure CLI takes them. */
    azureSettings: [
      'NODE_ENABLE_WORKER_EXTENSIONS=1',
      ...Object.keys(settings).map((name) => `${name}=<value>`),
    ].join(' '),
  };
}

/**
 * The two lines that switch an extension on.
 *
 * @param functionName The function that it acts on, if it is one of function level.
 * @param isModule Whether they are for a file with `import`, as opposed to `require`.
 */
export function entryLines(
  { packageName, className, scope, options }: WorkerExtension,
  functionName: string,
  isModule: boolean,
): [load: string, call: string] {
  const load = isModule
    ? `import { ${className} } from ${js(packageName)};`
    : `const { ${className} } = require(${js(packageName)});`;
  const given = options ? [js(options)] : [];
  return [
    load,
    scope === 'app'
      ? `${className}.configure(${given.join()});`
      : `new ${className}(${[js(functionName), ...given].join(', ')});`,
  ];
}

/** A function to be written. */
export interface NewFunction {
  path: string;
  functionName: string;
  /** The class of an extension that its file may use; empty for none. */
  className: string;
  trigger: 'http' | 'timer' | 'queue';
  /** What the file is written in: `module` and `commonjs` are JavaScript. */
  kind: 'typescript' | 'module' | 'commonjs';
}

/** The file of a function that shows what its trigger passes to it. */
export function functionFile(
  templates: Templates,
  { path, functionName, className, trigger, kind }: NewFunction,
): OutputFile {
  const folder = templates.layersOf('typescript').functions;
  const ending = kind === 'typescript' ? 'ts' : 'js';
  const file = templates
    .filesIn(folder ?? 'typescript/functions')
    .find((one) => one.path === `${trigger}.${ending}`);
  if (!file) {
    throw new Error(`There is no template of a function with the trigger ${trigger}.`);
  }
  const sample = defaultFunctionName(trigger);
  const contents = substitute(
    templates.textOf(file),
    [
      { from: sample, to: functionName, at: 'prose' },
      { from: sample, to: toIdentifier(functionName, className), at: 'code' },
      { from: toQueueName(sample), to: toQueueName(functionName), at: 'prose' },
    ],
    scriptSegments,
  );
  return {
    path,
    contents:
      kind === 'commonjs'
        ? contents.replace(/^import (\{.*?\}) from ('.*?');$/gm, 'const $1 = require($2);')
        : contents,
  };
}

/** Words of the language, and names that compiled CommonJS uses. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null
  package private protected public return static super switch this throw true try typeof undefined var
  void while with yield async of require exports module Object Promise`.split(/\s+/),
);

/** Names that the file of a function uses itself. */
const TAKEN = new Set([
  'app',
  'HttpRequest',
  'HttpResponseInit',
  'InvocationContext',
  'nameInBody',
]);

/**
 * The name of a function in code: its own one where that is an identifier, `http-trigger` ->
 * `httpTrigger`.
 *
 * @param className The class of the extension, which the file may use too.
 */
function toIdentifier(functionName: string, className = ''): string {
  const identifier = functionName.replace(/-+(.?)/g, (_, next: string) => next.toUpperCase());
  return RESERVED.has(identifier) || TAKEN.has(identifier) || identifier === className
    ? `${identifier}Function`
    : identifier;
}
