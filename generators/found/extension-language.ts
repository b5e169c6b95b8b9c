import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LanguageId } from '../languages/language.js';
import { python } from '../languages/python.js';

/** Files of a package in Python, and the one of a package for Node.js. */
const PYTHON = ['pyproject.toml', 'setup.py', 'setup.cfg'] as const;
const NODE = 'package.json';

/**
 * The language of an extension, as far as what was typed for it says so.
 *
 * @returns Nothing, if it could be a package for Node.js as well as one in Python.
 */
export function languageOfExtension(spec: string, cwd: string): LanguageId | undefined {
  const path = resolve(cwd, spec.trim());
  const has = (...files: readonly string[]) =>
    ['', 'extension'].some((folder) => files.some((file) => existsSync(join(path, folder, file))));
  const isNamed = python.normalName(spec.trim()).startsWith(python.packagePrefix);
  if (isNamed || spec.trim().endsWith('.whl') || (has(...PYTHON) && !has(NODE))) {
    return 'python';
  }
  return has(NODE) ? 'typescript' : undefined;
}
