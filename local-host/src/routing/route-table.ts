import { ConstraintError } from './constraints.js';
import { compileTemplate, type Matcher } from './match.js';
import { isValidFunctionName } from './names.js';
import { compareIgnoreCase, equalsIgnoreCase } from './ordinal.js';
import { commonPath } from './overlap.js';
import { TemplateError } from './template.js';

/** What routing has to know of a function. */
export interface FunctionToRoute {
  readonly name: string;
  readonly trigger: {
    readonly type: string;
    readonly route?: unknown;
    readonly methods?: unknown;
  };
}

/** An HTTP function and the requests that it is for. */
export interface Route<F extends FunctionToRoute = FunctionToRoute> {
  readonly function: F;
  /** With the prefix, without a slash before it: `api/products/{id:int?}`. */
  readonly template: string;
  /** As registered. Undefined means any; an empty list means none. */
  readonly methods: readonly string[] | undefined;
}

/** What becomes of a request. */
export type Match<F extends FunctionToRoute = FunctionToRoute> =
  | {
      readonly kind: 'function';
      readonly route: Route<F>;
      readonly params: Record<string, string>;
      /** Parameters that the path leaves out and that have no default value. */
      readonly absentParams: readonly string[];
    }
  /** There are routes for the path, but not with this method. */
  | {
      readonly kind: 'method';
      readonly routes: readonly Route<F>[];
      readonly allowed: readonly string[];
    }
  | { readonly kind: 'none' };

/** The functions of an app as the Functions host has them after its start. */
export interface RouteTable<F extends FunctionToRoute = FunctionToRoute> {
  /** Why the host does not start, in one line. */
  readonly stops: string | undefined;
  /** Functions that are in error, each with the reason in one line. */
  readonly inError: ReadonlyMap<F, string>;
  /** Functions that are not in the list of host.json, and so do not exist. */
  readonly excluded: readonly F[];
  /** All other functions, whatever their trigger, in the order of their names. */
  readonly functions: readonly F[];
  /** The HTTP functions among them, in the order in which they are tried. */
  readonly routes: readonly Route<F>[];
  /** One line for each pair of functions whose names decide which of them answers. */
  readonly warnings: readonly string[];
  /**
   * Finds the function for a request.
   *
   * @param path Decoded, from `parseTarget`.
   */
  match(method: string, path: string): Match<F>;
}

export interface RoutingOptions {
  /** `extensions.http.routePrefix` of host.json. */
  readonly routePrefix: string;
  /** `functions` of host.json: the only functions that exist, if it is there. */
  readonly functions?: readonly string[] | undefined;
}

/** Function names and routes are checked and ordered as the Functions host does it. */
export function buildRoutes<F extends FunctionToRoute>(
  functions: Iterable<F>,
  { routePrefix, functions: listed }: RoutingOptions,
): RouteTable<F> {
  const inError = new Map<F, string>();
  const excluded: F[] = [];
  const accepted: F[] = [];
  const routed: RoutedFunction<F>[] = [];
  const sorted = [...functions].sort((a, b) => compareIgnoreCase(a.name, b.name));
  for (const one of sorted) {
    if (listed && !listed.some((name) => equalsIgnoreCase(name, one.name))) {
      excluded.push(one);
      continue;
    }
    const reason = reasonForName(one, accepted) ?? reasonForRoute(one, routed);
    if (reason !== undefined) {
      inError.set(one, reason);
      continue;
    }
    accepted.push(one);
    if (isHttp(one)) {
      routed.push(toRouted(one, routePrefix));
    }
  }
  const compiled = routed.map((one) => compile(one));
  const stops = compiled.flatMap((one) => ('stops' in one ? [one.stops] : []))[0];
  const entries =
    stops === undefined ? compiled.flatMap((one) => ('matcher' in one ? [one] : [])) : [];
  return {
    stops,
    inError,
    excluded,
    functions: accepted,
    routes: routed.map(({ route }) => route),
    warnings: warningsFor(entries),
    match: (method, path) => match(entries, method, path),
  };
}

interface RoutedFunction<F extends FunctionToRoute> {
  readonly route: Route<F>;
  /** As registered, or the name of the function. */
  readonly ownRoute: string;
}

interface Entry<F extends FunctionToRoute> extends RoutedFunction<F> {
  readonly matcher: Matcher;
}

export function isHttp({ trigger }: FunctionToRoute): boolean {
  return equalsIgnoreCase(trigger.type, 'httpTrigger');
}

