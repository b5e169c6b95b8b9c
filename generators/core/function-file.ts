import type { Trigger } from './answers.js';
import type { EntryFile } from './entry-file.js';
import { toIdentifier } from './names.js';
import type { Sources } from './plan.js';
import { type OutputFile, render } from './render.js';

/** The file of a function that shows what its trigger passes to it. */
export function functionFile(
  functionName: string,
  trigger: Trigger,
  { path, isTypeScript, isModule }: EntryFile,
  sources: Sources,
): OutputFile {
  const template = sources.filesIn('functions').find(({ path: file }) => file === `${trigger}.ts`);
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
