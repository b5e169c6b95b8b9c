/** A literal text, or a parameter. `separator` is the point before an optional extension. */
export type Part =
  | { readonly kind: 'literal' | 'separator'; readonly text: string }
  | ({ readonly kind: 'parameter' } & Parameter);

/** `{name:constraint(1)=default}`, `{name?}`, `{*name}` */
export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  readonly isCatchAll: boolean;
  readonly defaultValue: string | undefined;
  /** As written: `int`, `range(1,9)`. */
  readonly constraints: readonly string[];
}

/** What is between two slashes: one part, or several as in `{name}.{extension?}`. */
export type Segment = readonly Part[];

/** A route template, taken apart. */
export interface Template {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** A template that ASP.NET refuses. The message says why, in a clause. */
export class TemplateError extends Error {}

/**
 * Takes a route template apart by ASP.NET's rules.
 *
 * @throws TemplateError
 */
export function parseTemplate(text: string): Template {
  if (text.startsWith('~') && !text.startsWith('~/')) {
    throw new TemplateError('it begins with "~"');
  }
  const trimmed = text.replace(/^~?\//, '');
  const segments: Segment[] = [];
  const names = new Set<string>();
  let index = 0;
  while (index < trimmed.length) {
    if (trimmed[index] === '/') {
      throw new TemplateError('it has two slashes in a row, or one at its beginning');
    }
    const parts: Part[] = [];
    while (index < trimmed.length && trimmed[index] !== '/') {
      const isParameter = trimmed[index] === '{' && trimmed[index + 1] !== '{';
      const end = isParameter ? endOfParameter(trimmed, index) : endOfLiteral(trimmed, index);
      const source = trimmed.slice(index, end);
      parts.push(isParameter ? toParameter(source, names) : toLiteral(source));
      index = end;
    }
    segments.push(toSegment(parts));
    index++;
  }
  segments.forEach((segment, at) => {
    if (segment.some(isCatchAll) && at < segments.length - 1) {
      throw new TemplateError('a catch-all parameter has to be the last segment');
    }
  });
  return { text, segments };
}

function endOfParameter(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '{') {
      if (text[++index] !== '{') {
        throw new TemplateError(
          index < text.length
            ? 'inside a parameter, braces have to be written twice'
            : 'a brace is not closed',
        );
      }
    } else if (text[index] === '}' && text[++index] !== '}') {
      return index;
    }
  }
  throw new TemplateError('a brace is not closed');
}

function endOfLiteral(text: string, start: number): number {
  let index = start;
  for (; index < text.length && text[index] !== '/'; index++) {
    const character = text[index];
    if (character === '{' || character === '}') {
      if (text[index + 1] === character) {
        index++;
      } else if (character === '{' && index + 1 < text.length) {
        return index;
      } else {
        throw new TemplateError(`it has a "${character}" without its counterpart`);
      }
    }
  }
  return index;
}

function unescape(text: string): string {
  return text.replaceAll('}}', '}').replaceAll('{{', '{');
}

function toLiteral(source: string): Part {
  const text = unescape(source);
  if (text.includes('?')) {
    throw new TemplateError(`"${text}" has a "?", which only a parameter can have`);
  }
  return { kind: 'literal', text };
}

function toParameter(source: string, names: Set<string>): Part {
  const inside = unescape(source.slice(1, -1));
  if (inside.startsWith('*') && inside.endsWith('?')) {
    throw new TemplateError('a catch-all parameter cannot be optional');
  }
  const parameter = parseParameter(inside);
  const { name, isOptional, defaultValue } = parameter;
  if (isOptional && defaultValue !== undefined) {
    throw new TemplateError('an optional parameter cannot have a default value');
  }
  if (name === '' || /[/{}?*]/.test(name)) {
    throw new TemplateError(`"${name}" is not a name for a parameter`);
  }
  const key = name.toUpperCase();
  if (names.has(key)) {
    throw new TemplateError(`the parameter "${name}" occurs twice`);
  }
  names.add(key);
  return { kind: 'parameter', ...parameter };
}

/** The inside of the braces. */
function parseParameter(inside: string): Parameter {
  const isCatchAll = inside.startsWith('*');
  const isOptional = inside.endsWith('?');
  const text = inside.slice(
    isCatchAll ? (inside.startsWith('**') ? 2 : 1) : 0,
    isOptional ? -1 : undefined,
  );
  // A name may begin with one of the characters that end it.
  const length = text.slice(1).search(/[:=]/);
  const end = length < 0 ? text.length : length + 1;
  const { constraints, rest } = parseConstraints(text.slice(end));
  return {
    name: text.slice(0, end),
    isOptional: isOptional && !isCatchAll,
    isCatchAll,
    defaultValue: rest.startsWith('=') ? rest.slice(1) : undefined,
    constraints,
  };
}

/** What follows the name: `:int:range(1,9)=5`. */
function parseConstraints(text: string): { constraints: string[]; rest: string } {
  const constraints: string[] = [];
  let index = 0;
  while (text[index] === ':') {
    const start = index + 1;
    index = endOfConstraint(text, start);
    if (index > start) {
      constraints.push(text.slice(start, index));
    }
  }
  return { constraints, rest: text.slice(index) };
}

/** A constraint ends at `:` or `=`, but for those in parentheses that are closed. */
function endOfConstraint(text: string, start: number): number {
  let isInParentheses = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (!isInParentheses) {
      if (character === ':' || character === '=') {
        return index;
      }
      isInParentheses = character === '(';
    } else if (character === ')') {
      const next = text[index + 1];
      if (next === undefined || next === ':' || next === '=') {
        return index + 1;
      }
    } else if (character === ':' || character === '=') {
      const closing = text.indexOf(')', index + 1);
      if (closing < 0) {
        return index;
      }
      index = closing;
      // The character after it is looked at next, as part of the parentheses.
    }
  }
  return text.length;
}

function toSegment(parts: Part[]): Segment {
  if (parts.length === 1) {
    return parts;
  }
  if (parts.some(isCatchAll)) {
    throw new TemplateError('a catch-all parameter has to be a whole segment');
  }
  return parts.map((part, index) => {
    const previous = parts[index - 1];
    if (part.kind === 'parameter' && previous?.kind === 'parameter') {
      throw new TemplateError('two parameters follow each other without a text between them');
    }
    if (part.kind === 'parameter' && part.isOptional) {
      if (index < parts.length - 1) {
        throw new TemplateError(
          `the optional parameter "${part.name}" has to be at the end of its segment`,
        );
      }
      if (previous?.kind !== 'literal' || previous.text !== '.') {
        throw new TemplateError(
          `only a point can precede the optional parameter "${part.name}" in a segment`,
        );
      }
    }
    const next = parts[index + 1];
    return part.kind === 'literal' && next?.kind === 'parameter' && next.isOptional
      ? { ...part, kind: 'separator' as const }
      : part;
  });
}

function isCatchAll(part: Part): boolean {
  return part.kind === 'parameter' && part.isCatchAll;
}
