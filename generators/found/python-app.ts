import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { inEnvironment, pythonPackageManagers } from '../languages/python-package-manager.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { rootOfApp, settingsOf, textOf } from './app.js';
import { packageManagerAround } from './surroundings.js';

/** An existing function app, in Python with programming model v2. */
export interface FoundPythonApp {
  /** The folder, absolute. */
  root: string;
  /** The file that the worker loads, relative to the folder. */
  script: string;
  /** Text of that file. */
  source: string;
  /** App settings for local use, as far as they can be read. */
  settings: Readonly<Record<string, unknown>>;
}

/** An existing function app, in Python with either programming model. */
export interface PythonApp {
  /** The folder, absolute. */
  root: string;
  programmingModel: 'v1' | 'v2';
  /** The files with its functions, by path relative to the folder: in v1 one for each, by their names. */
  scripts: readonly { path: string; source: string; functionNames: readonly string[] }[];
  /** Text of its requirements.txt, if there is one. */
  requirements: string | undefined;
  /** Text of its local.settings.json, if there is one that is not encrypted. */
  localSettings: string | undefined;
  /** What installs it: by requirements.txt, or as a project of uv by pyproject.toml too. */
  installer: 'pip' | 'uv' | 'uv project';
  /** How it is started. */
  startCommand: string;
}

/** Whether there is a function app in Python in a folder, or in the folder `function-app` in it. */
export function isPythonApp(folder: string): boolean {
  const root = [folder, join(folder, 'function-app')].find((one) =>
    existsSync(join(one, 'host.json')),
  );
  if (root === undefined) {
    return false;
  }
  const { FUNCTIONS_WORKER_RUNTIME: runtime } = settingsOf(root);
  return typeof runtime === 'string'
    ? runtime.toLowerCase() === 'python'
    : ['requirements.txt', SCRIPT].some((file) => existsSync(join(root, file))) &&
        !existsSync(join(root, 'package.json'));
}

/**
 * Reads the function app in a folder, or in the folder `function-app` of a project of ours.
 *
 * @throws Refusal, if it has no functions.
 */
export function readPythonFunctions(folder: string, system: Pick<System, 'env'>): PythonApp {
  const root = rootOfApp(folder);
  const settings = settingsOf(root);
  const named = settings['PYTHON_SCRIPT_FILE_NAME'];
  const script = typeof named === 'string' && named !== '' ? named : SCRIPT;
  const source = textOf(join(root, script));
  const isV1 = source === undefined;
  const scripts = isV1
    ? scriptsOfV1(root)
    : [{ path: script, source, functionNames: functionsIn(source) }];
  if (scripts.length === 0) {
    throw new Refusal(
      `${root} has no ${script} and no folder with a function.json, in which an app in Python has its functions.`,
    );
  }
  const localSettings = textOf(join(root, 'local.settings.json'));
  const installer = installerOf(root, system);
  return {
    root,
    programmingModel: isV1 ? 'v1' : 'v2',
    scripts,
    requirements: textOf(join(root, 'requirements.txt')),
    localSettings: /"IsEncrypted"\s*:\s*true/i.test(localSettings ?? '')
      ? undefined
      : localSettings,
    installer,
    startCommand: inEnvironment(
      installer === 'pip' ? 'pip' : 'uv',
      existsSync(join(root, 'local_host.py'))
        ? 'python local_host.py'
        : 'func host start --verbose',
    ),
  };
}

/** By the project around the app. Without a table `project`, uv goes by requirements.txt as pip does. */
function installerOf(root: string, system: Pick<System, 'env'>): PythonApp['installer'] {
  const isUv = packageManagerAround(root, pythonPackageManagers, system)?.name === 'uv';
  const isProject = /^\[project\]/m.test(textOf(join(root, 'pyproject.toml')) ?? '');
  return isUv ? (isProject ? 'uv project' : 'uv') : 'pip';
}

/** All code of an app in Python, by path relative to it with forward slashes: not what is installed in it. */
export function pythonSourcesIn(root: string, folder = ''): Map<string, string> {
  const sources = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    const isEnvironment = existsSync(join(root, path, 'pyvenv.cfg'));
    if (entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name) && !isEnvironment) {
      pythonSourcesIn(root, `${path}/`).forEach((source, file) => sources.set(file, source));
    } else if (entry.isFile() && path.endsWith('.py')) {
      sources.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return sources;
}

/** The functions of an app in v1: each has a folder, with a function.json that names its script. */
function scriptsOfV1(root: string): PythonApp['scripts'] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const functionJson = textOf(join(root, name, 'function.json'));
      const { scriptFile } = (functionJson === undefined ? {} : (parse(functionJson) ?? {})) as {
        scriptFile?: string;
      };
      const path = `${name}/${scriptFile ?? '__init__.py'}`;
      const source = functionJson === undefined ? undefined : textOf(join(root, path));
      return source === undefined ? [] : [{ path, source, functionNames: [name] }];
    });
}

/** The functions that a source declares by decorators: by their names in Azure, or else in Python. */
function functionsIn(source: string): string[] {
  const declared = /^(@[^]*?)^(?:async +)?def +(\w+)/gm;
  return [...source.matchAll(declared)].flatMap(([, decorators = '', name = '']) => {
    const [, , given] =
      /\.function_name\(\s*(?:name\s*=\s*)?(['"])([\w-]+)\1/.exec(decorators) ?? [];
    return /\.(?:route|\w+_trigger|schedule)\(/.test(decorators) ? [given ?? name] : [];
  });
}

/** What the worker loads, unless the setting PYTHON_SCRIPT_FILE_NAME names another file. */
const SCRIPT = 'function_app.py';

/**
 * Reads the function app in a folder, or in the folder `function-app` of a project of ours.
 *
 * @throws Refusal that says why it is none in which a bridge could run hooks.
 */
export function readPythonApp(folder: string): FoundPythonApp {
  const root = rootOfApp(folder);
  const settings = settingsOf(root);
  refuseOtherLanguage(root, settings);
  const named = settings['PYTHON_SCRIPT_FILE_NAME'];
  const script = typeof named === 'string' && named !== '' ? named : SCRIPT;
  const source = textOf(join(root, script));
  if (source === undefined) {
    const functionJson = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${name}/function.json`)
      .find((file) => existsSync(join(root, file)));
    throw new Refusal(
      functionJson === undefined
        ? `${root} has no ${script}, in which an app in Python has its functions.`
        : `${root} uses programming model v1 (${functionJson}). From Python 3.13 on, hooks can run in v2 only: migrate it first, or stay on Python 3.12. https://learn.microsoft.com/azure/azure-functions/functions-reference-python`,
    );
  }
  return { root, script, source, settings };
}

function refuseOtherLanguage(root: string, settings: Readonly<Record<string, unknown>>): void {
  const { FUNCTIONS_WORKER_RUNTIME: runtime } = settings;
  const isNode = existsSync(join(root, 'package.json')) && !existsSync(join(root, SCRIPT));
  const language = typeof runtime === 'string' ? runtime : isNode ? 'node' : 'python';
  if (language.toLowerCase() !== 'python') {
    const reason =
      language.toLowerCase() === 'node' ? ' In Node.js, Azure Functions runs hooks itself.' : '';
    throw new Refusal(
      `${root} is a function app for ${language}. The bridge is for apps in Python.${reason}`,
    );
  }
}
