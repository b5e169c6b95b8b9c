import { relative } from 'node:path';
import { namesOf } from '../languages/names.js';
import { commandsOf } from '../languages/package-manager.js';
import { appView, typescript } from '../languages/typescript.js';
import type { Decision } from '../questions/decision.js';
import { withRecord } from '../record.js';
import type { System } from '../system.js';
import { emit, recipeFor } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import { dependencyIn, freeName, membershipOf } from './membership.js';
import type { Plan } from './plan.js';
import { requestOf } from './request.js';
import { commonView, pinned } from './view.js';

/** Plans a new function app for an existing extension. */
export async function planApp(
  decision: Decision<'function-app'>,
  found: { extension: WorkerExtension },
  system: System,
  templates: Templates,
): Promise<Plan> {
  const { destination, functionName, functionsRange, packageManager } = decision;
  const {
    workspace,
    edits,
    files: ownFiles,
  } = await membershipOf(destination, false, packageManager);
  const member = workspace !== undefined;
  const dependency = await dependencyIn(destination, found.extension, workspace, packageManager);
  const extension = { ...found.extension, dependency };
  const { packageName, className, scope } = extension;
  const names = namesOf(packageName, typescript.packagePrefix);
  const request = requestOf(functionName, 'http', extension.headers);
  const facts = { scope, packageManager, standalone: true, member };
  const recipe = recipeFor({
    templates,
    language: typescript.id,
    code: typescript.code,
    template: undefined,
    facts,
    fileNames: [''],
    names: {
      class: className,
      stem: names.stem,
      package: packageName,
      module: packageName,
      function: functionName,
      identifier: typescript.toIdentifier(functionName, className),
    },
  });
  const view = {
    ...commonView(typescript, templates, names, {
      extension,
      functionName,
      request: request[0],
      standalone: true,
      member,
    }),
    ...appView(packageManager, names, extension),
    appName: await freeName(`${names.folder}-app`, workspace, destination),
    pinned: member ? undefined : await pinned(packageManager, destination, system, templates),
    functionsRange,
    packages: ['function-app'],
  };
  const app = { templates, extension, functionName, imports: [], facts };
  const files = typescript.switchedOn(
    emit('function-app', recipe, view, typescript.appFiles(app)),
    app,
  );
  const folder = relative(system.cwd, destination);
  const { run } = commandsOf(packageManager);
  return {
    root: destination,
    files: [
      ...withRecord(
        files,
        { ...decision },
        {
          command: 'function-app',
          year: system.year,
          member,
          extension,
        },
      ),
      ...ownFiles,
    ],
    edits,
    packageManager,
    firstCommit: decision.git,
    summary: `An app that uses ${packageName} is in ${folder || 'this folder'}. Next:`,
    nextSteps: [
      [run('test'), 'tests the app'],
      [run('start:local'), 'runs it on this machine; Ctrl+C stops it'],
      request,
    ],
  };
}
