import type { DecisionIn } from '../questions/decision.js';
import { oneOf } from '../one-of.js';
import { quoted, Refusal } from '../refusal.js';
import type { Support } from '../templates/load.js';
import { pythonSegments } from '../templates/segments.js';
import { py, toml } from '../templates/serialize.js';
import type { OutputPart } from '../templates/layers.js';
import type { WorkerExtension } from '../worker-extension.js';
import type { Language, Step } from './language.js';
import { localHost } from './local-host.js';
import { inEnvironment, pythonPackageManagers } from './python-package-manager.js';

/** Version that an emitted package begins with: that of Microsoft's tutorial. */
const FIRST_VERSION = '1.0.0';

/** npm has this limit, and the folders of a Python package have to have one, too. */
const MAX_NAME = 214;

/** Python: up to 3.12 Azure Functions runs the hooks, and from 3.13 on the extension sees to that. */
export const python: Language<'python'> = {
  id: 'python',
  title: 'Python',
  packagePrefix: 'python-worker-extension-',
  firstVersion: FIRST_VERSION,
  runtime: 'python',
  switchSetting: 'PYTHON_ENABLE_WORKER_EXTENSIONS',
  packageManagers: pythonPackageManagers,
  code: {
    files: /\.pyi?$/,
    segments: pythonSegments,
    toIdentifier,
  },
  tools: /(^|\/)(local_host|_?bridge)\.pyi?$/,

  // PEP 503
  normalName: (name) => name.toLowerCase().replace(/[-_.]+/g, '-'),
  checkPackageName: (name, typed) => {
    if (!/^[a-z\d]([\w.-]*[a-z\d])?$/i.test(typed.trim())) {
      throw new Refusal(
        `${quoted(typed)} does not make a Python package name: letters and digits, and between them also -, _ and full stops.`,
      );
    }
    if (name.length > MAX_NAME) {
      throw new Refusal(
        `${quoted(typed)} is too long: a package name has at most ${MAX_NAME} letters.`,
      );
    }
  },
  checkFunctionName: (name, { programmingModel }) => {
    if (programmingModel === 'v1' && /^tests$/i.test(name)) {
      throw new Refusal(`${quoted(name)} is the folder of the tests. Take another name.`);
    }
  },
  fileNames: (words) => [words.join('_'), `${words.join('_')}_extension`],
  moduleName,
  toIdentifier,

  dependencyBeside: ({ name }) => `${name}==${FIRST_VERSION}`,
  entryLines: (extension, functionName) => [
    `from ${extension.module ?? moduleName(extension.packageName)} import ${extension.className}`,
    entryCall(extension, functionName, 'v2'),
  ],
  callOpening: ({ className, scope }) =>
    scope === 'app' ? `${className}.configure(` : `${className}(__file__, `,
  // For its tests.
  extensionFiles: (templates) =>
    localHost(templates, ['local_host.py']).map(({ path, contents }) => ({
      path: `tests/${path}`,
      contents,
    })),
  appFiles: ({ templates }) => localHost(templates, ['local_host.py']),
  switchedOn: (files, { extension, functionName, imports, facts: { programmingModel } }) => {
    const entry = programmingModel === 'v1' ? `${functionName}/__init__.py` : 'function_app.py';
    // The source has the call of the default template, in one line or up to a parenthesis that has a line.
    const sample = new RegExp(
      `^${extension.className}(?:\\.configure)?\\((?:.*\\)$|\\n[^]*?^\\)$)`,
      'm',
    );
    return files.map((file) =>
      file.path === entry
        ? {
            ...file,
            contents: withCalls(
              file.contents.replace(sample, () =>
                entryCall(extension, functionName, programmingModel),
              ),
              imports,
            ),
          }
        : file,
    );
  },

  facts: ({ programmingModel = 'v2', ci, packageManager }) => ({
    programmingModel,
    ci,
    packageManager,
  }),
  view: (project, { packageName }, { extension, standalone, support }) => {
    const { author, email, license, repository, programmingModel, packageManager } = project;
    const folder = standalone ? '' : '#subdirectory=extension';
    return {
      moduleName: moduleName(packageName),
      ci: project.ci,
      packageManager,
      /** A command in the environment of the project. */
      run: (command: string) => inEnvironment(packageManager, command),
      /** The folder of the package to publish, from the root of what is emitted. */
      packageFolder: standalone ? '.' : 'extension',
      pythons: pythonsFor(project, support),
      allPythons: pythonsFor(project, support)
        .join(', ')
        .replace(/, ([^,]*)$/, ' and $1'),
      programmingModel,
      /** The versions to develop with: `3.10, 3.11 or 3.12`. */
      neededPythons: oneOf(pythonsFor(project, support)),
      /** The version in the examples. */
      examplePython: pythonsFor(project, support).at(-1),
      keywordArguments: keywordArguments(extension),
      /** The author, as an inline table of TOML has it; empty for none. */
      authorFields: [author && `name = ${toml(author)}`, email && `email = ${toml(email)}`]
        .filter(Boolean)
        .join(', '),
      licenseName: license === 'UNLICENSED' ? 'Proprietary' : license,
      repositoryUrl: repository,
      /** How requirements.txt takes the package from its repository. */
      vcsRequirement: `git+${repository || 'https://github.com/owner/repo'}@main${folder}`,
    };
  },
  packageManager: () => undefined,
  nextSteps: (part, project, { platform, support, request }) => {
    const { packageManager } = project;
    const run = (command: string) => inEnvironment(packageManager, command);
    // Nothing is installed yet.
    const before =
      packageManager === 'uv'
        ? installWithUv(part)
        : [
            ...newEnvironment(platform === 'win32', pythonsFor(project, support)),
            ...installWithPip(part),
          ];
    return part === 'extension'
      ? [...before, [run('python -m unittest discover tests'), 'tests it']]
      : [
          ...before,
          ['cd function-app', ''],
          [run('python -m unittest discover tests'), 'tests the app'],
          [run('python local_host.py'), 'runs it on this machine; Ctrl+C stops it'],
          request,
        ];
  },
};

