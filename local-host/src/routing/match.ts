import { toConstraint, type Constraint } from './constraints.js';
import { equalsIgnoreCase, toUpperOrdinal } from './ordinal.js';
import { parseTemplate, type Parameter, type Segment } from './template.js';

/** Values of parameters by name; undefined where a catch-all has matched nothing. */
export type Values = Record<string, string | undefined>;

/** Finds the values of a template's parameters in paths. */
export interface Matcher {
  readonly segments: readonly Segment[];
  readonly parameters: readonly Parameter[];
  /** The values, or undefined if the template or one of its constraints does not match. */
  match(path: string): Values | undefined;
  /** Whether a parameter's constraints accept a value. */
  accepts(name: string, value: string | undefined): boolean;
}

/**
 * Compiles a template.
 *
 * @throws TemplateError, ConstraintError
 */
export function compileTemplate(text: string): Matcher {
  const { segments } = parseTemplate(text);
  const parameters = segments.flatMap((segment) =>
    segment.flatMap((part) => (part.kind === 'parameter' ? [part] : [])),
  );
  const constraints = new Map<string, Constraint[]>(
    parameters.map(({ name, constraints: texts }) => [name, texts.map(toConstraint)]),
  );
  const accepts = (name: string, value: string | undefined) =>
    constraints.get(name)?.every((constraint) => constraint(value)) ?? true;
  return {
    segments,
    parameters,
    accepts,
    match(path) {
      const values = matchSegments(segments, path);
      if (!values) {
        return undefined;
      }
      for (const { name, defaultValue } of parameters) {
        if (defaultValue !== undefined) {
          values[name] ??= defaultValue;
        }
      }
      const isAccepted = ({ name, isOptional }: Parameter) =>
        (isOptional && !Object.hasOwn(values, name)) || accepts(name, values[name]);
      return parameters.every(isAccepted) ? values : undefined;
    },
  };
}

/**
 * What is between the slashes of a decoded path. One slash at the end does not count; two in a row
 * make an empty segment.
 */
export function splitPath(path: string): string[] {
  return path.length <= 1 ? [] : path.slice(1, path.endsWith('/') ? -1 : undefined).split('/');
}

function matchSegments(segments: readonly Segment[], path: string): Values | undefined {
  const values: Values = Object.create(null) as Values;
  const found = splitPath(path);
  let start = 1;
  for (const [index, text] of found.entries()) {
    const segment = segments[index];
    if (text === '' || !segment) {
      return undefined;
    }
    const [part] = segment;
    if (part?.kind === 'parameter' && part.isCatchAll) {
      // With all slashes that follow, and the one at the end.
      values[part.name] = path.slice(start);
      return values;
    }
    if (!matchSegment(segment, text, values)) {
      return undefined;
    }
    start += text.length + 1;
  }
  for (const segment of segments.slice(found.length)) {
    const [part] = segment;
    if (segment.length > 1 || part?.kind !== 'parameter') {
      return undefined;
    }
    if (part.isCatchAll) {
      values[part.name] = undefined;
    } else if (!part.isOptional && part.defaultValue === undefined) {
      return undefined;
    }
  }
  return values;
}

/** Matches what is between two slashes, and adds the values that it holds. */
export function matchSegment(segment: Segment, text: string, values: Values): boolean {
  const [first] = segment;
  if (segment.length > 1) {
    return matchParts(segment, text, values);
  }
  if (first?.kind === 'parameter') {
    values[first.name] = text;
    return true;
  }
  return first !== undefined && equalsIgnoreCase(first.text, text);
}

/** Several parts: with the optional extension at their end, or else without it. */
function matchParts(segment: Segment, text: string, values: Values): boolean {
  const last = segment.at(-1);
  const separator = segment.at(-2);
  return (
    matchFromRight(segment, text, values) ||
    (last?.kind === 'parameter' &&
      last.isOptional &&
      separator?.kind === 'separator' &&
      !text.endsWith(separator.text) &&
      matchFromRight(segment.slice(0, -2), text, values))
  );
}

/** Each literal is looked for from the right, so that the parameters on the left take the most. */
function matchFromRight(parts: Segment, text: string, values: Values): boolean {
  const upper = toUpperOrdinal(text);
  const captured: [name: string, value: string][] = [];
  let end = text.length;
  let pending: string | undefined;
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index];
    if (part === undefined) {
      return false;
    }
    if (part.kind === 'parameter') {
      pending = part.name;
      continue;
    }
    // A parameter has at least one character.
    const limit = pending === undefined ? end : end - 1;
    const at = limit <= 0 ? -1 : upper.slice(0, limit).lastIndexOf(toUpperOrdinal(part.text));
    if (at < 0 || (index === parts.length - 1 && at + part.text.length !== text.length)) {
      return false;
    }
    if (pending !== undefined) {
      captured.push([pending, text.slice(at + part.text.length, end)]);
      pending = undefined;
    }
    end = at;
  }
  if (pending !== undefined) {
    captured.push([pending, text.slice(0, end)]);
    end = 0;
  }
  if (end !== 0 || captured.some(([, value]) => value === '')) {
    return false;
  }
  for (const [name, value] of captured) {
    values[name] = value;
  }
  return true;
}
