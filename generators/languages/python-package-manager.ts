import type { PackageManagers } from './package-manager.js';

const names = ['pip', 'uv'] as const;

export type PythonPackageManager = (typeof names)[number];

/** Those of Python. */
export const pythonPackageManagers: PackageManagers<PythonPackageManager> = {
  names,
  files: [
    ['uv.lock', 'uv'],
    ['uv.toml', 'uv'],
  ],
  manifest: 'pyproject.toml',
  namedIn: (text) => (/^\s*\[+tool\.uv[\].]/m.test(text) ? 'uv' : undefined),
  // `uv run` says where it is.
  startedIn: ({ UV: path }) => (path ? 'uv' : undefined),
};

/** A command in the environment of a project. uv finds that by itself; with pip it is the one that is active. */
export function inEnvironment(packageManager: PythonPackageManager, command: string): string {
  return packageManager === 'uv' ? `uv run ${command}` : command;
}
