import {
  field,
  fields,
  type JsonValue,
  list,
  oneOf,
  readJson,
  text,
} from '../templates/read-json.js';
import { type OutputPart, outputParts } from '../templates/layers.js';
import type { ProjectRecord } from '../record.js';

/** A file that has another place in the output than in that of an earlier version. */
export interface Migration {
  readonly language: string;
  readonly part: OutputPart;
  /** Path within the part. `*` stands for the same in both, without slashes. */
  readonly from: string;
  readonly to: string;
}

/** Reads `templates/migrations.json`. */
export function readMigrations(path: string): Migration[] {
  const json = readJson(path, 'migrations.json');
  fields(json, ['moves']);
  return list(field(json, 'moves'), readMigration);
}

function readMigration(json: JsonValue): Migration {
  fields(json, ['language', 'part', 'from', 'to']);
  return {
    language: text(field(json, 'language')),
    part: oneOf(field(json, 'part'), outputParts),
    from: text(field(json, 'from')),
    to: text(field(json, 'to')),
  };
}

/**
 * Where files of an earlier version go.
 *
 * @param earlier Paths that the project has, or has had.
 * @param next Paths of the new output. Nothing moves to where that has no file, or from where it has one.
 */
export function movesFor(
  migrations: readonly Migration[],
  { command }: Pick<ProjectRecord, 'command'>,
  language: string,
  earlier: Iterable<string>,
  next: ReadonlySet<string>,
): Map<string, string> {
  const result = new Map<string, string>();
  const meant = migrations.filter((one) => one.language === language);
  for (const path of earlier) {
    if (next.has(path)) {
      continue;
    }
    for (const { part, from, to } of meant) {
      const folder = folderOf(part, command);
      const match = folder === undefined ? null : patternOf(folder + from).exec(path);
      const [, ...parts] = match ?? [];
      const target = match && (folder ?? '') + to.replace(/\*/g, () => parts.shift() ?? '');
      if (target && next.has(target) && ![...result.values()].includes(target)) {
        result.set(path, target);
        break;
      }
    }
  }
  return result;
}

/** Where a part is in the output of a command. */
function folderOf(part: OutputPart, command: ProjectRecord['command']): string | undefined {
  if (command === 'app') {
    return part === 'workspace' ? '' : `${part}/`;
  }
  return part === command ? '' : undefined;
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '([^/]*)');
  return new RegExp(`^${escaped}$`);
}
