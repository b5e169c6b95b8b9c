import { relative } from 'node:path';
import { languageOf } from '../languages/languages.js';
import { namesOf } from '../languages/names.js';
import type { NewExtension } from '../questions/decision.js';
import { DEFAULT_FUNCTION_NAME } from '../questions/questions.js';
import { withRecord } from '../record.js';
import type { System } from '../system.js';
import { emit, type OutputFile, recipeFor } from '../templates/emit.js';
import type { OutputPart } from '../templates/layers.js';
import type { Template, Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import { membershipOf, refuseTakenName, uvMembershipOf } from './membership.js';
import type { Plan } from './plan.js';
import { requestOf } from './request.js';
import { commonView, packageView, pinned } from './view.js';

/** Plans an extension: the package alone, or a workspace with an app that uses it. */
export async function planExtension(
  project: NewExtension,
  system: System,
  templates: Templates,
): Promise<Plan> {
  const language = languageOf(project);
  const template = templateOf(project, templates);
  const names = namesOf(project.name, language.packagePrefix);
  const { packageName, className } = names;
  const extension: WorkerExtension = {
    packageName,
    className,
    scope: project.scope,
    options: template.options,
    settings: template.settings,
    headers: template.headers,
    dependency: language.dependencyBeside(project),
  };
  const standalone = project.functionApp !== true;
  const packageManager = language.packageManager(project);
  const {
    workspace,
    edits,
    files: ownFiles,
  } = packageManager === undefined
    ? await uvMembershipOf(project.destination, !standalone)
    : await membershipOf(project.destination, !standalone, packageManager);
  await refuseTakenName(packageName, workspace, project.destination);
  const member = workspace !== undefined;
  const functionName = project.functionName ?? DEFAULT_FUNCTION_NAME;
  const request = requestOf(functionName, 'http', standalone ? {} : template.headers);
  const [first, second] = language.fileNames(names.words);
  const facts = { scope: project.scope, standalone, member, ...language.facts(project, extension) };
  const recipe = recipeFor({
    templates,
    language: language.id,
    code: language.code,
    template,
    facts,
    fileNames: [first, second],
    names: {
      class: className,
      stem: names.stem,
      package: packageName,
      module: language.moduleName(packageName),
      function: functionName,
      identifier: language.toIdentifier(functionName, className),
    },
  });
  const view = {
    ...commonView(language, templates, names, {
      extension,
      functionName,
      request: request[0],
      standalone,
      member,
    }),
    ...(await packageView(project, names, { standalone, year: system.year })),
    ...language.view(project, names, { extension, standalone, support: templates.support }),
    pinned: member
      ? undefined
      : await pinned(packageManager, project.destination, system, templates),
    fileName: recipe.names.file,
    /** What is emitted beside each other. */
    packages: standalone ? ['extension'] : ['function-app', 'extension'],
  };
  const app = {
    templates,
    extension,
    functionName,
    imports: template.imports,
    facts,
  };
  const partOf = (part: OutputPart, lowest?: OutputFile[]) => emit(part, recipe, view, lowest);
  const extensionPart = () => partOf('extension', language.extensionFiles(templates));
  const files = standalone
    ? extensionPart()
    : [
        ...partOf('workspace'),
        ...inFolder('extension', extensionPart()),
        ...inFolder(
          'function-app',
          language.switchedOn(partOf('function-app', language.appFiles(app)), app),
        ),
      ];
  const folder = relative(system.cwd, project.destination);
  return {
    root: project.destination,
    files: [
      ...withRecord(
        files,
        { ...project },
        {
          command: standalone ? 'extension' : 'app',
          year: system.year,
          member,
        },
      ),
      ...ownFiles,
    ],
    edits,
    packageManager,
    firstCommit: project.git,
    summary: `${packageName} is in ${folder || 'this folder'}. Next:`,
    nextSteps: language.nextSteps(standalone ? 'extension' : 'workspace', project, {
      platform: system.platform,
      support: templates.support,
      extension,
      request,
    }),
  };
}

function templateOf({ language, template }: NewExtension, templates: Templates): Template {
  const found = templates.templatesIn(language).find(({ id }) => id === template);
  if (!found) {
    throw new Error(`There is no template "${template}".`);
  }
  return found;
}

function inFolder(folder: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map(({ path, origin, ...file }) => ({
    ...file,
    path: `${folder}/${path}`,
    ...(origin !== undefined && { origin: `${folder}/${origin}` }),
  }));
}
