import { existsSync, readFileSync, statSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Change, InvocationEvent, Shown } from './events.js';

/** A place in a stack: `/app/dist/index.js:7:9`. */
const PLACE = /((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\s()]+?\.[cm]?js):(\d+):(\d+)/g;

interface Known {
  readonly changed: number;
  readonly map: SourceMap | undefined;
}

const maps = new Map<string, Known>();

/** An event whose stacks are those of the sources, where the compiler says which, and without this host. */
export function sourced(event: InvocationEvent, root: string): InvocationEvent {
  const ofHook =
    event.type === 'hookRan'
      ? { ...located(event, root), changes: event.changes.map(changed) }
      : event;
  return 'error' in ofHook && ofHook.error
    ? { ...ofHook, error: { ...ofHook.error, detail: ofSources(ofHook.error.detail) } }
    : ofHook;
}

function changed(change: Change): Change {
  const text = (value: Shown | undefined) => (typeof value === 'string' ? ofSources(value) : value);
  const { what, before, after } = change;
  return what === 'error'
    ? {
        what,
        ...(before !== undefined && { before: text(before) }),
        ...(after !== undefined && { after: text(after) }),
      }
    : change;
}

function ofSources(stack: string): string {
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    if (!line.includes(`${__filename}:`)) {
      lines.push(line);
    } else if (line.endsWith(' {')) {
      // Here the properties of the error begin.
      lines.push(`${lines.pop() ?? ''} {`);
    }
  }
  return withSources(lines.join('\n'));
}

/** Something with the place where it is, from the folder of the app if it is in it. */
export function located<Located extends { readonly location?: string | undefined }>(
  thing: Located,
  root: string,
): Located {
  const location = thing.location === undefined ? undefined : withSources(thing.location);
  return {
    ...thing,
    location: location?.startsWith(root + sep) ? location.slice(root.length + 1) : location,
  };
}

/** A stack, in which places in compiled files are those in their sources, where the compiler says which. */
function withSources(stack: string): string {
  return stack.replace(PLACE, (place, path: string, line: string, column: string) => {
    const file = path.startsWith('file://') ? fileURLToPath(path) : path;
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) {
      return place;
    }
    const { originalSource, originalLine, originalColumn } = entry;
    const source = resolve(dirname(file), originalSource);
    return existsSync(source) ? `${source}:${originalLine + 1}:${originalColumn + 1}` : place;
  });
}

/** A file may be compiled again while the host runs. */
function mapOf(file: string): SourceMap | undefined {
  try {
    const changed = statSync(file).mtimeMs;
    if (maps.get(file)?.changed !== changed) {
      maps.set(file, { changed, map: readMap(file) });
    }
    return maps.get(file)?.map;
  } catch {
    return undefined;
  }
}

function readMap(file: string): SourceMap | undefined {
  const [, name] =
    /^\/\/# sourceMappingURL=(?!data:)(\S+)\s*$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return name === undefined
    ? undefined
    : new SourceMap(JSON.parse(readFileSync(resolve(dirname(file), name), 'utf8')));
}
