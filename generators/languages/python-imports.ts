import { pythonSegments } from '../templates/segments.js';

/** Whether a source imports a module, at whatever place. */
export function importsModule(source: string, module: string): boolean {
  const name = module.replaceAll('.', String.raw`\.`);
  return new RegExp(String.raw`^\s*(?:import|from)\s+${name}(?![\w.])`, 'm').test(masked(source));
}

/**
 * A source with one more import: after the imports that it begins with, or else before its first statement.
 *
 * @param line The import, without a line break.
 */
export function withImport(source: string, line: string): string {
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  const position = positionOf(source);
  const before = source.slice(0, position);
  const after = source.slice(position);
  const gap = /^\uFEFF?$|\n$/.test(before) ? '' : eol;
  return `${before}${gap}${line}${eol}${after}`;
}

/** Where a new import goes. */
function positionOf(source: string): number {
  let position: number | undefined;
  let offset = source.startsWith('\uFEFF') ? 1 : 0;
  let isAfterImport = false;
  for (const line of logicalLines(masked(source).slice(offset))) {
    const isImport = /^(?:import|from)\b/.test(line);
    const isDocstring = /^s+\s*$/.test(line) && !isAfterImport && position === undefined;
    if (line.trim() !== '') {
      if (!isImport && !isDocstring) {
        return position ?? offset;
      }
      position = offset + line.length;
      isAfterImport = isImport;
    }
    offset += line.length;
  }
  return position ?? offset;
}

/** A source of the same length that is nothing but code: comments are blank, and strings are `sss`. */
function masked(source: string): string {
  return pythonSegments(source)
    .map(({ kind, text }) =>
      kind === 'code' ? text : text.replaceAll(/[^]/g, kind === 'string' ? 's' : ' '),
    )
    .join('');
}

/** Lines with their ends, each with those that continue it. */
function* logicalLines(code: string): Generator<string, undefined> {
  let line = '';
  let depth = 0;
  for (const part of code.split(/(?<=\n)/)) {
    line += part;
    depth += (part.match(/[([{]/g) ?? []).length - (part.match(/[)\]}]/g) ?? []).length;
    if (depth <= 0 && !/\\\r?\n$/.test(part)) {
      yield line;
      line = '';
      depth = 0;
    }
  }
  if (line !== '') {
    yield line;
  }
}
