import { isAbsolute } from 'node:path';
import { allOf, oneOf } from '../one-of.js';
import { quoted, Refusal } from '../refusal.js';
import type { Facts, OutputPart } from '../templates/layers.js';
import type { Support } from '../templates/load.js';
import { pythonSegments } from '../templates/segments.js';
import { py, shell, toml } from '../templates/serialize.js';
import type { WorkerExtension } from '../worker-extension.js';
import type { Language, Step } from './language.js';
import { BRIDGE_IMPORT, bridgeFile } from './python-bridge.js';
import { localHost } from './local-host.js';
import {
  inEnvironment,
  type PythonPackageManager,
  pythonPackageManagers,
} from './python-package-manager.js';

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
  tools: /(^|\/)(local_host|_?bridge|worker_extension_bridge)\.pyi?$/,

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

  dependencyBeside: () => '../extension',
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
  appFiles: ({ templates, extension, facts }) => [
    ...localHost(templates, ['local_host.py']),
    ...(needsBridge(extension, facts) ? [bridgeFile(templates)] : []),
  ],
  switchedOn: (files, { extension, functionName, imports, facts }) => {
    const { programmingModel } = facts;
    const entry = programmingModel === 'v1' ? `${functionName}/__init__.py` : 'function_app.py';
    // The source has the call of the default template, in one line or up to a parenthesis that has a line.
    const sample = new RegExp(
      `^${extension.className}(?:\\.configure)?\\((?:.*\\)$|\\n[^]*?^\\)$)`,
      'm',
    );
    const call = entryCall(extension, functionName, programmingModel);
    const [load] = python.entryLines(extension, functionName);
    const standard = call.includes('os.path') ? ['import os'] : [];
    const own = needsBridge(extension, facts) ? ['', BRIDGE_IMPORT] : [];
    const withLines = (source: string) =>
      source
        .replace(sample, () => call)
        .replace(/^import logging$/m, (line) => [line, ...standard].join('\n'))
        .replace(`${load}\n`, (line) => line + own.map((one) => `${one}\n`).join(''));
    return files.map((file) =>
      file.path === entry
        ? { ...file, contents: withCalls(withLines(file.contents), imports) }
        : file,
    );
  },

  facts: ({ programmingModel = 'v2', ci = 'none', packageManager }, extension) => ({
    programmingModel,
    ci,
    packageManager,
    wheels: isLocal(extension),
  }),
  view: (project, { packageName }, { extension, standalone, support }) => {
    const { author, email, license, repository } = project;
    const folder = standalone ? '' : '#subdirectory=extension';
    return {
      moduleName: moduleName(packageName),
      ci: project.ci,
      /** The folder of the package to publish, from the root of what is emitted. */
      packageFolder: standalone ? '.' : 'extension',
      ...environmentView(project, support),
      foreignModule: undefined,
      pythons: pythonsFor(project, support),
      allPythons: allOf(pythonsFor(project, support)),
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
  appView: (app, { extension, support }) => ({
    ...environmentView(app, support),
    /** What the app imports of an extension that was not made by this generator, and may have no types. */
    foreignModule: extension.takesNames === false ? extension.module : undefined,
    requirement: requirementOf(extension),
    /** What builds an extension that is on this machine into the app. */
    buildsWheel: isLocal(extension) ? wheelCommand(extension, app.packageManager) : undefined,
    /** What installs it as it is, and as it changes. */
    installsEditable:
      isLocal(extension) && !/\.(?:whl|zip|gz)$/.test(extension.dependency)
        ? `${app.packageManager === 'uv' ? 'uv ' : ''}pip install -e ${shell(extension.dependency)}`
        : undefined,
    hasBridge: needsBridge(extension, { programmingModel: app.programmingModel }),
  }),
  packageManager: () => undefined,
  nextSteps: (part, project, { platform, support, request, extension }) => {
    const run = (command: string) => inEnvironment(project.packageManager, command);
    // Nothing is installed yet.
    const before = installSteps(part, project, extension, { platform, support });
    const app: Step[] = [
      [run('python -m unittest discover tests'), 'tests the app'],
      [run('python local_host.py'), 'runs it on this machine; Ctrl+C stops it'],
      request,
    ];
    switch (part) {
      case 'extension':
        return [...before, [run('python -m unittest discover tests'), 'tests it']];
      case 'function-app':
        return [...before, ...app];
      case 'workspace':
        return [...before, ['cd function-app', ''], ...app];
    }
  },
};

/** How what a part of the output needs gets into a virtual environment. */
function installSteps(
  part: OutputPart,
  project: Model & { packageManager: PythonPackageManager },
  extension: WorkerExtension,
  { platform, support }: { platform: NodeJS.Platform; support: Support },
): Step[] {
  const isWindows = platform === 'win32';
  const pythons = oneOf(pythonsFor(project, support));
  // It is active from then on.
  const environment: Step[] = [
    [`${isWindows ? 'py' : 'python3'} -m venv .venv`, `with Python ${pythons}`],
    [isWindows ? '.venv\\Scripts\\Activate.ps1' : 'source .venv/bin/activate', ''],
  ];
  const wheels = wheelSteps(extension, project.packageManager, platform);
  const steps: Record<PythonPackageManager, Record<OutputPart, Step[]>> = {
    pip: {
      extension: [
        ...environment,
        ['python -m pip install --upgrade pip', ''],
        ['pip install -e . --group dev', 'installs it in editable mode, and what checks it'],
      ],
      workspace: [
        ...environment,
        [
          'pip install -e ./extension -r function-app/requirements.txt',
          'installs both, the extension in editable mode',
        ],
      ],
      'function-app': [...environment, ...wheels, ['pip install -r requirements.txt', '']],
    },
    uv: {
      extension: [['uv sync', 'installs it, and what checks it, into .venv']],
      workspace: [['uv sync', 'installs both, and what checks them, into .venv']],
      'function-app': [['uv venv', ''], ...wheels, ['uv pip install -r requirements.txt', '']],
    },
  };
  return steps[project.packageManager][part];
}

/**
 * Whether an extension is a folder or a file on this machine. It gets into an app by the folder wheels/, which is
 * deployed with the app.
 */
export function isLocal({ dependency }: WorkerExtension): boolean {
  return isAbsolute(dependency) || dependency.startsWith('.');
}

/** The line of requirements.txt for an extension. */
export function requirementOf(extension: WorkerExtension): string {
  return isLocal(extension) ? extension.packageName : extension.dependency;
}

/** How an extension that is on this machine gets into an app, in the folder of that. */
export function wheelSteps(
  extension: WorkerExtension,
  packageManager: PythonPackageManager,
  platform: NodeJS.Platform,
): Step[] {
  return isLocal(extension)
    ? [
        [
          wheelCommand(extension, packageManager, platform),
          'builds it into the app; again whenever it has changed',
        ],
      ]
    : [];
}

function wheelCommand(
  { dependency }: WorkerExtension,
  packageManager: PythonPackageManager,
  platform?: NodeJS.Platform,
): string {
  const path = shell(dependency, platform);
  return packageManager === 'pip'
    ? `pip wheel --no-deps --wheel-dir wheels ${path}`
    : dependency.endsWith('.whl')
      ? `cp ${path} wheels`
      : `uv build --wheel --out-dir wheels ${path}`;
}

interface Model {
  programmingModel?: 'v1' | 'v2' | undefined;
}

/** What documents can ask for of the environment in which an app runs. */
function environmentView(
  project: Model & { packageManager: PythonPackageManager },
  support: Support,
) {
  const { programmingModel, packageManager } = project;
  const pythons = pythonsFor(project, support);
  return {
    programmingModel,
    packageManager,
    /** A command in the environment of the project. */
    run: (command: string) => inEnvironment(packageManager, command),
    /** The versions to develop with: `3.10, 3.11 or 3.12`. */
    neededPythons: oneOf(pythons),
    /** The version in the examples. */
    examplePython: pythons.at(-1),
  };
}

/** Whether an app has to have the bridge: an extension of ours has it, and it is for v2. */
function needsBridge({ takesNames = true }: WorkerExtension, { programmingModel }: Facts): boolean {
  return !takesNames && programmingModel === 'v2';
}

/** The last minor version of Python 3 in which Azure Functions runs hooks, in both programming models. */
const LAST_WITH_HOOKS = 12;

/** The versions in which the hooks of an app run. */
function pythonsFor({ programmingModel }: Model, { python: { supported } }: Support): string[] {
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
