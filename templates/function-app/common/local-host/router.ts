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

interface Pattern {
  route: Route;
  regExp: RegExp;
  parameters: { name: string; defaultValue: string | undefined }[];
  rank: string;
}

/**
 * Route constraints, as the Functions host has them. Those that are not listed let everything pass.
 */
const CONSTRAINTS: Record<string, string> = {
  alpha: '[a-z]+',
  bool: 'true|false',
  decimal: '-?\\d+(?:\\.\\d+)?',
  double: '-?\\d+(?:\\.\\d+)?',
  float: '-?\\d+(?:\\.\\d+)?',
  guid: '[\\da-f]{8}-?(?:[\\da-f]{4}-?){3}[\\da-f]{12}',
  int: '-?\\d+',
  long: '-?\\d+',
};

/** `{name}`, `{name:constraint}`, `{name=default}`, `{name?}` and `{*name}` */
const PARAMETER = /\{(\*{0,2})([^{}:=?*]+)(?::(\w+)[^{}=?]*)?(?:=([^{}?]*))?(\?)?\}/g;

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
    this.#patterns = this.routes.map(compile).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  }

  /**
   * @param pathname Percent-encoded, as it came.
   * @throws URIError if a parameter is not encoded correctly.
   */
  match(method: string, pathname: string): Match | undefined {
    const allowed: string[] = [];
    for (const { route, regExp, parameters } of this.#patterns) {
      const values = regExp.exec(pathname);
      if (!values) {
        continue;
      }
      if (route.methods.length > 0 && !route.methods.includes(method)) {
        allowed.push(...route.methods);
        continue;
      }
      const params: Record<string, string> = {};
      parameters.forEach(({ name, defaultValue }, index) => {
        const value = values[index + 1] ?? defaultValue;
        if (value !== undefined) {
          params[name] = decodeURIComponent(value);
        }
      });
      return { route, params };
    }
    return allowed.length > 0 ? { allowed } : undefined;
  }
}

function compile(route: Route): Pattern {
  const parameters: Pattern['parameters'] = [];
  let rank = '';
  const source = route.path.split('/').map((segment) => {
    let optional = false;
    let kind = '1';
    let pattern = '';
    let end = 0;
    for (const match of segment.matchAll(PARAMETER)) {
      const [text, catchAll, name = '', constraint, defaultValue, mark] = match;
      const isWhole = text === segment;
      optional = isWhole && (mark !== undefined || defaultValue !== undefined || catchAll !== '');
      kind = catchAll ? '5' : !isWhole ? '2' : constraint ? '3' : '4';
      const value = catchAll ? '.*' : (CONSTRAINTS[constraint ?? ''] ?? '[^/]+?');
      pattern += `${escape(segment.slice(end, match.index))}(${value})`;
      parameters.push({ name, defaultValue });
      end = match.index + text.length;
    }
    pattern += escape(segment.slice(end));
    rank += kind;
    return optional ? `(?:/${pattern})?` : `/${pattern}`;
  });
  return { route, regExp: new RegExp(`^${source.join('')}/?$`, 'i'), parameters, rank };
}

function escape(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
