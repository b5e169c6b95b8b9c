import { existsSync, readdirSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { planApp } from '../commands/add-app.js';
import { planExtension } from '../commands/create.js';
import type { Plan } from '../commands/plan.js';
import { languages } from '../languages/languages.js';
import { versionOfPackage } from '../package-root.js';
import { hashOf, languageOfRecord, type ProjectRecord, RECORD, recordIn } from '../record.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import type { OutputFile } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';
import type { DecidedUpdate, Made } from './decide-update.js';
import { isSame } from './merge-fields.js';
import { movesFor, readMigrations } from './migrations.js';
import { type Fetched, fetchedOutput, oldOutputOf, once } from './old-output.js';
import { fateOf, type FileFate, type ThreeStates } from './three-way.js';

/** What an update is going to do. */
export interface UpdatePlan {
  root: string;
  /** What becomes of each file. */
  fates: readonly FileFate[];
  /** Files of the owner's that move with the folder that they are in. */
  moves: readonly (readonly [from: string, to: string])[];
  /** The new record, if it says something else than the old one. */
  record: OutputFile | undefined;
  /** Where the old output is from, if it had to be fetched. */
  fetched: Fetched | undefined;
  /** How the new output would be made. */
  next: Plan;
}

/**
 * Plans an update: a three-way merge of the old output, the new output and what the owner has.
 *
 * @throws Refusal, if a file that is not the owner's to edit has been edited.
 */
export async function planUpdate(
  { root, record: earlier, isRecorded, before, after, from, switches }: DecidedUpdate,
  system: System,
  templates: Templates,
): Promise<UpdatePlan> {
  await refuseNewer(earlier);
  const inYear = { ...system, year: earlier.year };
  const planned = (made: Made) => planMade(made, inYear, templates);
  const next = await planned(after);
  const files = new Map(next.files.map((file) => [file.path, file]));
  const newRecord = recordIn(files.get(RECORD)?.contents ?? '');
  files.delete(RECORD);
  const paths = new Set(files.keys());
  const migrations = readMigrations(join(templates.root, 'migrations.json'));
  const language = languageOfRecord(earlier);
  const migrated = (from: Iterable<string>) => movesFor(migrations, earlier, language, from, paths);
  const existing = isRecorded ? [] : filesBelow(root);

  let fetched: Fetched | undefined;
  const fetch = once(async () => {
    const wanted = new Set([...paths, ...migrated(existing).keys(), ...Object.keys(earlier.files)]);
    return (fetched = await fetchedOutput(root, earlier, from, wanted, inYear));
  });
  if (!isRecorded && !switches.force && !switches.ours && !switches.theirs) {
    await refuseUnknownBase(root, await fetch(), system);
  }
  const record = isRecorded ? earlier : { ...earlier, files: hashesOf((await fetch()).files) };
  const moves = new Map([
    ...migrated([...Object.keys(record.files), ...existing]),
    ...(before === after ? [] : renames(await planned(before), next, record)),
  ]);
  const context = {
    root,
    oldOutput: oldOutputOf(root, async () => (await planned(before)).files, fetch, system),
    favour: switches.theirs ? 'theirs' : switches.ours ? 'ours' : undefined,
    tools: languages[language].tools,
    version: `generator-azfunc-extension ${newRecord.version}`,
    system,
  } as const;
  const fates: FileFate[] = [];
  for (const states of statesOf(root, record, files, moves)) {
    fates.push(await fateOf(states, context));
  }
  refuseEditedTools(fates);
  const isNews = !isRecorded || !isSame({ ...earlier, version: '' }, { ...newRecord, version: '' });
  return {
    root,
    fates,
    moves: ownersMoves(root, moves, record, paths),
    record: isNews ? next.files.find(({ path }) => path === RECORD) : undefined,
    fetched,
    next,
  };
}

/** @throws Refusal, if nothing is known of how a project was, so that all that differs would be a conflict. */
async function refuseUnknownBase(
  root: string,
  { files, source, failure }: Fetched,
  { processes }: System,
): Promise<void> {
  if (files.size > 0) {
    return;
  }
  const { stdout } = await processes.git(
    ['log', '--max-parents=0', '--format=%h', 'HEAD', '--', '.'],
    root,
  );
  const [first] = stdout.trim().split('\n');
  const hint = first
    ? `If your first commit has the project as it was generated, add --from ${first}.`
    : 'Add --from and a version, a tarball or a commit.';
  throw new Refusal(
    `There is no record of how the project was generated, and npm cannot get version ${source} (${failure?.trim()}) ${hint} With --force, all that differs becomes a conflict.`,
  );
}

function planMade(made: Made, system: System, templates: Templates): Promise<Plan> {
  return made.command === 'function-app'
    ? planApp(made.decision, made.found, system, templates)
    : planExtension(made.decision, system, templates);
}

async function refuseNewer({ version }: ProjectRecord): Promise<void> {
  const [{ default: gt }, { default: valid }] = await Promise.all([
    import('semver/functions/gt.js'),
    import('semver/functions/valid.js'),
  ]);
  const own = versionOfPackage();
  if (valid(version) !== null && gt(version, own)) {
    throw new Refusal(
      `The project was made by version ${version}, and this is ${own}. Take the newest one: npx generator-azfunc-extension@latest :update`,
    );
  }
}

function hashesOf(files: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, text]) => [path, hashOf(text)]));
}

