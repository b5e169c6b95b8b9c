import { quoted, Refusal } from '../refusal.js';

/** @throws Refusal, if an app has a function of that name already, in any case. */
export function refuseTakenFunction(functionName: string, names: readonly string[]): void {
  if (names.some((one) => one.toLowerCase() === functionName.toLowerCase())) {
    throw new Refusal(
      `The app has a function ${quoted(functionName)} already. Take another --name.`,
    );
  }
}
