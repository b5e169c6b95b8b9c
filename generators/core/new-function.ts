import type { ExistingApp } from './adoption.js';
import type { Answers } from './answers.js';
import { entryFileFor } from './entry-file.js';
import { functionFile } from './function-file.js';
import type { Sources } from './plan.js';
import { quoted, Refusal } from './refusal.js';
import type { OutputFile } from './render.js';

/**
 * A function for an app that is there already.
 *
 * @throws Refusal, if the app has a function of that name, or if it would not load a new file.
 */
export function newFunction(
  { functionName, trigger }: Answers,
  { layout, functionNames }: ExistingApp,
  sources: Sources,
): OutputFile {
  if (functionNames.some((one) => one.toLowerCase() === functionName.toLowerCase())) {
    throw new Refusal(
      `The app has a function ${quoted(functionName)} already. Take another --name.`,
    );
  }
  const entry = entryFileFor(functionName, layout);
  if (!entry) {
    throw new Refusal(
      `"main" in package.json (${layout.main}) would not load a new file. Make it a glob, such as dist/src/functions/*.js.`,
    );
  }
  return functionFile(functionName, trigger, entry, sources);
}
