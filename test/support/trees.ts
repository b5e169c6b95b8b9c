import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All that is in a folder: the mode of each file and folder, and the contents of each file. */
export function treeOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const mode = (statSync(path).mode & 0o777).toString(8);
        const contents = entry.isFile() ? readFileSync(path, 'base64') : '';
        return [relative(folder, path), `${mode} ${contents}`] as [string, string];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
