import { chmodSync, cpSync, existsSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { readJson, root } from './files.js';
import { newFolder } from './folders.js';
import { run, type RunOptions } from './processes.js';

const { python } = readJson(root, 'templates/support.json') as {
  python: { supported: string[]; tested: string[] };
};

/** The versions of Python that worker extensions are for, newest first. */
export const pythonVersions = python.supported.toReversed();

/** Those, and more that are tested where they are installed; newest first. */
export const testedPythons = python.tested.toReversed();

/** The versions in which Azure Functions runs the hooks itself, newest first. */
export const pythonsWithHooks = pythonVersions.filter(
  (version) => Number(version.split('.')[1]) <= 12,
);

/** All projects that differ. */
export const pythonProjects = (['app', 'function'] as const).flatMap((scope) =>
  (['v2', 'v1'] as const).map((model) => ({ scope, model })),
);

/**
 * Looks for interpreters by the names that they have, and among the versions of pyenv.
 *
 * @param as Who is to use them.
 * @returns The paths of those that work, by version: `3.12`.
 */
export async function findPythons(
  as: RunOptions = { cwd: newFolder() },
): Promise<Map<string, string>> {
  const { stdout: pyenv, failed } = await run('pyenv', ['root'], as);
  const versions = failed ? '' : join(String(pyenv).trim(), 'versions');
  const candidates = [
    ...testedPythons.map((version) => `python${version}`),
    'python3',
    'python',
    ...(existsSync(versions)
      ? readdirSync(versions).map((version) => join(versions, version, 'bin/python'))
      : []),
  ];
  const found = new Map<string, string>();
  for (const candidate of candidates) {
    const { stdout, failed: isMissing } = await run(
      candidate,
      ['-c', "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"],
      as,
    );
    const [version = '', path = ''] = String(stdout).trim().split(' ');
    if (!isMissing && !found.has(version)) {
      found.set(version, path);
    }
  }
  return found;
}

/** Why a test that needs an interpreter and PyPI cannot run here; nothing where it can. */
export async function whyNoPyPI(python: string | undefined): Promise<string | undefined> {
  if (!python) {
    return 'there is no Python that is supported';
  }
  const { failed, stderr } = await run(
    python,
    ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-cache-dir', 'azure-functions<3'],
    { cwd: newFolder() },
  );
  const [reason = ''] = String(stderr)
    .split('\n')
    .filter((line) => line.startsWith('ERROR'));
  return failed ? `PyPI cannot be reached: ${reason}` : undefined;
}

/** An environment in which `python3` is a certain interpreter. */
export function environmentOf(python: string): Record<string, string> {
  return {
    PATH: [binOf(python), process.env.PATH].join(delimiter),
    // Where this is set, pip and its like compile themselves again each time they are run.
    PYTHONDONTWRITEBYTECODE: '',
  };
}

/**
 * Installs tools from PyPI, each in an environment of its own that stays for later tests.
 *
 * @returns The folder of their programs.
 */
export async function toolFrom(python: string, ...packages: string[]): Promise<string> {
  const folder = join(root, 'node_modules/.cache/python-tools', ...packages);
  const bin = join(folder, 'bin');
  if (!existsSync(join(bin, packages[0] ?? ''))) {
    await script(
      [`python3 -m venv --clear ${folder}`, `${bin}/pip install --quiet ${packages.join(' ')}`],
      newFolder(),
      environmentOf(python),
    );
  }
  return bin;
}

/** A folder, open to all users, with nothing but `python3`. */
export function binOf(python: string): string {
  const folder = newFolder('bin');
  chmodSync(folder, 0o755);
  symlinkSync(python, join(folder, 'python3'));
  return folder;
}

/** The folder of a copy of an interpreter that all users can run, without what is not needed. */
export function copyOfPython(python: string): string {
  const from = dirname(dirname(realpathSync(python)));
  const to = newFolder('python');
  chmodSync(to, 0o755);
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/\/(?:test|tests|site-packages|__pycache__|config-[^/]*)$/.test(path),
  });
  return to;
}

/**
 * Runs commands as they stand in a readme.
 *
 * @returns What they have printed.
 * @throws Error with that, if one of them fails.
 */
export async function script(
  commands: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<string> {
  const { failed, all } = await run('bash', ['-e', '-c', commands.join('\n')], { cwd, env });
  if (failed) {
    throw new Error(`${commands.join('\n')}\n\n${all}`);
  }
  return all;
}

/**
 * Installs a workspace in Python, in an environment of its own.
 *
 * @returns Its interpreter.
 */
export async function installedIn(folder: string, python: string): Promise<string> {
  await script(
    [
      'python3 -m venv .venv',
      '.venv/bin/pip install --quiet -e ./extension -r function-app/requirements.txt',
    ],
    folder,
    environmentOf(python),
  );
  return join(folder, '.venv/bin/python');
}
