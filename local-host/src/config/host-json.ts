import type { Variables } from './environment.js';
import { ConfigError } from './errors.js';
import { parseJsonObject, type JsonObject, type JsonValue } from './json.js';
import { toLevel, type LogLevels } from './log-levels.js';

/** host.json with what the environment overrides in it. */
export interface HostConfig {
  /** First part of all routes: `api` by default, and it may be empty. */
  readonly routePrefix: string;
  /** Added to each response that does not have them. */
  readonly customHeaders: ReadonlyMap<string, string>;
  readonly hsts: HstsConfig;
  /** Undefined: any number. Above it, the answer is 429. */
  readonly maxOutstandingRequests: number | undefined;
  readonly maxConcurrentRequests: number | undefined;
  /** In milliseconds. Undefined: no limit. */
  readonly functionTimeout: number | undefined;
  readonly logLevels: LogLevels;
  /** Whether `telemetryMode` has the host take part in traces by OpenTelemetry. */
  readonly isTraced: boolean;
  /** If it is there, other functions do not exist. */
  readonly functions: readonly string[] | undefined;
}

/** `extensions.http.hsts`. The header is for HTTPS only, so it is never sent on this machine. */
export interface HstsConfig {
  readonly isEnabled: boolean;
  /** In seconds. */
  readonly maxAge: number;
  readonly includeSubDomains: boolean;
  readonly preload: boolean;
}

const DAY = 86_400_000;

/** Where no plan limits it otherwise. */
const DEFAULT_TIMEOUT = 30 * 60_000;

/**
 * Reads host.json, and the variables `AzureFunctionsJobHost__a__b` that override it.
 *
 * @param text Undefined if there is no such file.
 * @throws ConfigError
 */
export function parseHostJson(
  text: string | undefined,
  env: Variables = {},
  file = 'host.json',
): HostConfig {
  if (text === undefined) {
    throw new ConfigError(`There is no ${file}. Is this the folder of a function app?`);
  }
  const root = parseJsonObject(text, file);
  checkVersion(root);
  const section = new Section(file, flatten(root, env));
  const http = section.child('extensions').child('http');
  const functions = section.child('functions').items();
  return {
    routePrefix: http.text('routePrefix') ?? 'api',
    customHeaders: new Map(http.child('customHeaders').entries()),
    hsts: hstsOf(http.child('hsts')),
    maxOutstandingRequests: http.limit('maxOutstandingRequests'),
    maxConcurrentRequests: http.limit('maxConcurrentRequests'),
    functionTimeout: timeoutOf(section),
    isTraced: section.text('telemetryMode')?.toLowerCase() === 'opentelemetry',
    logLevels: logLevelsOf(section.child('logging').child('logLevel')),
    functions: functions.length > 0 ? functions : undefined,
  };
}

function checkVersion({ members, file }: JsonObject): void {
  const version = members.get('version');
  // An empty file is completed by the host.
  if (members.size === 0) {
    return;
  }
  if (version?.kind !== 'text' || version.text === '') {
    throw new ConfigError(`${file} has no "version": "2.0".`);
  }
  if (version.text !== '2.0') {
    const written = typeof version.value === 'string' ? `"${version.text}"` : version.text;
    throw new ConfigError(`${file} has "version": ${written}. It has to be "2.0", as a text.`);
  }
}

/** All values by their path in lower case, each with the path as written. */
type Flat = ReadonlyMap<string, { readonly path: string; readonly text: string }>;

const PREFIX = 'azurefunctionsjobhost:';

function flatten(root: JsonObject, env: Variables): Flat {
  const values = new Map<string, { path: string; text: string }>();
  const set = (path: string, text: string) => {
    const key = path.toLowerCase();
    values.set(key, { path: values.get(key)?.path ?? path, text });
  };
  const add = (path: string, value: JsonValue) => {
    if (value.kind === 'object') {
      for (const [name, member] of value.object.members) {
        add(path === '' ? name : `${path}:${name}`, member);
      }
    } else if (value.kind === 'array') {
      value.items.forEach((item, index) => add(`${path}:${index}`, item));
    } else {
      set(path, value.kind === 'null' ? '' : value.text);
    }
  };
  add('', { kind: 'object', object: root });
  for (const [name, value] of Object.entries(env)) {
    const path = name.replaceAll('__', ':');
    if (path.toLowerCase().startsWith(PREFIX) && value !== undefined) {
      set(path.slice(PREFIX.length), value);
    }
  }
  return values;
}

