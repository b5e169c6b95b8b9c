import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { run, type Outcome, type RunOptions } from '../../tools/support/processes.js';

/** A copy of this package as it is built, for tests that change its templates. */
export interface PackageCopy {
  /** Its bin.cjs. */
  program: string;
  /** The folder templates/. */
  templates: string;
  cli(args: string[], options: RunOptions): Promise<Outcome>;
  /** Changes the text of a file in templates/. */
  edit(file: string, change: (text: string) => string): void;
}

export function copyPackage(): PackageCopy {
  const folder = newFolder('package');
  for (const path of ['bin.cjs', 'package.json', 'dist', 'templates']) {
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/[\\/]templates[\\/](.*[\\/])?(node_modules|dist|\.venv)$/.test(source),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const templates = join(folder, 'templates');
  const program = join(folder, 'bin.cjs');
  return {
    program,
    templates,
    cli: (args, options) => run(process.execPath, [program, ...args], options),
    edit(file, change) {
      const path = join(templates, file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    },
  };
}