/** A virtual environment, which is active from then on. */
function newEnvironment(isWindows: boolean, pythons: readonly string[]): Step[] {
  return [
    [`${isWindows ? 'py' : 'python3'} -m venv .venv`, `with Python ${oneOf(pythons)}`],
    [isWindows ? '.venv\\Scripts\\Activate.ps1' : 'source .venv/bin/activate', ''],
  ];
}

function installWithPip(part: OutputPart): Step[] {
  return part === 'extension'
    ? [
        ['python -m pip install --upgrade pip', ''],
        ['pip install -e . --group dev', 'installs it in editable mode, and what checks it'],
      ]
    : [
        [
          'pip install -e ./extension -r function-app/requirements.txt',
          'installs both, the extension in editable mode',
        ],
      ];
}

function installWithUv(part: OutputPart): Step[] {
  const what = part === 'extension' ? 'it, and what checks it' : 'both, and what checks them';
  return [['uv sync', `installs ${what}, into .venv`]];
}

/** The last minor version of Python 3 in which Azure Functions runs hooks, in both programming models. */
const LAST_WITH_HOOKS = 12;

/** The versions in which the hooks of an app run. */
function pythonsFor(
  { programmingModel }: Pick<Partial<DecisionIn<'app', 'python'>>, 'programmingModel'>,
  { python: { supported } }: Support,
): string[] {
  return supported.filter(
    (version) => programmingModel !== 'v1' || Number(version.split('.')[1]) <= LAST_WITH_HOOKS,
  );
}

function moduleName(packageName: string): string {
  return packageName.replaceAll('-', '_');
}

/** The options that a new user begins with: `append_to_http_response=True`. */
function keywordArguments({ options = {} }: WorkerExtension): string[] {
  return Object.entries(options).map(([option, value]) => `${option}=${py(value)}`);
}

/**
 * A source that calls functions of the app's own modules before it switches the extension on.
 *
 * @param paths What it calls: `telemetry.configure_telemetry`.
 */
function withCalls(source: string, paths: readonly string[]): string {
  const called = paths.map((path) => path.split('.') as [module: string, name: string]);
  const imports = called.map(([module, name]) => `\n\nfrom ${module} import ${name}`).join('');
  const calls = called.map(([, name]) => `\n\n${name}()`).join('');
  return source
    .replace(/^from \w+ import \w+Extension$/m, `$&${imports}`)
    .replace(/^logger = .*$/m, `$&${calls}`);
}

/** The longest line that formatters of Python leave as it is. */
const MAX_LINE = 88;

/** The call that switches an extension on, as a formatter would have it. */
export function entryCall(
  extension: WorkerExtension,
  functionName: string,
  programmingModel: 'v1' | 'v2' = 'v2',
): string {
  const { className, scope } = extension;
  const target = programmingModel === 'v1' ? '__file__' : targetOf(functionName, extension);
  const opening = scope === 'app' ? `${className}.configure(` : `${className}(`;
  const given = [...(scope === 'app' ? [] : [target]), ...keywordArguments(extension)];
  const line = `${opening}${given.join(', ')})`;
  return line.length <= MAX_LINE
    ? line
    : [opening, ...given.map((one) => `    ${one},`), ')'].join('\n');
}

/**
 * The function on which an extension acts, in v2. One that is not ours takes a path, of which Azure Functions
 * takes the first folder for the name.
 */
function targetOf(functionName: string, { takesNames = true }: WorkerExtension): string {
  return takesNames
    ? py(functionName)
    : `os.path.join(os.environ["AzureWebJobsScriptRoot"], ${py(functionName)})`;
}

/** `HttpTrigger` and `http-trigger` -> `http_trigger` */
function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2_')
    .toLowerCase()
    .replace(/[-_]+/g, '_')
    .replace(/_$/, '');
}

/** Words of the language that a name in lower case can be, and names that the app's file uses. */
const TAKEN = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield
  app dict func isinstance logger logging name_in_body os str`.split(/\s+/),
);

/** The Python name of a function: `HttpTrigger` -> `http_trigger`. */
function toIdentifier(functionName: string): string {
  const identifier = toSnakeCase(functionName);
  return TAKEN.has(identifier) ? `${identifier}_function` : identifier;
}
