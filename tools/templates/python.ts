import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { OutputPart } from '../../generators/templates/layers.js';
import type { Template, Templates } from '../../generators/templates/load.js';
import { root } from '../support/files.js';
import { findPythons, pythonVersions, whyNoPyPI } from '../support/python.js';
import { compose, run, type Scope, scopes, type Step } from './steps.js';

/** A virtual environment, which is made once. */
const environment = join(root, 'node_modules/.cache/templates-python');
const bin = (name: string) => join(environment, 'bin', name);

/** What the checks go by: an extension is its own package, and one of others to an app. */
const ISORT: Record<Exclude<OutputPart, 'workspace'>, string[]> = {
  extension: ['lint.isort.known-first-party=["python_worker_extension_*","tests"]'],
  'function-app': [
    'lint.isort.known-first-party=["function_app","HttpTrigger","tests"]',
    'lint.isort.known-third-party=["python_worker_extension_*"]',
    'lint.per-file-ignores={"*/HttpTrigger/*"=["N999"]}',
  ],
};

/**
 * The templates in Python: the style of their sources in place, then types and tests of what comes of them.
 * A package in Python cannot be spread over several folders, so its types are known only there.
 */
export function pythonSteps(templates: readonly Template[], all: Templates): Step[] {
  const ids = templates.map(({ id }) => id);
  return [
    { name: `python: ${ids.join(', ')} in place`, check: () => checkInPlace(templates, all) },
    ...templates.flatMap(({ id }) =>
      scopes.map((scope) => ({
        name: `python: ${id} at ${scope} level`,
        check: () => checkOutput(id, scope),
      })),
    ),
  ];
}

/**
 * Makes the environment, if it is not there.
 *
 * @returns Why it cannot be made, if so.
 */
export async function prepareEnvironment(): Promise<string | undefined> {
  const done = bin('ruff');
  if (existsSync(done)) {
    return undefined;
  }
  const pythons = await findPythons();
  const python = pythonVersions.map((version) => pythons.get(version)).find(Boolean);
  const missing = await whyNoPyPI(python);
  if (missing === undefined && python !== undefined) {
    await run(root, python, ['-m', 'venv', '--clear', environment]);
    const packages = ['azure-functions<2', 'mypy', 'types-setuptools', 'ruff'];
    await run(root, bin('pip'), ['install', '--quiet', ...packages]);
  }
  return missing;
}

async function checkInPlace(templates: readonly Template[], all: Templates): Promise<void> {
  const { layers } = all.layersOf('python');
  for (const part of ['extension', 'function-app'] as const) {
    const folders = templates.flatMap(({ id }) =>
      layers[part].map(({ folder }) => folder.replace('{template}', id)),
    );
    // ruff takes tags in TOML for mistakes.
    const config = ['exclude=["pyproject.toml"]', ...ISORT[part]].flatMap((one) => ['--config', one]);
    const paths = [...new Set(folders)].map((folder) => join(root, 'templates', folder));
    await run(root, bin('ruff'), ['check', '--isolated', ...config, ...paths]);
    await run(root, bin('ruff'), ['format', '--isolated', '--check', ...paths]);
  }
}

async function checkOutput(id: string, scope: Scope): Promise<void> {
  for (const model of ['v2', 'v1']) {
    const folder = await compose('python', id, { scope, 'programming-model': model });
    const extension = join(folder, 'extension');
    const env = { PYTHONPATH: ['.', extension].join(delimiter), MYPYPATH: extension };
    for (const part of ['extension', 'function-app']) {
      const cwd = join(folder, part);
      await run(cwd, bin('mypy'), ['--strict', '--cache-dir', join(environment, 'mypy'), '.'], env);
      await run(cwd, bin('python'), ['-m', 'unittest', 'discover', 'tests'], env);
    }
  }
}
