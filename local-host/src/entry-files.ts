import globby from 'globby';

/**
 * Finds the files that the worker would load, with the library and the settings of the real worker.
 *
 * @param root The folder of the function app.
 * @param main `main` of package.json: a path or a glob such as `dist/src/{index.js,functions/*.js}`.
 * @returns Absolute paths, in the order in which they are loaded.
 */
export function entryFiles(root: string, main: string): string[] {
  return globby.sync(main, { cwd: root, absolute: true });
}
