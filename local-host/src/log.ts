import { isLogged, type Level, type LogLevels } from './config/index.js';

/** A line that the app has logged. */
export interface LogLine {
  readonly level: Level;
  readonly message: string;
}

/** Prints a message of a category. */
export type Log = (level: Level, category: string, message: string) => void;

/** What the host itself says, as opposed to a function. */
export const HOST_CATEGORY = 'Host.General';

/** Prints what Core Tools would, by `logging.logLevel` of host.json; warnings and errors on stderr. */
export function logTo(levels: LogLevels, write: (text: string, isError: boolean) => void): Log {
  return (level, category, message) => {
    if (isLogged(levels, category, level)) {
      const isError = ['warning', 'error', 'critical'].includes(level);
      write(`[${new Date().toISOString()}] ${message}\n`, isError);
    }
  };
}

/** Without host.json. */
export const NO_LEVELS: LogLevels = { default: undefined, categories: new Map() };

export function writeToTerminal(text: string, isError: boolean): void {
  (isError ? process.stderr : process.stdout).write(text);
}
