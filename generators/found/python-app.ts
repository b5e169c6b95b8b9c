import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.js';
import { rootOfApp, settingsOf, textOf } from './app.js';

/** A function app that exists, in Python with programming model v2. */
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
