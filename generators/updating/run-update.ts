import { relative } from 'node:path';
import type { Typed } from '../questions/flags.js';
import { versionOfPackage } from '../package-root.js';
import type { Reported } from '../report.js';
import { numbered } from '../report.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { table } from '../table.js';
import { shell } from '../templates/serialize.js';
import type { Templates } from '../templates/load.js';
import { refuseObstacles } from '../writing/obstacles.js';
import { commit } from '../writing/write.js';
import { decideUpdate } from './decide-update.js';
import { type Changes, diffOf } from './diff.js';
import { planUpdate, type UpdatePlan } from './plan-update.js';
import type { Fate, FileFate } from './three-way.js';

/**
 * The way of an update: typed, decided, planned, written, reported.
 *
 * @throws Refusal, before anything is written, if something cannot be done.
 */
export async function runUpdate(
  typed: Typed,
  system: System,
  templates: Templates,
): Promise<Reported> {
  const decided = await decideUpdate(typed, system, templates);
  const { check, dryRun, force, ours, theirs } = decided.switches;
  if (ours && theirs) {
    throw new Refusal('--ours and --theirs exclude each other.');
  }
  if (!check && !dryRun && !force) {
    await refuseDirty(decided.root, system);
  }
  const plan = await planUpdate(decided, system, templates);
  const changes = changesOf(plan);
  if (check) {
    return reportCheck(plan, changes, system);
  }
  if (dryRun) {
    const diff = await diffOf(plan.root, changes, system);
    system.terminal.say(diff === '' ? upToDate() : diff);
    return { isComplete: true };
  }
  if (changes.files.length + changes.removals.length + changes.moves.length === 0) {
    system.terminal.say(upToDate());
    return { isComplete: true };
  }
  refuseObstacles(plan.root, changes.files);
  commit(plan.root, changes.files, changes);
  return reportUpdate(plan, system);
}

function changesOf({ fates, moves, record }: UpdatePlan): Changes {
  const files = fates.flatMap(({ path, contents }) =>
    contents === undefined ? [] : [{ path, contents }],
  );
  return {
    files: record ? [...files, record] : files,
    removals: fates.flatMap(({ path, movedFrom, fate, contents }) =>
      fate === 'removed'
        ? [movedFrom ?? path]
        : contents !== undefined && movedFrom
          ? [movedFrom]
          : [],
    ),
    moves,
  };
}

/** @throws Refusal, if git could not show, and undo, what an update has changed. */
async function refuseDirty(root: string, { processes }: System): Promise<void> {
  const { status, stdout } = await processes.git(['status', '--porcelain', '--', '.'], root);
  if (status === 'missing') {
    throw new Refusal('There is no git on the PATH, which is needed to merge.');
  }
  if (status !== 'done') {
    throw new Refusal(
      `${root} is in no git repository, so nothing could be undone. Make one and commit, or add --force.`,
    );
  }
  if (stdout.trim() !== '') {
    throw new Refusal(
      `${root} has changes that are not committed. Commit or stash them, so that you see what the update changes; or add --force.`,
    );
  }
}

function upToDate(): string {
  return `Nothing to update: all is as version ${versionOfPackage()} makes it, but for what you have changed.`;
}

function reportCheck(plan: UpdatePlan, changes: Changes, { terminal }: System): Reported {
  const files = changes.files.filter((file) => file !== plan.record);
  if (files.length + changes.removals.length + changes.moves.length === 0) {
    terminal.say(upToDate());
    return { isComplete: true };
  }
  terminal.say(
    `${listed(plan)}\n\nVersion ${versionOfPackage()} would change this. Run: npx generator-azfunc-extension :update`,
  );
  return { isComplete: false };
}

/** How each fate is called; nothing, if it is not worth a line. */
const CALLED: Record<Fate, string | undefined> = {
  same: undefined,
  kept: undefined,
  replaced: undefined,
  deleted: undefined,
  missing: undefined,
  merged: 'merge',
  conflict: 'conflict',
  created: 'create',
  removed: 'delete',
  left: 'leave',
  'edited tool': undefined,
};

