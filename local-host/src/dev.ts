import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { StartError } from './errors.js';
import type { Host } from './host.js';
import { installedPackages } from './installed-packages.js';

/** Files that an app is made of when it runs. What is compiled to them is not. */
const RUNNING = /\.([cm]?js|json)$/;

/** How long to wait for further changes, in milliseconds: a compiler writes one file after the other. */
const PAUSE = 100;

/**
 * Compiles what is saved, in the app and in the packages that are linked into it.
 *
 * @returns What ends that.
 * @throws StartError, if there is no compiler.
 */
export function compileOnSave(root: string): () => void {
  const projects = [...linkedFolders(root), root].filter((folder) =>
    existsSync(join(folder, 'tsconfig.json')),
  );
  const compiler = projects.length > 0 ? compilerOf(root) : '';
  const processes = projects.map((cwd): ChildProcess =>
    spawn(process.execPath, [compiler, '--watch', '--preserveWatchOutput'], {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  return () => processes.forEach((one) => one.kill());
}

/** Restarts the app, on the same port, when something that it is made of has changed. */
export function restartOnChange(host: Host, root: string): void {
  const changed = new Set<string>();
  let isWorking = false;
  const work = async () => {
    isWorking = true;
    // What changes in the meantime has it start once more.
    while (changed.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      const [first = '', ...others] = changed;
      changed.clear();
      await host.restart(
        others.length > 0 ? `${first} and others have changed` : `${first} has changed`,
      );
    }
    isWorking = false;
  };
  const noted = (folder: string, name: string | null) => {
    if (name !== null && RUNNING.test(name)) {
      changed.add(relative(root, join(folder, name)));
      if (!isWorking) {
        void work();
      }
    }
  };
  for (const folder of [root, ...linkedFolders(root)]) {
    watchFolder(folder, noted);
  }
}

/** Watches a folder, but for what is installed in it, what is hidden, and what is to be deployed. */
function watchFolder(folder: string, noted: (folder: string, name: string | null) => void): void {
  const watched = new Map<string, FSWatcher>();
  const watchBelow = (name: string) => {
    const path = join(folder, name);
    const isLeftOut = /^(node_modules$|deploy$|\.)/.test(name);
    watched.get(name)?.close();
    if (!isLeftOut && existsSync(path) && statSync(path).isDirectory()) {
      const watcher = watch(path, { recursive: true }, (_, file) => noted(path, file));
      // A folder that is removed ends its watcher.
      watched.set(
        name,
        watcher.on('error', () => watcher.close()),
      );
    }
  };
  readdirSync(folder).forEach(watchBelow);
  watch(folder, (event, name) => {
    noted(folder, name);
    if (event === 'rename' && name !== null && !RUNNING.test(name)) {
      watchBelow(name);
    }
  });
}

function linkedFolders(root: string): string[] {
  return installedPackages(root)
    .filter(({ isLinked }) => isLinked)
    .map(({ folder }) => folder);
}

/** The app's own TypeScript compiler. */
function compilerOf(root: string): string {
  try {
    const file = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    return join(file, '../bin/tsc');
  } catch {
    throw new StartError('TypeScript is not installed. Install the dependencies first.');
  }
}