function reasonForName<F extends FunctionToRoute>(
  { name }: F,
  accepted: readonly F[],
): string | undefined {
  if (!isValidFunctionName(name)) {
    return equalsIgnoreCase(name, 'host')
      ? 'A function cannot have the name "host".'
      : `"${name}" is not a valid name for a function: it takes a letter, and then letters, digits, "_" and "-", 128 in all.`;
  }
  const other = accepted.find((one) => equalsIgnoreCase(one.name, name));
  return other && other.name === name
    ? `There is another function with the name "${name}".`
    : other && `Its name differs from "${other.name}" in case only.`;
}

function reasonForRoute<F extends FunctionToRoute>(
  one: F,
  routed: readonly RoutedFunction<F>[],
): string | undefined {
  if (!isHttp(one)) {
    return undefined;
  }
  const { route, methods } = one.trigger;
  if (typeof route === 'object' && route !== null) {
    return 'Its route is not a text.';
  }
  if (methods !== undefined && methods !== null && !isTexts(methods)) {
    return 'Its methods are not a list of texts.';
  }
  const own = trimSlashes(ownRouteOf(one));
  const reserved = /^(?:admin|runtime)/.exec(own.toLowerCase())?.[0];
  if (reserved !== undefined) {
    return `Its route "${own}" begins with "${reserved}", which the host keeps for itself.`;
  }
  const rival = routed.find(
    (other) =>
      equalsIgnoreCase(trimSlashes(other.ownRoute), own) &&
      haveCommonMethod(methodsOf(one), other.route.methods),
  );
  return rival && `Its route "${own}" is that of the function "${rival.route.function.name}".`;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** For the host, `get` and `GET` are two methods here, and an empty list means all. */
function haveCommonMethod(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): boolean {
  return !a?.length || !b?.length || a.some((method) => b.includes(method));
}

function methodsOf({ trigger: { methods } }: FunctionToRoute): readonly string[] | undefined {
  return isTexts(methods) ? methods : undefined;
}

function ownRouteOf({ name, trigger: { route } }: FunctionToRoute): string {
  const text = route === undefined || route === null ? '' : String(route);
  return text.trim() === '' ? name : text;
}

function trimSlashes(text: string): string {
  return text.replace(/^\/+|\/+$/g, '');
}

function toRouted<F extends FunctionToRoute>(one: F, routePrefix: string): RoutedFunction<F> {
  const ownRoute = ownRouteOf(one);
  const template = routePrefix === '' ? ownRoute : `${routePrefix}/${ownRoute}`;
  return { ownRoute, route: { function: one, template, methods: methodsOf(one) } };
}

function compile<F extends FunctionToRoute>(
  routed: RoutedFunction<F>,
): Entry<F> | { stops: string } {
  const { function: one, template } = routed.route;
  try {
    return { ...routed, matcher: compileTemplate(template) };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof ConstraintError) {
      return {
        stops: `The function "${one.name}" has a wrong route "${template}": ${error.message}.`,
      };
    }
    throw error;
  }
}

function match<F extends FunctionToRoute>(
  entries: readonly Entry<F>[],
  method: string,
  path: string,
): Match<F> {
  const others: Route<F>[] = [];
  for (const { matcher, route } of entries) {
    const values = matcher.match(path);
    if (values && takes(route, method)) {
      const params = Object.entries(values).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      const absentParams = matcher.parameters
        .map(({ name }) => name)
        .filter((name) => values[name] === undefined);
      return { kind: 'function', route, params: Object.fromEntries(params), absentParams };
    }
    if (values) {
      others.push(route);
    }
  }
  const allowed = others.flatMap(({ methods = [] }) => methods.map((one) => one.toUpperCase()));
  return others.length > 0
    ? { kind: 'method', routes: others, allowed: [...new Set(allowed)] }
    : { kind: 'none' };
}

function takes({ methods }: Route, method: string): boolean {
  return methods?.some((one) => equalsIgnoreCase(one, method)) ?? true;
}

function warningsFor<F extends FunctionToRoute>(entries: readonly Entry<F>[]): string[] {
  return entries.flatMap((winner, index) =>
    entries.slice(index + 1).flatMap((loser) => {
      const method = commonMethod(winner.route, loser.route);
      const path = method && commonPath(winner.matcher, loser.matcher);
      return path
        ? [
            `${method} ${encodeURI(path)} goes to "${winner.route.function.name}" (${winner.route.template}) and not to "${loser.route.function.name}" (${loser.route.template}): functions are tried in the order of their names.`,
          ]
        : [];
    }),
  );
}

/** A method that both take; undefined if there is none. */
function commonMethod(a: Route, b: Route): string | undefined {
  const common = (a.methods ?? b.methods ?? ['GET']).find(
    (method) => takes(a, method) && takes(b, method),
  );
  return common?.toUpperCase();
}
