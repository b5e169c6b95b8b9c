import { ConfigError } from './errors.js';

/** In the order of their weight. */
const LEVELS = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;

/** `none` as a limit lets nothing pass. */
export type Level = (typeof LEVELS)[number];

/** `logging.logLevel` of host.json. */
export interface LogLevels {
  readonly default: Level | undefined;
  /** By the beginning of the category: `Function`, `Function.HttpTrigger.User`. */
  readonly categories: ReadonlyMap<string, Level>;
}

/** What the host logs about a function. */
export function functionCategory(name: string): string {
  return `Function.${name}`;
}

/** What a function logs itself, by `context.log`. */
export function userCategory(name: string): string {
  return `${functionCategory(name)}.User`;
}

/** What code logs by `console.log`. */
export const CONSOLE_CATEGORY = 'Host.Function.Console';

/** @throws ConfigError if it is none. */
export function toLevel(text: string, key: string): Level {
  const word = text.trim().toLowerCase();
  const level = /^[0-6]$/.test(word) ? LEVELS[Number(word)] : LEVELS.find((one) => one === word);
  if (level === undefined) {
    throw new ConfigError(`host.json: "${key}" is "${text}", which is not one of the log levels.`);
  }
  return level;
}

/**
 * Whether Core Tools would print a message: the longest category that begins the message's own
 * decides, then `Default`. Without these, the app's messages are printed from `information` on, and
 * the host's from `warning` on.
 */
export function isLogged(levels: LogLevels, category: string, level: Level): boolean {
  const limit = levelOf(levels, category) ?? levels.default;
  if (limit !== undefined) {
    return level !== 'none' && weight(level) >= weight(limit);
  }
  const isOfApp =
    /^Function\.[^\s.]+(?:\.User)?$/.test(category) ||
    category.toLowerCase() === CONSOLE_CATEGORY.toLowerCase();
  return level !== 'none' && weight(level) >= weight(isOfApp ? 'information' : 'warning');
}

function levelOf({ categories }: LogLevels, category: string): Level | undefined {
  let found: { length: number; level: Level } | undefined;
  for (const [beginning, level] of categories) {
    if (
      category.toLowerCase().startsWith(beginning.toLowerCase()) &&
      beginning.length >= (found?.length ?? 0)
    ) {
      found = { length: beginning.length, level };
    }
  }
  return found?.level;
}

function weight(level: Level): number {
  return LEVELS.indexOf(level);
}
