import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOf } from '../../generators/record.js';
import { filesIn, read, readJson, root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { run } from '../support/processes.js';
import type { Case } from './cases.js';

/** Where the outputs are kept. */
export const golden = join(root, 'golden');

const CLOCK = pathToFileURL(join(root, 'build/tools/golden/clock.js')).href;
/** The local hosts, each with what begins a comment in it. */
const HOSTS = new Map([
  ['local-host.cjs', '//'],
  ['local_host.py', '#'],
]);
const RECORD = '.azfunc-extension.json';

export interface MakeOptions {
  /** What the program finds in its environment: another `node` on the PATH, for one. */
  env?: Record<string, string>;
  /** Another copy of our command line. */
  program?: string;
}

/** Why a case cannot be made here; nothing where it can. */
export async function whyNot({ needsPip = false }: Case): Promise<string | undefined> {
  const isMissing =
    needsPip && (await run('python3', ['-m', 'pip', '--version'], { cwd: root })).failed;
  return isMissing ? 'there is no python3 with pip' : undefined;
}

/**
 * Scaffolds a case, and writes it in the form that golden/ has.
 *
 * @param into The folder for it.
 */
export async function makeGolden(
  { prepare, runs, kept = '.', userAgent }: Case,
  into: string,
  { env = {}, program = join(root, 'bin.cjs') }: MakeOptions = {},
): Promise<void> {
  const folder = newFolder('golden');
  prepare?.(folder);
  const before = contentsOf(join(folder, kept));
  for (const args of runs) {
    const { failed, all } = await run(
      env.PATH ? 'node' : process.execPath,
      ['--import', CLOCK, program, ...args],
      { cwd: folder, env: { ...env, ...(userAgent && { npm_config_user_agent: userAgent }) } },
    );
    assert.ok(!failed, `${args.join(' ')}\n${all}`);
  }
  for (const [file, contents] of contentsOf(join(folder, kept))) {
    if (before.get(file)?.equals(contents)) {
      continue;
    }
    // A .gitignore would count in this repository too.
    const path = join(into, file.replace(/(^|\/)\.gitignore$/, '$1_gitignore'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      HOSTS.has(basename(file))
        ? hostLine(basename(file), contents)
        : file.endsWith(RECORD)
          ? recordWithoutHashes(join(folder, kept, file))
          : contents,
    );
  }
}

function contentsOf(folder: string): Map<string, Buffer> {
  return existsSync(folder)
    ? new Map(filesIn(folder).map((file) => [file, readFileSync(join(folder, file))]))
    : new Map();
}

/** What stands for the local host, which is large, built, and the same everywhere. */
function hostLine(host: string, contents: Buffer): string {
  assert.ok(contents.equals(readFileSync(join(root, 'dist', host))), `${host} is another one.`);
  return `${HOSTS.get(host)} dist/${host}, which "npm run build" makes from local-host/\n`;
}

/** The record of an output without its hashes, which change with every file, and which are right. */
function recordWithoutHashes(path: string): string {
  const record = readJson(path) as { files: Record<string, string> };
  for (const [file, hash] of Object.entries(record.files)) {
    assert.equal(hash, hashOf(read(dirname(path), file)), file);
    record.files[file] = 'its hash';
  }
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** What differs from the output in golden/, as `git diff` shows it; nothing if there is no difference. */
export async function difference(name: string, actual: string): Promise<string> {
  const expected = join(golden, name);
  const { stdout, exitCode, all } = await run(
    'git',
    ['diff', '--no-index', '--no-color', '--no-ext-diff', expected, actual],
    { cwd: root },
  );
  assert.ok(exitCode === 0 || exitCode === 1, all);
  return String(stdout)
    .replaceAll(`b${actual}`, `made/${name}`)
    .replaceAll(`a${expected}`, `golden/${name}`);
}
