import type { HookRan, Logged, ShownError } from '../events.js';
import { changeView, written } from './diff.js';
import { duration, h, size } from './dom.js';
import { type Invocation, lengthOf } from './store.js';

type Kind = 'hook' | 'function' | 'response';

interface Span {
  readonly kind: Kind;
  readonly key: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** In short, what came of it. */
  readonly notes: readonly (string | HTMLElement)[];
  /** When it waited for what is further in. */
  readonly waits: readonly { start: number; end: number }[];
  /** What there is to say when it is opened. */
  readonly details: () => (HTMLElement | false)[];
}

/**
 * All that ran around a function, from its start to the last byte, and what was logged meanwhile.
 *
 * @param opened Keys of the rows that are open. It is changed when one is opened or closed.
 */
export function waterfall(invocation: Invocation, opened: Set<string>): HTMLElement {
  const begin = invocation.started.at;
  const length = Math.max(lengthOf(invocation), 0.001);
  const spans = spansOf(invocation);
  const rows = [
    ...nested(spans).map(({ span, depth }) => ({
      at: span.start,
      row: spanRow(span, depth, { begin, length, opened }),
    })),
    ...invocation.logs.map((line) => ({
      at: line.at,
      row: logRow(
        line,
        spans.filter(({ start, end }) => start <= line.at && line.at <= end).length,
        begin,
      ),
    })),
  ].sort((one, other) => one.at - other.at);
  return h(
    'section',
    { className: 'waterfall', attributes: { 'aria-labelledby': 'waterfall-title' } },
    h(
      'div',
      { className: 'scale' },
      h('h3', { id: 'waterfall-title' }, 'What ran'),
      h(
        'span',
        { className: 'ticks', attributes: { 'aria-hidden': 'true' } },
        ...[0, 0.5, 1].map((part) => h('span', {}, part === 0 ? '0' : duration(length * part))),
      ),
    ),
    h('ol', {}, ...rows.map(({ row }) => row)),
  );
}

function logRow({ at, level, message }: Logged, depth: number, begin: number): HTMLElement {
  return h(
    'li',
    { className: `log ${level}` },
    h(
      'span',
      { className: 'name' },
      ...indents(depth),
      h('span', { className: 'level' }, level === 'information' ? 'log' : level),
      h('span', { className: 'message' }, message),
    ),
    h('span', { className: 'time' }, `+${duration(at - begin)}`),
  );
}

function indents(depth: number): HTMLElement[] {
  return Array.from({ length: depth }, () => h('span', { className: 'indent' }));
}

function spansOf({
  hooks,
  functionRan,
  responseStarted,
  responseEnded,
  started,
}: Invocation): Span[] {
  return [
    ...hooks.map((hook, at): Span => ({
      ...hook,
      kind: 'hook',
      key: `hook ${at}`,
      notes: notesOf(hook, functionRan !== undefined),
      waits: hook.next,
      details: () => [
        h('p', { className: 'origin' }, originOf(hook)),
        hook.error ? errorView(hook.error) : false,
        ...hook.changes.map(changeView),
      ],
    })),
    ...(functionRan
      ? [
          {
            ...functionRan,
            kind: 'function' as const,
            key: 'function',
            notes: functionRan.error ? [badge('fails', 'bad')] : [],
            waits: [],
            details: () => [
              valueView('Inputs', written(functionRan.inputs)),
              functionRan.error
                ? errorView(functionRan.error)
                : valueView('Result', written(functionRan.result)),
            ],
          },
        ]
      : []),
    ...(responseStarted
      ? [
          {
            kind: 'response' as const,
            key: 'response',
            name: 'Response',
            start: responseStarted.at,
            end: responseEnded?.at ?? responseStarted.at,
            notes: [
              responseEnded
                ? responseEnded.isComplete
                  ? size(responseEnded.body?.bytes ?? 0)
                  : badge('broken off', 'bad')
                : 'is being sent',
            ],
            waits: [],
            details: () => [],
          },
        ]
      : []),
  ].filter(({ start }) => start >= started.at - 1000);
}

function notesOf(
  { changes, error, isSwallowed, next, hook, location }: HookRan,
  hasRun: boolean,
): (string | HTMLElement)[] {
  const answers =
    !hasRun &&
    next.length === 0 &&
    changes.some(({ what }) => what === 'result' || what === 'handler');
  const recovers =
    hook !== 'preInvocation' &&
    changes.some(({ what, after }) => what === 'error' && after === undefined);
  return [
    ...(answers ? [badge('answers instead', 'note')] : []),
    ...(recovers ? [badge('answers the error', 'note')] : []),
    ...(error ? [badge(isSwallowed ? 'failed, skipped' : 'fails', 'bad')] : []),
    ...(next.length > 1 ? [badge(`next ×${next.length}`, 'note')] : []),
    ...(!answers && !recovers && changes.length > 0
      ? [`changed ${changes.map(({ what }) => what).join(', ')}`]
      : []),
    ...(location === undefined ? [] : [location]),
  ];
}

