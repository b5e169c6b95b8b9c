import { Refusal } from '../refusal.js';
import { pythonSegments } from '../templates/segments.js';
import { eolOf, type Range, withLinesAtEnd, withoutRanges } from './text-edits.js';

/*
 * Changes to Python files of the user's. Everything else stays as it is.
 */

/** Whether a source imports a module, at whatever place. */
export function importsModule(source: string, module: string): boolean {
  return hasImportOf(module, masked(source));
}

function hasImportOf(module: string, code: string): boolean {
  const name = module.replaceAll('.', String.raw`\.`);
  return new RegExp(String.raw`^\s*(?:import|from)\s+${name}(?![\w.])`, 'm').test(code);
}

/**
 * A source with one more import: after the imports that it begins with, or else before its first statement.
 *
 * @param lines The import, and what is to follow it.
 */
export function withImport(source: string, ...lines: readonly string[]): string {
  const position = positionOf(source);
  const before = source.slice(0, position);
  if (/[^\n\uFEFF]$/.test(before)) {
    return withLinesAtEnd(source, lines);
  }
  const eol = eolOf(source);
  return `${before}${lines.map((line) => line + eol).join('')}${source.slice(position)}`;
}

/**
 * A source with the lines that switch extensions on: after the imports that it begins with.
 *
 * @param entries For each extension its import, and the call.
 */
export function withEntries(
  source: string,
  entries: readonly (readonly [load: string, call: string])[],
): string {
  const calls = entries.flatMap(([, call]) => ['', ...call.split('\n')]);
  const needsOs = calls.some((line) => line.includes('(os.')) && !importsModule(source, 'os');
  const loads = entries.map(([load]) => load);
  // Behind the others, it can be told from one of the user's.
  return withImport(source, ...loads, ...(needsOs ? ['import os'] : []), ...calls);
}

/** The modules from which a source imports one class each, as `:use` writes it. */
export function classImports(source: string): { module: string; className: string }[] {
  return statementsIn(source).flatMap(({ code }) => {
    const [, module, className] = IMPORT.exec(code) ?? [];
    return module === undefined || className === undefined ? [] : [{ module, className }];
  });
}

/** Whether a source has an import, and a call of what it imports, as those that switch an extension on. */
export function hasEntry(source: string): boolean {
  const statements = statementsIn(source);
  return classImports(source).some(({ className }) =>
    statements.some(({ code }) => /^[A-Z]/.test(code) && isPlainCall(code, className)),
  );
}

const IMPORT = /^from ([\w.]+) import (\w+)\s*$/;

/**
 * A source without the lines that switch an extension on.
 *
 * @param path For a refusal.
 * @returns Also the lines that are gone.
 * @throws Refusal, if the source does more with the extension, or if somebody has put more into these lines.
 */
export function withoutEntry(
  path: string,
  source: string,
  { module, className }: { module: string; className: string },
): { source: string; gone: string[] } {
  const statements = statementsIn(source);
  const textOf = ({ start, end }: Range) => source.slice(start, end);
  const isBlank = (one: Statement | undefined) => one !== undefined && textOf(one).trim() === '';
  const hasComment = ({ code, start }: Statement) =>
    [...code.matchAll(/ /g)].some(({ index }) => source[start + index] === '#');
  const isLoad = ({ code }: Statement) => code.trimEnd() === `from ${module} import ${className}`;
  const isCall = ({ code }: Statement) => isPlainCall(code, className);
  const own = statements.filter((one) => (isLoad(one) || isCall(one)) && !hasComment(one));
  const rest = statements
    .filter((one) => !own.includes(one))
    .map(({ code }) => code)
    .join('');
  const isUsed = new RegExp(String.raw`\b${className}\b`).test(rest);
  if (isUsed || hasImportOf(module, rest)) {
    throw new Refusal(
      `${path} does more with ${isUsed ? className : module} than to switch it on. Remove that by hand, and try again.`,
    );
  }
  const gone = own.flatMap((one) => {
    const index = statements.indexOf(one);
    const [before, after] = [statements[index - 1], statements[index + 1]];
    const isOs = after?.code.trimEnd() === 'import os' && !hasComment(after);
    const isLastOs = isOs && !/\bos\b/.test(rest.replace(/^(?:import|from)\b.*/gm, ''));
    return isLoad(one)
      ? [one, ...(isLastOs ? [after] : [])]
      : [...(before && isBlank(before) ? [before] : []), one];
  });
  return {
    source: withoutRanges(source, gone),
    gone: gone.map((one) => textOf(one).replace(/\s+/g, ' ').trim()).filter(Boolean),
  };
}

/** Whether a statement is a call that switches an extension on, with nothing in it but literals. */
function isPlainCall(code: string, className: string): boolean {
  const [, given] =
    new RegExp(String.raw`^${className}(?:\.configure)?\(([^]*)\)\s*$`).exec(code) ?? [];
  const rest = given
    ?.replace(/\bos\.path\.join\(os\.environ\["+\], "+\)/, '')
    .replace(/\b\w+\s*=(?!=)/g, '')
    .replace(/\b(?:True|False|None|__file__)\b|-?\b\d[\d.eE+-]*|[[\]{}:,"\s]/g, '');
  return rest === '';
}

/** Where a new import goes. */
function positionOf(source: string): number {
  let position: number | undefined;
  let last = source.startsWith('\uFEFF') ? 1 : 0;
  let isAfterImport = false;
  for (const { code, start, end } of statementsIn(source)) {
    const isImport = /^(?:import|from)\b/.test(code);
    const isDocstring = /^"+\s*$/.test(code) && !isAfterImport && position === undefined;
    if (code.trim() !== '') {
      if (!isImport && !isDocstring) {
        return position ?? start;
      }
      position = end;
      isAfterImport = isImport;
    }
    last = end;
  }
  return position ?? last;
}

/** A source of the same length that is nothing but code: comments are blank, and strings are quotes. */
export function masked(source: string): string {
  return pythonSegments(source)
    .map(({ kind, text }) =>
      kind === 'code' ? text : text.replaceAll(/[^]/g, kind === 'string' ? '"' : ' '),
    )
    .join('');
}

/** A line with its end and with those that continue it, without strings and comments. */
export interface Statement extends Range {
  readonly code: string;
}

/** The lines of a source, each with those that continue it. */
export function statementsIn(source: string): Statement[] {
  const statements: Statement[] = [];
  let start = source.startsWith('\uFEFF') ? 1 : 0;
  let code = '';
  let depth = 0;
  const take = () => {
    statements.push({ code, start, end: start + code.length });
    start += code.length;
    code = '';
    depth = 0;
  };
  for (const line of masked(source)
    .slice(start)
    .split(/(?<=\n)/)) {
    code += line;
    depth += (line.match(/[([{]/g) ?? []).length - (line.match(/[)\]}]/g) ?? []).length;
    if (depth <= 0 && !/\\\r?\n$/.test(line)) {
      take();
    }
  }
  if (code !== '') {
    take();
  }
  return statements;
}
