import { eolOf } from './text-edits.js';

/*
 * Adds to a file of the user's, line by line, what it lacks. Each line of the user's stays, and wins where both say
 * something of the same thing.
 */

/** Merges lists of patterns: .gitignore, .funcignore. A pattern that the user has excepted is not added. */
export function withPatterns(existing: string, emitted: string): string {
  const own = new Set(linesOf(existing).map((line) => line.trim()));
  const has = (line: string) =>
    own.has(line) ||
    own.has(`!${line}`) ||
    // With and without a slash at the end, they mean the same folder.
    own.has(line.replace(/\/$/, ''));
  return withLines(
    existing,
    linesOf(emitted).filter((line) => line.trim() !== '' && !has(line)),
  );
}

/** Merges lists of what holds for patterns: .gitattributes. */
export function withAttributes(existing: string, emitted: string): string {
  const patternOf = (line: string) => line.trim().split(/\s+/)[0];
  const own = new Set(linesOf(existing).map(patternOf));
  return withLines(
    existing,
    linesOf(emitted).filter((line) => line.trim() !== '' && !own.has(patternOf(line))),
  );
}

/** Merges sections of settings: .editorconfig. What stands before the first section is the user's. */
export function withSections(existing: string, emitted: string): string {
  const headers = [...sectionsOf(emitted).keys()];
  return headers.reduce((text, header) => {
    const wanted = sectionsOf(emitted).get(header) ?? [];
    const own = sectionsOf(text).get(header);
    if (own === undefined) {
      return withLines(text, ['', header, ...wanted]);
    }
    const keys = new Set(own.map(keyOf));
    const missing = wanted.filter((line) => line.trim() !== '' && !keys.has(keyOf(line)));
    const eol = eolOf(text);
    return missing.length === 0 ? text : text.replace(header, () => [header, ...missing].join(eol));
  }, existing);
}

function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of linesOf(text)) {
    if (/^\s*\[.*\]\s*$/.test(line)) {
      current = sections.get(line.trim()) ?? [];
      sections.set(line.trim(), current);
    } else {
      current?.push(line);
    }
  }
  return sections;
}

function keyOf(line: string): string {
  return (line.split(/[=:]/)[0] ?? '').trim().toLowerCase();
}

function withLines(text: string, lines: readonly string[]): string {
  const eol = eolOf(text);
  const start = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  return lines.length === 0 ? text : `${start}${lines.join(eol)}${eol}`;
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}
