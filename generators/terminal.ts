import type { InputOutputAdapter } from '@yeoman/types';

/** Where a run speaks with the user. */
export interface Terminal {
  /** Prints a line. */
  say(text: string): void;
  /** Yeoman's side of it, for questions and conflicts. Most runs have none, so it is loaded late. */
  adapter(): Promise<InputOutputAdapter>;
}
