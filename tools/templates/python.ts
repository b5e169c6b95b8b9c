import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { OutputPart } from '../../generators/templates/layers.js';
import type { Template, Templates } from '../../generators/templates/load.js';
import { root } from '../support/files.js';
import {
  findPythons,
  pythonsWithHooks,
  pythonVersions,
  testedPythons,
  whyNoPyPI,
} from '../support/python.js';
import { compose, run, type Scope, scopes, type Step } from './steps.js';

/**
 * Virtual environments, which are made once: one in which Azure Functions runs hooks, with all that checks,
 * and one in which the extension sees to that.
 */
const environments = {
  hooks: { versions: pythonsWithHooks, packages: ['mypy', 'opentelemetry-sdk', 'ruff'] },
  bridge: { versions: testedPythons.filter((one) => !pythonsWithHooks.includes(one)), packages: ['opentelemetry-sdk'] },
};
type Environment = keyof typeof environments;
const folderOf = (environment: Environment) =>
  join(root, 'node_modules/.cache/templates-python', environment);
const bin = (name: string, environment: Environment = 'hooks') =>
  join(folderOf(environment), 'bin', name);

/** The oldest Python that the sources are for, as ruff names it: `py310`. */
const OLDEST = `py${pythonVersions.at(-1)!.replace('.', '')}`;

/** What the checks go by: an extension is its own package, and one of others to an app. */
const ISORT: Record<Exclude<OutputPart, 'workspace'>, string[]> = {
  extension: ['lint.isort.known-first-party=["python_worker_extension_*","tests"]'],
  'function-app': [
    'lint.isort.known-first-party=["function_app","HttpTrigger","telemetry","tests"]',
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
 * Makes the environments, if they are not there.
 *
 * @returns Why one that is needed cannot be made, if so. The second is needed where no test may be skipped.
 */
export async function prepareEnvironment(): Promise<string | undefined> {
  const missing = await prepare('hooks');
  const missingToo = await prepare('bridge');
  return missing ?? (process.env.REQUIRE_PYTHON === '1' ? missingToo : undefined);
}

async function prepare(environment: Environment): Promise<string | undefined> {
  const { versions, packages } = environments[environment];
  const made = join(folderOf(environment), 'packages.json');
  const all = ['azure-functions<3', ...packages];
  const wanted = JSON.stringify(all);
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) {
    return undefined;
  }
  const pythons = await findPythons();
  const python = versions.map((version) => pythons.get(version)).find(Boolean);
  const missing = await whyNoPyPI(python);
  if (missing === undefined && python !== undefined) {
    await run(root, python, ['-m', 'venv', '--clear', folderOf(environment)]);
    await run(root, bin('pip', environment), ['install', '--quiet', ...all]);
    writeFileSync(made, wanted);
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
    const sources = ['--isolated', '--target-version', OLDEST, ...paths];
    await run(root, bin('ruff'), ['check', ...config, ...sources]);
    await run(root, bin('ruff'), ['format', '--check', ...sources]);
  }
}

async function checkOutput(id: string, scope: Scope): Promise<void> {
  for (const model of ['v2', 'v1']) {
    const folder = await compose('python', id, { scope, 'programming-model': model });
    const extension = join(folder, 'extension');
    const source = join(extension, 'src');
    const env = { PYTHONPATH: ['.', source].join(delimiter), MYPYPATH: source };
    for (const part of ['extension', 'function-app']) {
      const cwd = join(folder, part);
      await run(cwd, bin('ruff'), ['check', '--no-cache']);
      await run(cwd, bin('ruff'), ['format', '--no-cache', '--check']);
      const cache = join(folderOf('hooks'), 'mypy');
      await run(cwd, bin('mypy'), ['--cache-dir', cache], env);
      for (const python of [bin('python'), bin('python', 'bridge')].filter(existsSync)) {
        await run(cwd, python, ['-m', 'unittest', 'discover', 'tests'], env);
      }
    }
  }
}
