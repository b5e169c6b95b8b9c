import type { RegisteredFunction } from './worker';

/** An HTTP function and the requests that it is for. */
export interface Route {
  target: RegisteredFunction;
  /** In upper case. None means any. */
  methods: string[];
  /** Without the leading slash: `api/products/{category}/{id:int?}`. */
  path: string;
}

/** The function for a request; or, where only the method does not fit, the methods that would. */
export type Match = { route: Route; params: Record<string, string> } | { allowed: string[] };

interface Parameter {
  name: string;
  defaultValue: string | undefined;
  accepts(value: string): boolean;
}

interface Pattern {
  route: Route;
  regExp: RegExp;
  parameters: Parameter[];
  rank: string;
}

/**
 * The route constraints of the Functions host, by name. Those that are not here let every value
 * pass.
 */
const CONSTRAINTS: Record<string, (value: string, ...args: string[]) => boolean> = {
  alpha: (value) => /^[a-z]+$/i.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: isNumber,
  double: isNumber,
  float: isNumber,
  guid: (value) => /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i.test(value),
  int: isInteger,
  length: (value, from, to = from) => value.length >= Number(from) && value.length <= Number(to),
  long: isInteger,
  max: (value, most) => isInteger(value) && Number(value) <= Number(most),
  maxlength: (value, most) => value.length <= Number(most),
  min: (value, least) => isInteger(value) && Number(value) >= Number(least),
  minlength: (value, least) => value.length >= Number(least),
  range: (value, least, most) =>
    isInteger(value) && Number(value) >= Number(least) && Number(value) <= Number(most),
  // Braces are written twice in a route.
  regex: (value, ...pattern) =>
    new RegExp(pattern.join(',').replace(/([{}])\1/g, '$1'), 'i').test(value),
};

function isInteger(value: string): boolean {
  return /^-?\d+$/.test(value);
}

function isNumber(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value);
}

/** `{name}`, `{name:constraint(1,2)}`, `{name=default}`, `{name?}` and `{*name}` */
const PARAMETER =
  /\{(\*{0,2})([^{}:=?*]+)((?::\w+(?:\((?:[^()]|\([^()]*\))*\))?)*)(?:=([^{}?]*))?(\?)?\}/g;

/** Finds the function for a path and a method. Literal segments win over parameters. */
export class Router {
  readonly routes: readonly Route[];
  readonly #patterns: readonly Pattern[];

  constructor(functions: Iterable<RegisteredFunction>, routePrefix: string) {
    this.routes = Array.from(functions)
      .filter(({ trigger }) => trigger.type.toLowerCase() === 'httptrigger')
      .map((target) => ({
        target,
        methods: (target.trigger.methods ?? []).map((method) => method.toUpperCase()),
        path: [routePrefix, target.trigger.route ?? target.name]
          .map((part) => part.replace(/^\/+|\/+$/g, ''))
          .filter(Boolean)
          .join('/'),
      }));
    this.#patterns = this.routes.map(compile).sort((a, b) => a.rank.localeCompare(b.rank));
  }

  /**
   * @param pathname Percent-encoded, as it came.
   * @throws URIError if a parameter is not encoded correctly.
   */
  match(method: string, pathname: string): Match | undefined {
    const allowed: string[] = [];
    for (const { route, regExp, parameters } of this.#patterns) {
      const values = regExp.exec(pathname)?.slice(1).map(decode);
      if (
        !values?.every((value, index) => value === undefined || parameters[index]?.accepts(value))
      ) {
        continue;
      }
      if (route.methods.length > 0 && !route.methods.includes(method)) {
        allowed.push(...route.methods);
        continue;
      }
      const params: Record<string, string> = {};
      parameters.forEach(({ name, defaultValue }, index) => {
        const value = values[index] ?? defaultValue;
        if (value !== undefined) {
          params[name] = value;
        }
      });
      return { route, params };
    }
    return allowed.length > 0 ? { allowed } : undefined;
  }
}

function compile(route: Route): Pattern {
  const parameters: Parameter[] = [];
  let rank = '';
  const source = route.path.split('/').map((segment) => {
    let optional = false;
    let kind = '1';
    let pattern = '';
    let end = 0;
    for (const match of segment.matchAll(PARAMETER)) {
      const [text, catchAll, name = '', constraints = '', defaultValue, mark] = match;
      const isWhole = text === segment;
      optional = isWhole && (mark !== undefined || defaultValue !== undefined || catchAll !== '');
      kind = catchAll ? '5' : !isWhole ? '2' : constraints ? '3' : '4';
      pattern += `${escape(segment.slice(end, match.index))}(${catchAll ? '.*' : '[^/]+?'})`;
      parameters.push({ name, defaultValue, accepts: toCheck(constraints) });
      end = match.index + text.length;
    }
    pattern += escape(segment.slice(end));
    rank += kind;
    return optional ? `(?:/${pattern})?` : `/${pattern}`;
  });
  return { route, regExp: new RegExp(`^${source.join('')}/?$`, 'i'), parameters, rank };
}

/** `:int:range(1,9)` as one check. */
function toCheck(constraints: string): (value: string) => boolean {
  const checks = Array.from(constraints.matchAll(/:(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?/g)).map(
    ([, name = '', args]) =>
      (value: string) =>
        CONSTRAINTS[name.toLowerCase()]?.(value, ...(args?.split(',') ?? [])) ?? true,
  );
  return (value) => checks.every((check) => check(value));
}

function decode(value: string | undefined): string | undefined {
  return value === undefined ? undefined : decodeURIComponent(value);
}

function escape(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