/** A part of the configuration, as .NET binds it. */
class Section {
  readonly #file: string;
  readonly #values: Flat;
  readonly #path: string;

  constructor(file: string, values: Flat, path = '') {
    this.#file = file;
    this.#values = values;
    this.#path = path;
  }

  child(name: string): Section {
    return new Section(this.#file, this.#values, this.#pathOf(name));
  }

  text(name: string): string | undefined {
    return this.#values.get(this.#pathOf(name).toLowerCase())?.text;
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name)?.trim().toLowerCase();
    if (text !== undefined && text !== 'true' && text !== 'false') {
      throw this.error(name, 'true or false');
    }
    return text === undefined ? undefined : text === 'true';
  }

  /** A number of requests; -1 means any. */
  limit(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) {
      return undefined;
    }
    if (!/^\s*(?:-1|\+?0*[1-9]\d{0,9})\s*$/.test(text) || Number(text) > 2 ** 31 - 1) {
      throw this.error(name, 'a number from 1 on, or -1 for any');
    }
    return Number(text) < 0 ? undefined : Number(text);
  }

  /** In milliseconds. */
  timeSpan(name: string): number | undefined {
    const text = this.text(name);
    const value = text === undefined ? undefined : toMilliseconds(text);
    if (text !== undefined && value === undefined) {
      throw this.error(name, 'a time like "00:10:00"');
    }
    return value;
  }

  /** Direct members that have a value: names as written. */
  entries(): [name: string, text: string][] {
    const prefix = `${this.#path}:`.toLowerCase();
    return [...this.#values].flatMap(([key, { path, text }]) => {
      const name = path.slice(prefix.length);
      return key.startsWith(prefix) && !name.includes(':') ? [[name, text]] : [];
    });
  }

  /** The items of an array; those of the environment replace them by index. */
  items(): string[] {
    return this.entries()
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, text]) => text);
  }

  error(name: string, expected: string): ConfigError {
    const key = this.#pathOf(name).replaceAll(':', '.');
    return new ConfigError(
      `${this.#file}: "${key}" is "${this.text(name) ?? ''}", and has to be ${expected}.`,
    );
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}:${name}`;
  }
}

function hstsOf(section: Section): HstsConfig {
  return {
    isEnabled: section.boolean('isEnabled') ?? false,
    maxAge: Math.floor((section.timeSpan('maxAge') ?? 30 * DAY) / 1000),
    includeSubDomains: section.boolean('includeSubDomains') ?? false,
    preload: section.boolean('preload') ?? false,
  };
}

function timeoutOf(section: Section): number | undefined {
  const timeout = section.timeSpan('functionTimeout');
  // -1 are as many days.
  if (timeout === -DAY) {
    return undefined;
  }
  if (timeout !== undefined && timeout < 1000) {
    throw section.error('functionTimeout', 'a second or more, or "-1" for no limit');
  }
  return timeout ?? DEFAULT_TIMEOUT;
}

/** `d`, `hh:mm`, `hh:mm:ss.fff`, `d.hh:mm:ss`: what .NET's `TimeSpan` reads. */
function toMilliseconds(text: string): number | undefined {
  const match =
    /^\s*(-)?(?:(\d{1,8})|(?:(\d{1,8})[.:](?=\d+:\d+:))?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)\s*$/.exec(
      text,
    );
  if (!match) {
    return undefined;
  }
  const [, sign, onlyDays, days = onlyDays, hours, minutes, seconds, fraction] = match;
  const [hour = 0, minute = 0, second = 0] = [hours, minutes, seconds].map((part) =>
    Number(part ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const milliseconds =
    Number(days ?? 0) * DAY +
    ((hour * 60 + minute) * 60 + second) * 1000 +
    Number(`0.${fraction ?? 0}`) * 1000;
  return sign ? -milliseconds : milliseconds;
}

function logLevelsOf(section: Section): LogLevels {
  const entries = section
    .entries()
    .map(([name, text]) => [name, toLevel(text, `logging.logLevel.${name}`)] as const);
  const isDefault = (name: string) => name.toLowerCase() === 'default';
  return {
    default: entries.find(([name]) => isDefault(name))?.[1],
    categories: new Map(entries.filter(([name]) => !isDefault(name))),
  };
}
