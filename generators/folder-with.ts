import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder itself, or the nearest one above it, that has something at a path below it. */
export function folderWith(path: string, folder: string): string | undefined {
  if (existsSync(join(folder, path))) {
    return folder;
  }
  return dirname(folder) === folder ? undefined : folderWith(path, dirname(folder));
}