function listed({ fates, moves }: UpdatePlan): string {
  const lines = fates.flatMap(({ path, fate, movedFrom, contents }): string[] => {
    const called = CALLED[fate] ?? (movedFrom && contents !== undefined ? 'move' : undefined);
    const from = movedFrom === undefined || contents === undefined ? '' : ` (from ${movedFrom})`;
    return called === undefined ? [] : [`${called.padStart(9)} ${path}${from}`];
  });
  const count = (fate: Fate) => fates.filter((one) => one.fate === fate).length;
  const counts = [
    [count('replaced'), 'replaced'],
    [count('merged'), 'merged'],
    [count('conflict'), 'with conflicts'],
    [count('created'), 'created'],
    [count('removed'), 'deleted'],
    [count('kept') + count('deleted') + count('missing'), 'kept as you have changed them'],
  ].filter(([number]) => number !== 0);
  return [
    ...lines,
    ...moves.map(([from, to]) => `${'move'.padStart(9)} ${to} (from ${from})`),
    `\nFiles: ${counts.map((pair) => pair.join(' ')).join(', ')}.`,
  ].join('\n');
}

function reportUpdate(plan: UpdatePlan, { cwd, platform, terminal }: System): Reported {
  const { fates, fetched, next, root } = plan;
  const conflicts = fates.filter(({ fate }) => fate === 'conflict');
  terminal.say([listed(plan), ...basesOf(fates, fetched?.failure)].join('\n'));
  const left = fates.filter(({ fate }) => fate === 'left');
  if (left.length > 0) {
    terminal.say(
      `\nNo longer made, and left since you have changed them or they cannot be compared:\n${pathsOf(left)}`,
    );
  }
  const missing = fates.filter(({ fate }) => fate === 'missing');
  if (missing.length > 0) {
    terminal.say(
      `\nYou have deleted or renamed these, so what is new in them is yours to take over:\n${pathsOf(missing)}`,
    );
  }
  if (conflicts.length > 0) {
    terminal.say(
      `\nBoth of you have changed these, so decide:\n${table(conflicts.flatMap(described))}`,
    );
  }
  const folder = relative(cwd, root);
  const { packageManager, nextSteps } = next;
  const steps = [
    ...(folder === '' ? [] : [[`cd ${shell(folder, platform)}`, ''] as const]),
    ['git diff', 'shows what has changed; git stash -u takes it back'] as const,
    ...(packageManager === undefined ? [] : [[`${packageManager} install`, ''] as const]),
    ...nextSteps,
  ];
  terminal.say(`\nUpdated to version ${versionOfPackage()}. Next:\n\n${numbered(steps)}`);
  return { isComplete: conflicts.length === 0 };
}

function pathsOf(fates: readonly FileFate[]): string {
  return fates.map(({ path }) => `  ${path}`).join('\n');
}

function described({ path, fields }: FileFate): [string, string][] {
  return fields === undefined
    ? [[path, 'between <<<<<<< and >>>>>>>']]
    : fields.map((field) => [path, `yours stays; ${field}`]);
}

/** Against what has been merged. */
function basesOf(fates: readonly FileFate[], failure: string | undefined): string[] {
  const counts = new Map<string, number>();
  for (const { base } of fates) {
    if (base !== undefined) {
      counts.set(base, (counts.get(base) ?? 0) + 1);
    }
  }
  const lines = [...counts].map(([base, count]) =>
    base === 'unknown'
      ? `${count} without the old output, so that all that differs is a conflict${failure === undefined ? '' : ` (${failure.trim()} --from names another place)`}`
      : `${count} against the old output from ${base}`,
  );
  return lines.length === 0 ? [] : [`Merged: ${lines.join('; ')}.`];
}