/** Files that have another name by the answers of now, such as that of the extension. */
function renames(before: Plan, after: Plan, { files }: ProjectRecord): Map<string, string> {
  const result = new Map<string, string>();
  const byOrigin = new Map(after.files.map(({ origin, path }) => [origin, path]));
  for (const { origin, path } of before.files) {
    const target = origin === undefined ? undefined : byOrigin.get(origin);
    if (target !== undefined && target !== path && Object.hasOwn(files, path)) {
      result.set(path, target);
    }
  }
  return result;
}

/** Each file of the old or the new output, in its states. */
function statesOf(
  root: string,
  record: ProjectRecord,
  files: ReadonlyMap<string, OutputFile>,
  moves: ReadonlyMap<string, string>,
): ThreeStates[] {
  const origins = new Map([...moves].map(([from, to]) => [to, from]));
  const gone = Object.keys(record.files).filter((path) => !files.has(path) && !moves.has(path));
  return [...files.keys(), ...gone].map((path) => {
    const from = origins.get(path);
    const isMoved =
      from !== undefined && existsSync(join(root, from)) && !existsSync(join(root, path));
    const oldPath = from !== undefined && Object.hasOwn(record.files, from) ? from : path;
    return {
      path,
      movedFrom: isMoved ? from : undefined,
      oldPath,
      oldHash: record.files[oldPath],
      theirs: files.get(path)?.contents,
    };
  });
}

/** Where a folder moves as a whole, the files that its owner has put into it move along. */
function ownersMoves(
  root: string,
  moves: ReadonlyMap<string, string>,
  record: ProjectRecord,
  next: ReadonlySet<string>,
): (readonly [string, string])[] {
  const folders = new Map(
    [...moves]
      .map(([from, to]) => [posix.dirname(from), posix.dirname(to)] as const)
      .filter(([from, to]) => from !== to && from !== '.'),
  );
  return [...folders].flatMap(([from, to]) => {
    const stays = [...next, ...Object.keys(record.files).filter((one) => !moves.has(one))];
    const isWhole = !stays.some((path) => path.startsWith(`${from}/`));
    return isWhole && existsSync(join(root, from))
      ? filesBelow(join(root, from))
          .map((path) => [`${from}/${path}`, `${to}/${path}`] as const)
          .filter(([one, other]) => !moves.has(one) && !existsSync(join(root, other)))
      : [];
  });
}

const LEFT_BY_TOOLS = /^(node_modules|dist|build|deploy|\.git|\.venv|__pycache__|.*\.egg-info)$/;

function filesBelow(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_BY_TOOLS.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? filesBelow(root, path)
        : [relative(root, path).split(sep).join('/')];
    });
}

function refuseEditedTools(fates: readonly FileFate[]): void {
  const edited = fates.filter(({ fate }) => fate === 'edited tool').map(({ path }) => path);
  if (edited.length > 0) {
    throw new Refusal(
      `${edited.join(', ')} has been edited, and an update replaces it as a whole. Add --theirs to lose these edits, or --ours to stay with them.`,
    );
  }
}
