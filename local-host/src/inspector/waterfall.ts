import type {
  FunctionRan,
  HookRan,
  InspectorEvent,
  InvocationEnded,
  InvocationEvent,
  InvocationStarted,
  Logged,
  ResponseEnded,
  ResponseStarted,
  Time,
} from './events.js';

const BAR = 24;

/** Puts the events of invocations together, and has the waterfall of each printed when it is over. */
export class Waterfalls {
  readonly #running = new Map<string, InvocationEvent[]>();
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Events of invocations that have begun before are left out. */
  add(event: InspectorEvent): void {
    if (event.type === 'app') {
      return;
    }
    if (event.type === 'invocationStarted') {
      this.#running.set(event.invocation, []);
    }
    const events = this.#running.get(event.invocation);
    events?.push(event);
    if (events && isOver(events)) {
      this.#running.delete(event.invocation);
      this.#print(waterfall(events));
    }
  }
}

function isOver(events: readonly InvocationEvent[]): boolean {
  const { started, ended, responseEnded } = partsOf(events);
  return Boolean(ended && (responseEnded || !started?.request));
}

interface Parts {
  started?: InvocationStarted;
  ended?: InvocationEnded;
  responseStarted?: ResponseStarted;
  responseEnded?: ResponseEnded;
  functionRan?: FunctionRan;
  hooks: HookRan[];
  logs: Logged[];
}

function partsOf(events: readonly InvocationEvent[]): Parts {
  const parts: Parts = { hooks: [], logs: [] };
  for (const event of events) {
    switch (event.type) {
      case 'invocationStarted':
        parts.started = event;
        break;
      case 'invocationEnded':
        parts.ended = event;
        break;
      case 'responseStarted':
        parts.responseStarted = event;
        break;
      case 'responseEnded':
        parts.responseEnded = event;
        break;
      case 'functionRan':
        parts.functionRan = event;
        break;
      case 'hookRan':
        parts.hooks.push(event);
        break;
      case 'logged':
        parts.logs.push(event);
    }
  }
  return parts;
}

interface Row {
  readonly start: Time;
  readonly end: Time;
  readonly name: string;
  readonly note: string;
}

/** An invocation as text: a line for what it was, and one for each hook, the function, and each line logged. */
export function waterfall(events: readonly InvocationEvent[]): string {
  const parts = partsOf(events);
  const { started, ended, responseStarted, responseEnded, functionRan, hooks, logs } = parts;
  const begin = started?.at ?? 0;
  const end = Math.max(ended?.at ?? begin, responseEnded?.at ?? begin);
  const rows: Row[] = [
    ...hooks.map((hook) => ({ ...hook, name: hookName(hook), note: noteOf(hook, functionRan) })),
    ...(functionRan
      ? [{ ...functionRan, note: functionRan.error ? failure('fails', functionRan.error) : '' }]
      : []),
    ...(responseStarted && responseEnded
      ? [
          {
            start: responseStarted.at,
            end: responseEnded.at,
            name: 'response',
            note: `${responseEnded.body?.bytes ?? 0} bytes${responseEnded.isComplete ? '' : ', broken off'}`,
          },
        ]
      : []),
  ];
  const lines = nested(rows).map(({ row, depth }) => ({
    at: row.start,
    name: `${'  '.repeat(depth)}${row.name}`,
    row,
  }));
  const width = Math.max(...lines.map(({ name }) => name.length), 0);
  const printed = [
    ...lines.map(({ at, name, row }) => ({
      at,
      text: `${name.padEnd(width)}  ${bar(row, begin, end)}  ${time(row.end - row.start)}  ${row.note}`,
    })),
    ...logs.map(({ at, level, message }) => ({
      at,
      text: `${level}: ${printable(message)}`,
    })),
  ].sort((one, other) => one.at - other.at);
  return [
    headline(parts, end - begin),
    ...printed.map(({ at, text }) => `  ${time(at - begin)}  ${text}`.trimEnd()),
    '',
  ].join('\n');
}

function headline({ started, ended, responseEnded, functionRan }: Parts, length: number): string {
  const request = started?.request;
  return [
    started?.function ?? '',
    request ? `${request.method} ${printable(pathOf(request.url))}` : (started?.trigger ?? ''),
    [
      responseEnded ? String(responseEnded.status) : (ended?.outcome ?? ''),
      time(length).trim(),
      ...(started?.isWatched && !functionRan ? ['the function has not run'] : []),
      ...(ended?.error ? [failure('failed', ended.error)] : []),
    ].join(', '),
  ].join('  ');
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function hookName({ name, package: from, extension, location }: HookRan): string {
  return extension === undefined ? `${name} (${location ?? from?.name ?? 'unknown'})` : name;
}

function noteOf({ changes, error, isSwallowed, next }: HookRan, functionRan?: FunctionRan): string {
  const answers =
    !functionRan && next.length === 0 && changes.some(({ what }) => /result|handler/.test(what));
  return [
    ...(changes.length > 0 ? [`changes ${changes.map(({ what }) => what).join(', ')}`] : []),
    ...(answers ? ['answers in place of the function'] : []),
    ...(next.length > 1 ? [`calls next ${next.length} times`] : []),
    ...(error ? [failure(isSwallowed ? 'fails and is skipped' : 'fails', error)] : []),
  ].join('; ');
}

function failure(how: string, { message }: { readonly message: string }): string {
  return `${how}: ${printable(message)}`;
}

/** What runs within something else is below it, and further in. */
function nested(rows: readonly Row[]): { row: Row; depth: number }[] {
  const sorted = [...rows].sort((one, other) => one.start - other.start || other.end - one.end);
  const open: Row[] = [];
  return sorted.map((row) => {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) < row.end) {
      open.pop();
    }
    open.push(row);
    return { row, depth: open.length - 1 };
  });
}

function bar({ start, end }: Row, begin: Time, last: Time): string {
  const scale = BAR / Math.max(last - begin, 0.001);
  const from = Math.min(Math.max(Math.floor((start - begin) * scale), 0), BAR - 1);
  const to = Math.min(Math.max(Math.ceil((end - begin) * scale), from + 1), BAR);
  return `|${' '.repeat(from)}${'━'.repeat(to - from)}${' '.repeat(BAR - to)}|`;
}

function time(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`.padStart(10);
}

/** On one line, and without what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/\p{Cc}/gu, '');
}
