import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { reasonIn } from '../found/extension.js';
import { commandIds } from '../questions/question.js';
import { questionsOf } from '../questions/flags.js';
import { hashOf, type ProjectRecord } from '../record.js';
import { quoted, Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { OutputFile } from '../templates/emit.js';
import { toField } from '../worker-extension.js';
import { inTemporaryFolder } from '../found/temporary.js';

/** A file as it was generated, and where it is from. */
export interface OldFile {
  contents: string;
  source: string;
}

/** Gives files as they were generated; nothing, where nobody has them any more. */
export type OldOutput = (path: string, hash: string | undefined) => Promise<OldFile | undefined>;

const PACKAGE = 'generator-azfunc-extension';

/**
 * Where the old output of a project is. Files are looked for where they are nearest: in git, which knows
 * them by their hash; in what these templates make of the old answers; and in what `fetched` gives, only
 * if a file has to be merged and is nowhere else. None is taken that has another hash.
 *
 * @param madeAgain What these templates make of the old answers.
 * @param fetched What the version that made the project makes of them.
 */
export function oldOutputOf(
  root: string,
  madeAgain: () => Promise<readonly OutputFile[]>,
  fetched: () => Promise<Fetched>,
  { processes }: System,
): OldOutput {
  const own = once(async () => toMap(await madeAgain()));
  return async (path, hash) => {
    if (hash === undefined) {
      return undefined;
    }
    const { status, stdout } = await processes.git(['cat-file', 'blob', hash], root);
    if (status === 'done' && hashOf(stdout) === hash) {
      return { contents: stdout, source: 'git' };
    }
    const again = (await own()).get(path);
    if (again !== undefined && hashOf(again) === hash) {
      return { contents: again, source: 'this version' };
    }
    const { files, source } = await fetched();
    const text = files.get(path);
    return text !== undefined && hashOf(text) === hash ? { contents: text, source } : undefined;
  };
}

export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

function toMap(files: readonly OutputFile[]): Map<string, string> {
  return new Map(files.map(({ path, contents }) => [path, contents]));
}

/** An output that is not of these templates. */
export interface Fetched {
  files: ReadonlyMap<string, string>;
  /** Where it is from. */
  source: string;
  /** Why there is none. */
  failure?: string;
}

/**
 * The output of the version that made a project: what it makes of the answers when it is fetched and run,
 * or what is in a commit.
 *
 * @param from A version, what `npm install` takes, or a commit. Default: the version in the record.
 * @param wanted Paths of the output, for a commit, which has files of the owner's too.
 * @throws Refusal, if `from` is none of these.
 */
export async function fetchedOutput(
  root: string,
  record: ProjectRecord,
  from: string | undefined,
  wanted: ReadonlySet<string>,
  system: System,
): Promise<Fetched> {
  const commit = from === undefined ? undefined : await commitOf(root, from, system);
  if (commit !== undefined) {
    const files = new Map<string, string>();
    for (const path of wanted) {
      const { status, stdout } = await system.processes.git(['show', `${commit}:./${path}`], root);
      if (status === 'done') {
        files.set(path, stdout);
      }
    }
    return { files, source: `commit ${from}` };
  }
  const version = from ?? record.version;
  const path = resolve(system.cwd, version);
  const spec = isVersion(version) ? `${PACKAGE}@${version}` : existsSync(path) ? path : version;
  return inTemporaryFolder(async (folder) => {
    const failure = await installed(spec, folder, system);
    if (failure === undefined) {
      const program = join(folder, 'node_modules', PACKAGE, 'bin.cjs');
      return { files: await runOf(program, record, folder, system), source: version };
    }
    if (from !== undefined) {
      throw new Refusal(
        `--from ${quoted(from)}: git knows no such commit, and npm cannot get such a version: ${failure}`,
      );
    }
    return { files: new Map(), source: version, failure };
  });
}

async function commitOf(
  root: string,
  from: string,
  { processes }: System,
): Promise<string | undefined> {
  if (isVersion(from) || from.startsWith('-')) {
    return undefined;
  }
  const { status, stdout } = await processes.git(
    ['rev-parse', '--verify', '--quiet', `${from}^{commit}`],
    root,
  );
  return status === 'done' ? stdout.trim() : undefined;
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+/.test(text);
}

/** Installs this package in another version. Returns why it cannot be had, if it cannot. */
async function installed(
  spec: string,
  folder: string,
  { processes }: System,
): Promise<string | undefined> {
  const { status, stderr } = await processes.capture(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--loglevel=error',
      '--prefix',
      folder,
      '--',
      spec,
    ],
    folder,
  );
  return status === 'done'
    ? undefined
    : status === 'missing'
      ? 'there is no npm on the PATH.'
      : reasonIn(stderr);
}

/** Runs the command line of another version with the answers of a record. */
async function runOf(
  program: string,
  record: ProjectRecord,
  folder: string,
  { processes }: System,
): Promise<Map<string, string>> {
  const project = join(folder, 'made', 'project');
  const sub = record.command === commandIds[0] ? [] : [`:${record.command}`];
  const around = dirname(project);
  mkdirSync(around);
  writeFileSync(
    join(around, 'package.json'),
    JSON.stringify(record.member ? { private: true, workspaces: ['project'] } : {}),
  );
  let flags = [...flagsOf(record), ...extensionFlag(record, join(around, 'extension'))];
  // A version may not have all the flags of a later one.
  for (;;) {
    const { status, stdout, stderr } = await processes.capture(
      process.execPath,
      [program, ...sub, project, ...flags, '--yes', '--no-git', '--skip-install'],
      around,
    );
    if (status === 'done') {
      return filesBelow(project, record.year);
    }
    const said = `${stdout}\n${stderr}`;
    const [, unknown] =
      /(?:There is no option |^)--(?:no-)?([\w-]+)(?:\.| is for )/m.exec(said) ?? [];
    const fewer = flags.filter((flag) => !new RegExp(`^--(no-)?${unknown}(=|$)`).test(flag));
    if (unknown === undefined || fewer.length === flags.length) {
      throw new Refusal(`The version that made this project does not run: ${said.trim()}`);
    }
    flags = fewer;
  }
}

/** An app is made for an extension: here, for one that says of itself what that one has said. */
function extensionFlag({ extension }: ProjectRecord, folder: string): string[] {
  if (extension === undefined) {
    return [];
  }
  const { packageName, ...about } = extension;
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: packageName,
      version: '0.0.0',
      workerExtension: toField({ ...about, packageName, dependency: '' }),
    }),
  );
  return [`--extension=${folder}`];
}

function flagsOf({ command, answers }: ProjectRecord): string[] {
  return questionsOf(command).flatMap(({ key, flag }) => {
    const value = answers[key];
    switch (value) {
      case undefined:
        return [];
      case true:
        return [`--${flag}`];
      case false:
        return [`--no-${flag}`];
      default:
        return [`--${flag}=${value}`];
    }
  });
}

function filesBelow(folder: string, year: number): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
        return [
          relative(folder, file).split(sep).join('/'),
          // It has been made today.
          /(^|\/)LICENSE$/.test(file)
            ? text.replace(/(Copyright \(c\)) \d{4}\b/, `$1 ${year}`)
            : text,
        ];
      }),
  );
}
