import type { AppProcess } from './app-process.js';
import { isDisabled } from './config/index.js';
import type { Log } from './log.js';
import type { RegisteredFunction } from './protocol.js';
import type { Route, RouteTable } from './routing/index.js';
import type { AppConfig } from './settings.js';

/** An app that runs, and what the host knows of it. */
export interface RunningApp {
  readonly process: AppProcess;
  readonly config: AppConfig;
  readonly routes: RouteTable<RegisteredFunction>;
  /** What is named and matches nothing, a line for each. */
  readonly unmatched: readonly string[];
  readonly log: Log;
}

/** A function of an app. */
export interface AppFunction {
  readonly target: RegisteredFunction;
  /** Of an HTTP function that can be called. */
  readonly route: Route<RegisteredFunction> | undefined;
  /** Why nothing calls it. */
  readonly off: string | undefined;
}

/** The route of a function, if it has one. */
export function routeOf(target: RegisteredFunction, { routes }: RunningApp): AppFunction['route'] {
  return routes.routes.find((one) => one.function === target);
}

/** All functions of an app: those that can be called, those that host.json excludes, and those in error. */
export function functionsOf(app: RunningApp | undefined): AppFunction[] {
  if (!app) {
    return [];
  }
  const { routes, config } = app;
  return [
    ...routes.functions.map((target) => ({
      target,
      route: routeOf(target, app),
      off: isDisabled(target.name, config.env) ? 'disabled' : undefined,
    })),
    ...routes.excluded.map((target) => ({
      target,
      route: undefined,
      off: 'not in "functions" of host.json',
    })),
    ...[...routes.inError].map(([target, why]) => ({
      target,
      route: undefined,
      off: `in error: ${why}`,
    })),
  ];
}
