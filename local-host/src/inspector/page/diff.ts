import type { Change, Shown } from '../events.js';
import { h } from './dom.js';

/** Lines beyond which no difference is looked for, since that takes the product of both. */
const MOST = 600;

/** A value, as people write it: texts as they are, all else as JSON. */
export function written(value: Shown | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

/** What a hook has changed: what was, what has become of it, and what is the same around it. */
export function changeView({ what, before, after }: Change): HTMLElement {
  return h(
    'section',
    { className: 'change' },
    h(
      'h4',
      {},
      before === undefined
        ? `${what} set`
        : after === undefined
          ? `${what} removed`
          : `${what} changed`,
    ),
    before === undefined || after === undefined
      ? h(
          'pre',
          { className: 'diff' },
          ...linesOf(before ?? after, before === undefined ? '+' : '-'),
        )
      : h('pre', { className: 'diff' }, ...difference(before, after)),
  );
}

type Sign = '+' | '-' | ' ';

function linesOf(value: Shown | undefined, sign: Sign): HTMLElement[] {
  return written(value)
    .split('\n')
    .map((line) => lineView(sign, [line]));
}

function difference(before: Shown, after: Shown): HTMLElement[] {
  const [old, young] = [written(before).split('\n'), written(after).split('\n')];
  if (old.length > MOST || young.length > MOST) {
    return [...linesOf(before, '-'), ...linesOf(after, '+')];
  }
  const lines: HTMLElement[] = [];
  let [removed, added]: [string[], string[]] = [[], []];
  const flush = () => {
    const pairs =
      removed.length === added.length
        ? removed.map((line, at) => marked(line, added[at] ?? ''))
        : [];
    lines.push(
      ...removed.map((line, at) => lineView('-', pairs[at]?.[0] ?? [line])),
      ...added.map((line, at) => lineView('+', pairs[at]?.[1] ?? [line])),
    );
    [removed, added] = [[], []];
  };
  for (const [sign, line] of script(old, young)) {
    if (sign === ' ') {
      flush();
      lines.push(lineView(' ', [line]));
    } else {
      (sign === '-' ? removed : added).push(line);
    }
  }
  flush();
  return lines;
}

const SIGNS: Record<Sign, [className: string, spoken: string]> = {
  '+': ['added', 'after: '],
  '-': ['removed', 'before: '],
  ' ': ['same', ''],
};

function lineView(sign: Sign, parts: readonly (string | Node)[]): HTMLElement {
  const [className, spoken] = SIGNS[sign];
  return h(
    'span',
    { className },
    spoken !== '' && h('span', { className: 'hidden' }, spoken),
    h(
      'span',
      { className: 'sign', attributes: { 'aria-hidden': 'true' } },
      sign === '-' ? '−' : sign,
    ),
    h('span', {}, ...parts),
    '\n',
  );
}

/** Two lines, in each of which what the other has not is marked. */
function marked(before: string, after: string): [(string | Node)[], (string | Node)[]] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before.at(-1 - end) === after.at(-1 - end)
  ) {
    end += 1;
  }
  const parts = (line: string) => [
    line.slice(0, start),
    h('mark', {}, line.slice(start, line.length - end)),
    line.slice(line.length - end),
  ];
  return [parts(before), parts(after)];
}

/** The shortest way from some lines to others, by their longest common subsequence. */
function script(old: readonly string[], young: readonly string[]): [Sign, string][] {
  const lengths = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: young.length + 1 }, () => 0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = young.length - 1; column >= 0; column -= 1) {
      (lengths[row] as number[])[column] =
        old[row] === young[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const steps: [Sign, string][] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < young.length) {
    if (row < old.length && old[row] === young[column]) {
      steps.push([' ', old[row] ?? '']);
      row += 1;
      column += 1;
    } else if (
      row < old.length &&
      (column >= young.length || at(row + 1, column) >= at(row, column + 1))
    ) {
      steps.push(['-', old[row] ?? '']);
      row += 1;
    } else {
      steps.push(['+', young[column] ?? '']);
      column += 1;
    }
  }
  return steps;
}
