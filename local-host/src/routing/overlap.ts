import { matchSegment, type Matcher } from './match.js';
import type { Segment } from './template.js';

/** Values that one or another constraint accepts. */
const SAMPLES = [
  'x',
  '1',
  '0',
  '5',
  '10',
  '42',
  '100',
  '1000',
  '12345',
  '-1',
  '1.5',
  'true',
  'abc',
  'name.txt',
  'a-b',
  'abcdefgh',
  'abcdefghijklmnop',
  '2024-05-01',
  'd85b1407-351d-4694-9392-03acc5870eb1',
];

/** A path that both templates match, if one is found. */
export function commonPath(a: Matcher, b: Matcher): string | undefined {
  const most = Math.max(a.segments.length, b.segments.length);
  const least = Math.min(requiredLength(a), requiredLength(b));
  for (let length = least; length <= most; length++) {
    const path = pathOf(a, b, length);
    if (path !== undefined && a.match(path) && b.match(path)) {
      return path;
    }
  }
  return undefined;
}

function pathOf(a: Matcher, b: Matcher, length: number): string | undefined {
  let path = '';
  for (let index = 0; index < length; index++) {
    const segment = commonSegment(a, b, index);
    if (segment === undefined) {
      return undefined;
    }
    path += `/${segment}`;
  }
  return path || '/';
}

/** How many segments a path needs at least. */
function requiredLength({ segments }: Matcher): number {
  const last = segments.findLastIndex(
    ([first, ...others]) =>
      others.length > 0 ||
      first?.kind !== 'parameter' ||
      !(first.isOptional || first.isCatchAll || first.defaultValue !== undefined),
  );
  return last + 1;
}

function commonSegment(a: Matcher, b: Matcher, index: number): string | undefined {
  const [segmentA, segmentB] = [segmentAt(a, index), segmentAt(b, index)];
  return segmentA && segmentB
    ? [...examples(segmentA), ...examples(segmentB), ...SAMPLES].find(
        (text) => accepts(a, segmentA, text) && accepts(b, segmentB, text),
      )
    : undefined;
}

/** A catch-all stands for all segments that follow. */
function segmentAt({ segments }: Matcher, index: number): Segment | undefined {
  const last = segments.at(-1);
  const [part] = last ?? [];
  return segments[index] ?? (part?.kind === 'parameter' && part.isCatchAll ? last : undefined);
}

function accepts(matcher: Matcher, segment: Segment, text: string): boolean {
  const values = {};
  return (
    text !== '' &&
    matchSegment(segment, text, values) &&
    Object.entries<string>(values).every(
      ([name, value]) => isCatchAll(segment) || matcher.accepts(name, value),
    )
  );
}

function isCatchAll([part]: Segment): boolean {
  return part?.kind === 'parameter' && part.isCatchAll;
}

/** Texts that a segment is likely to match: its literals, with samples for its parameters. */
function examples(segment: Segment): string[] {
  return segment.every(({ kind }) => kind !== 'parameter')
    ? [segment.map((part) => (part.kind === 'parameter' ? '' : part.text)).join('')]
    : segment.length === 1
      ? []
      : SAMPLES.map((sample) =>
          segment.map((part) => (part.kind === 'parameter' ? sample : part.text)).join(''),
        );
}