function originOf({ package: from, next, start, end }: HookRan): string {
  const waited = next.reduce((sum, one) => sum + one.end - one.start, 0);
  return [
    ...(from ? [`${from.name}${from.version === undefined ? '' : ` ${from.version}`}`] : []),
    ...(next.length > 0 ? [`${duration(end - start - waited)} of its own`] : []),
  ].join(' · ');
}

function badge(text: string, kind: 'bad' | 'note'): HTMLElement {
  return h('span', { className: `badge ${kind}` }, text);
}

/** What runs within something else is below it, and further in. */
function nested(spans: readonly Span[]): { span: Span; depth: number }[] {
  const sorted = [...spans].sort((one, other) => one.start - other.start || other.end - one.end);
  const open: Span[] = [];
  return sorted.map((span) => {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) < span.end) {
      open.pop();
    }
    open.push(span);
    return { span, depth: open.length - 1 };
  });
}

function spanRow(
  span: Span,
  depth: number,
  { begin, length, opened }: { begin: number; length: number; opened: Set<string> },
): HTMLElement {
  const { kind, key, name, start, end, notes } = span;
  const details = h('div', { className: 'details', id: `details-${key.replace(' ', '-')}` });
  const isPlain = kind === 'response';
  const content = [
    h(
      'span',
      { className: 'name' },
      ...indents(depth),
      h('span', { className: 'marker' }),
      h(
        'span',
        { className: 'text' },
        h('span', { className: 'what' }, ...named(name)),
        ...notes.map((note) =>
          typeof note === 'string' ? h('span', { className: 'quiet' }, note) : note,
        ),
      ),
    ),
    h(
      'span',
      { className: 'track', attributes: { 'aria-hidden': 'true' } },
      ...bars(span, begin, length),
    ),
    h(
      'span',
      { className: 'time' },
      h('span', { className: 'hidden' }, `starts after ${duration(start - begin)}, takes `),
      duration(end - start),
    ),
  ];
  if (isPlain) {
    return h('li', { className: `span ${kind}` }, h('div', { className: 'row' }, ...content));
  }
  const button = h(
    'button',
    {
      type: 'button',
      className: 'row',
      key,
      attributes: { 'aria-expanded': String(opened.has(key)), 'aria-controls': details.id },
    },
    ...content,
  );
  const show = () => {
    const isOpen = opened.has(key);
    button.setAttribute('aria-expanded', String(isOpen));
    details.hidden = !isOpen;
    details.replaceChildren(...(isOpen ? span.details().filter((one) => one !== false) : []));
  };
  button.addEventListener('click', () => {
    if (!opened.delete(key)) {
      opened.add(key);
    }
    show();
  });
  show();
  return h('li', { className: `span ${kind}` }, button, details);
}

/** `TimerExtension.aroundInvocation`: the class stands out. */
function named(name: string): (string | HTMLElement)[] {
  const [owner, method] = name.split('.');
  return method === undefined
    ? [name]
    : [owner ?? '', h('wbr'), h('span', { className: 'method' }, `.${method}`)];
}

/** Its whole time is light; the time of its own, in which it does not wait, is strong. */
function bars({ start, end, waits }: Span, begin: number, length: number): HTMLElement[] {
  const bar = (className: string, from: number, to: number) => {
    const one = h('span', { className });
    one.style.left = `${Math.max(((from - begin) / length) * 100, 0)}%`;
    one.style.width = `${Math.max(((to - from) / length) * 100, 0)}%`;
    return one;
  };
  const own: [number, number][] = [];
  let from = start;
  for (const wait of waits) {
    own.push([from, wait.start]);
    from = wait.end;
  }
  own.push([from, Math.max(end, from)]);
  return [bar('whole', start, end), ...own.map(([left, right]) => bar('own', left, right))];
}

export function valueView(title: string, text: string): HTMLElement {
  return h('section', { className: 'value' }, h('h4', {}, title), h('pre', {}, text));
}

/** A place in a stack: `/app/src/index.js:7:9`, in brackets or not, or in Python `File "/app/a.py", line 7`. */
const PLACE =
  /((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\s()"]+?):(\d+):(\d+)|(?<=File ")((?:\/|[A-Za-z]:[\\/])[^"]+)", line (\d+)/g;

/** An error with its stack, in which places in files are links to the editor. */
export function errorView({ message, detail }: ShownError): HTMLElement {
  const parts: (string | HTMLElement)[] = [];
  let from = 0;
  for (const place of detail.matchAll(PLACE)) {
    const { 0: text, 1: file = place[4] ?? '', 2: line = place[5], 3: column = 1, index } = place;
    const path = file.replace(/^file:\/\//, '');
    parts.push(
      detail.slice(from, index),
      h(
        'a',
        { href: `vscode://file/${encodeURI(path.replace(/^\//, ''))}:${line}:${column}` },
        text,
      ),
    );
    from = index + text.length;
  }
  return h(
    'section',
    { className: 'error' },
    h('h4', {}, 'Error'),
    h('pre', {}, ...(detail === '' ? [message] : [...parts, detail.slice(from)])),
  );
}
