import type { ExistingApp } from './adoption.js';
import type { Answers, Trigger } from './answers.js';
import { type EntryFile, entryFileFor } from './entry-file.js';
import { toIdentifier } from './names.js';
import type { Sources } from './plan.js';
import { quoted, Refusal } from './refusal.js';
import { type OutputFile, render } from './render.js';

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

/** The file of a function that shows what its trigger passes to it. */
export function functionFile(
  functionName: string,
  trigger: Trigger,
  { path, isTypeScript, isModule }: EntryFile,
  sources: Sources,
): OutputFile {
  const template = sources.files.find((file) => file.path === `functions/${trigger}.ts`);
  if (!template) {
    throw new Error(`There is no template of a function with the trigger ${trigger}.`);
  }
  const loadApp = isModule
    ? "import { app } from '@azure/functions';"
    : "const { app } = require('@azure/functions');";
  return {
    path,
    contents: render(template, {
      functionName,
      functionIdentifier: toIdentifier(functionName),
      queueName: toQueueName(functionName),
      isTypeScript,
      loadApp,
    }),
  };
}

/** By the rules of Azure Storage: `SaveOrders` -> `save-orders-items`. */
function toQueueName(functionName: string): string {
  const words = functionName
    .replace(/([a-z\d])(?=[A-Z])/g, '$1-')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  return `${words.join('-').slice(0, 50).replace(/-$/, '')}-items`;
}
