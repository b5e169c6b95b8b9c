import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import npa from 'npm-package-arg';
import { quoted, Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { npmErrorIn } from './npm-error.js';
import { fromPackageJson, type WorkerExtension } from '../worker-extension.js';
import { inTemporaryFolder } from './temporary.js';

/**
 * Reads what an extension says of itself. A folder is looked into; all else is fetched by npm, with
 * the user's own settings, into a folder that is then removed. No script of the package is run.
 *
 * @param spec Whatever `npm install` takes.
 * @returns The extension, with the absolute path as its dependency if it is a folder or a tarball.
 * @throws Refusal, if it cannot be had, or if it is no extension.
 */
export async function readExtension(spec: string, system: System): Promise<WorkerExtension> {
  const path = localPath(spec, system.cwd);
  if (path !== undefined && statSync(path).isDirectory()) {
    // A workspace of ours has the extension in a folder of its own.
    const folder = existsSync(join(path, 'extension/package.json'))
      ? join(path, 'extension')
      : path;
    const file = join(folder, 'package.json');
    if (!existsSync(file)) {
      throw new Refusal(`${quoted(spec)} is no worker extension: it has no package.json.`);
    }
    return fromPackageJson(parsed(file), spec, `file:${folder}`);
  }
  return inTemporaryFolder(async (folder) => {
    const manifest = join(folder, 'package.json');
    writeFileSync(manifest, '{}');
    await fetchInto(folder, path ?? spec, spec, system);
    const { dependencies = {} } = parsed(manifest) as { dependencies?: Record<string, string> };
    const [[name, saved] = ['', '']] = Object.entries(dependencies);
    const packageJson = parsed(join(folder, 'node_modules', name, 'package.json'));
    return await fromPackageJson(packageJson, spec, path === undefined ? saved : `file:${path}`);
  });
}

/** The path of a folder or tarball. Unlike npm, this takes `folder/sub` for a folder if it exists. */
function localPath(spec: string, cwd: string): string | undefined {
  const { type, fetchSpec } = npa(spec, cwd);
  const isPath = type === 'file' || type === 'directory';
  const path = isPath && fetchSpec ? fetchSpec : resolve(cwd, spec);
  if (existsSync(path)) {
    return isPath || spec.includes('/') ? path : undefined;
  }
  if (isPath) {
    throw new Refusal(`There is no ${path}.`);
  }
  return undefined;
}

async function fetchInto(
  folder: string,
  target: string,
  spec: string,
  { processes }: System,
): Promise<void> {
  const { status, stderr } = await processes.capture(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--legacy-peer-deps',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--loglevel=error',
      '--',
      target,
    ],
    folder,
  );
  if (status === 'missing') {
    throw new Refusal('There is no npm on the PATH, which is needed to read the extension.');
  }
  if (status !== 'done') {
    throw new Refusal(`npm cannot get ${quoted(spec)}: ${reasonIn(stderr)}`);
  }
}

/** What is wrong, as npm says it, in a sentence. */
export function reasonIn(stderr: string): string {
  return (npmErrorIn(stderr) ?? 'see npm install').replace(/\.?$/, '.');
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${(error as Error).message}`);
  }
}
