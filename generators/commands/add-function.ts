import type { FoundApp } from '../found/app.js';
import { entryFileFor } from '../found/entry-file.js';
import { functionFile } from '../languages/typescript.js';
import type { Decision } from '../questions/decision.js';
import { Refusal } from '../refusal.js';
import type { Templates } from '../templates/load.js';
import type { Plan } from './plan.js';
import { requestOf } from './request.js';
import { refuseTakenFunction } from './taken-function.js';

/**
 * Plans a function for an existing app.
 *
 * @throws Refusal, if the app has a function of that name, or if it would not load a new file.
 */
export function planFunction(
  { functionName, trigger }: Decision<'function'>,
  { app }: { app: FoundApp },
  templates: Templates,
): Plan {
  refuseTakenFunction(functionName, app.functionNames);
  const entry = entryFileFor(functionName, app.layout);
  if (!entry) {
    throw new Refusal(
      `"main" in package.json (${app.layout.main}) would not load a new file. Make it a glob, such as dist/src/functions/*.js.`,
    );
  }
  const kind = entry.isTypeScript ? 'typescript' : entry.isModule ? 'module' : 'commonjs';
  return {
    root: app.root,
    files: [
      functionFile(templates, { path: entry.path, functionName, className: '', trigger, kind }),
    ],
    edits: [],
    packageManager: undefined,
    firstCommit: false,
    summary: `The function ${functionName} is there. Next:`,
    nextSteps: [[app.startCommand, 'starts the app'], requestOf(functionName, trigger)],
  };
}
