/*
 * Changes to texts of the user's that leave all else byte for byte as it is. What is removed again leaves no
 * trace, so a text whose last line has no end gets none.
 */

/** The end of a line, as a text has it. */
export function eolOf(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** A text with more lines at its end. One that is new ends in a line break. */
export function withLinesAtEnd(text: string | undefined, lines: readonly string[]): string {
  const eol = eolOf(text ?? '');
  const hasEnd = text === undefined || text.endsWith('\n');
  return `${text ?? ''}${text && !hasEnd ? eol : ''}${lines.join(eol)}${hasEnd ? eol : ''}`;
}

/** A range of a text, of whole lines with their ends. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A text without some ranges, which are in order. */
export function withoutRanges(text: string, ranges: readonly Range[]): string {
  const starts = [0, ...ranges.map(({ end }) => end)];
  const rest = starts.map((start, index) => text.slice(start, ranges[index]?.start)).join('');
  const hasLostEnd = ranges.at(-1)?.end === text.length && !text.endsWith('\n');
  return hasLostEnd ? rest.replace(/\r?\n$/, '') : rest;
}
