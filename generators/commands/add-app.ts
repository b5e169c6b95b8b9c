import { relative } from 'node:path';
import { languageOf } from '../languages/languages.js';
import { namesOf } from '../languages/names.js';
import type { AppAlone } from '../questions/decision.js';
import { withRecord } from '../record.js';
import type { System } from '../system.js';
import { emit, recipeFor } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import { dependencyIn, freeName, membershipOf } from './membership.js';
import type { Plan } from './plan.js';
import { requestOf } from './request.js';
import { seenFrom } from './seen-from.js';
import { toDo } from './use-python.js';
import { commonView, pinned } from './view.js';

/** Plans a new function app for an existing extension. */
export async function planApp(
  decision: AppAlone,
  found: { extension: WorkerExtension },
  system: System,
  templates: Templates,
): Promise<Plan> {
  const { destination, functionName } = decision;
  const language = languageOf(decision);
  const packageManager = language.packageManager(decision);
  const {
    workspace,
    edits,
    files: ownFiles,
  } = packageManager === undefined
    ? { edits: [], files: [] }
    : await membershipOf(destination, false, packageManager);
  const member = workspace !== undefined;
  const extension =
    packageManager === undefined
      ? seenFrom(destination, found.extension)
      : {
          ...found.extension,
          dependency: await dependencyIn(destination, found.extension, workspace, packageManager),
        };
  const { packageName, className, scope } = extension;
  const names = namesOf(packageName, language.packagePrefix);
  const request = requestOf(functionName, 'http', extension.headers);
  const facts = { scope, standalone: true, member, ...language.facts(decision, extension) };
  const recipe = recipeFor({
    templates,
    language: language.id,
    code: language.code,
    template: undefined,
    facts,
    fileNames: [''],
    names: {
      class: className,
      stem: names.stem,
      package: packageName,
      module: extension.module ?? language.moduleName(packageName),
      function: functionName,
      identifier: language.toIdentifier(functionName, className),
    },
  });
  const { support } = templates;
  const view = {
    ...commonView(language, templates, names, {
      extension,
      functionName,
      request: request[0],
      standalone: true,
      member,
    }),
    ...language.appView(decision, { extension, standalone: true, support }, names),
    appName: await freeName(`${names.folder}-app`, workspace, destination),
    pinned: member ? undefined : await pinned(packageManager, destination, system, templates),
    packages: ['function-app'],
  };
  const app = { templates, extension, functionName, imports: [], facts };
  const files = language.switchedOn(
    emit('function-app', recipe, view, language.appFiles(app)),
    app,
  );
  const folder = relative(system.cwd, destination);
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
    summary: `An app that uses ${packageName} is in ${folder || 'this folder'}. ${toDo([extension])}Next:`,
    nextSteps: language.nextSteps('function-app', decision, {
      platform: system.platform,
      support,
      extension,
      request,
    }),
  };
}
