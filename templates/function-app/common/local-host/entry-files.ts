import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Finds the files that the worker would load: `main` of package.json, which is a path or a glob
 * such as `dist/src/{index.js,functions/*.js}`.
 *
 * @returns Absolute paths in alphabetical order. The worker promises no order at all.
 */
export function entryFiles(root: string, main: string): string[] {
  const patterns = expandBraces(main.replace(/^\.?\//, '')).map(toRegExp);
  return filesBelow(root)
    .filter((file) =>
      patterns.some((pattern) => pattern.test(relative(root, file).split(sep).join('/'))),
    )
    .sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' || entry.name.startsWith('.')
        ? []
        : filesBelow(join(folder, entry.name));
    }
    return [join(folder, entry.name)];
  });
}

/** `a/{b,c{d,e}}` becomes `a/b`, `a/cd` and `a/ce`. */
function expandBraces(glob: string): string[] {
  const [, before = '', choices, after = ''] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(glob) ?? [];
  return choices === undefined
    ? [glob]
    : choices.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

function toRegExp(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[!?[^\]]+\]|[\\^$.|+(){}\]]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return token.startsWith('[') ? token.replace('[!', '[^') : `\\${token}`;
    }
  });
  return new RegExp(`^${source}$`);
}
