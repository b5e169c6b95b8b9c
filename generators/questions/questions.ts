import { gitHubName } from '../hosting.js';
import { type LanguageId, languageIds } from '../languages/language.js';
import { defaultFunctionName } from '../languages/function-name.js';
import { languages } from '../languages/languages.js';
import type { PackageManager } from '../languages/package-manager.js';
import type { PythonPackageManager } from '../languages/python-package-manager.js';
import { allOf, oneOf } from '../one-of.js';
import { quoted, Refusal } from '../refusal.js';
import type { Template, Templates } from '../templates/load.js';
import * as check from './checks.js';
import {
  type CheckContext,
  choice,
  type Context,
  onOff,
  type Question,
  text,
  texts,
} from './question.js';

/** The commands that make a package. */
const NEW_PACKAGE = ['app', 'extension'] as const;
/** The commands that make something new. */
const NEW = ['app', 'extension', 'function-app'] as const;
/** Those, and the one that makes it again with other answers. */
const PACKAGE = [...NEW_PACKAGE, 'update'] as const;
const EVERY_PROJECT = [...NEW, 'update'] as const;
const EVERY = languageIds;
const TYPESCRIPT = ['typescript'] as const;
const PYTHON = ['python'] as const;

const language: Question<'language', LanguageId, 'app' | 'extension' | 'function-app'> = choice({
  key: 'language',
  flag: 'language',
  placeholder: '<language>',
  help: (templates) => {
    const [first, ...others] = languageIds;
    const choices = others.map((id) => {
      const ids = templates.templatesIn(id).map((one) => one.id);
      return `${id} for the templates ${allOf(ids)}`;
    });
    return `${[`${first} (default)`, ...choices].join(', or ')}; never asked`;
  },
  values: titles(),
  refusal: `A language is ${languageIds.join(' or ')}`,
  origin: ({ command }) => (command === 'function-app' ? 'what the extension is' : 'default'),
  fallback: (context) => context.language,
  commands: NEW,
  languages: EVERY,
});

const template: Question<'template', string, 'app' | 'extension' | 'update'> = {
  key: 'template',
  kind: 'choice',
  flag: 'template',
  placeholder: '<template>',
  help: (templates) =>
    `what the extension does, see below (default: ${defaultTemplate(templates, languageIds[0]).id})`,
  message: 'Template',
  isMain: true,
  origin: () => 'default',
  choices: ({ templates, language: id }) =>
    templates
      .templatesIn(id)
      .map(({ id: value, summary }) => ({ name: `${value}: ${summary}`, value })),
  check: (value, { templates, language: id }) => {
    const ids = templates.templatesIn(id).map((one) => one.id);
    if (!ids.includes(value)) {
      const isElsewhere = languageIds.some((other) =>
        templates.templatesIn(other).some((one) => one.id === value),
      );
      throw new Refusal(
        `There is no template ${quoted(value)}${isElsewhere ? ` in ${languages[id].title}` : ''}. There is: ${ids.join(', ')}.`,
      );
    }
    return value;
  },
  fallback: ({ templates, language: id }) => defaultTemplate(templates, id).id,
  applies: ({ templates, language: id }) => templates.templatesIn(id).length > 1,
  commands: PACKAGE,
  languages: EVERY,
};

const scope = choice({
  key: 'scope',
  flag: 'scope',
  placeholder: '<scope>',
  help: 'app (default): every function of an app; function: those that it is created for',
  message: 'Scope',
  isMain: true,
  values: {
    app: 'application level: acts on every function of an app',
    function: 'function level: acts on the functions that it is created for',
  },
  refusal: 'A scope is app or function',
  fallback: () => 'app',
  commands: PACKAGE,
  languages: EVERY,
});

const name = text({
  key: 'name',
  flag: 'name',
  placeholder: '<name>',
  help: 'timer becomes azfunc-extension-timer (default: name of the destination or the template)',
  message: 'Name',
  isMain: true,
  check: (value, context) => check.packageName(value, languages[context.language]),
  preview: (value, context) => check.packageNameFor(value, languages[context.language]),
  fallback: async (context) => {
    const toName = (value: string) => check.packageName(value, languages[context.language]);
    return (
      (await check.accepted(toName, context.machine.folder)) || toName(templateOf(context).name)
    );
  },
  commands: PACKAGE,
  languages: EVERY,
});

/** How extensions are named, by which an app begins or is to be extended. */
const EXTENSION = {
  flag: 'extension',
  placeholder: '<spec>',
  message: 'Extension (folder, package file, name, or repository)',
  isMain: true,
  check: (value: string, { language: id }: CheckContext) =>
    id === 'python' ? check.pythonExtension(value) : check.extension(value),
  languages: EVERY,
} as const;

const extension = text({
  ...EXTENSION,
  key: 'extension',
  help: 'extension that the app uses: what npm install takes, such as ../extension, a tarball, a name, owner/repo, or in Python pip install',
  fallback: () => '',
  commands: ['function-app'],
});

const removed = texts({
  key: 'removed',
  flag: 'remove',
  placeholder: '<name>',
  help: 'package name of an extension to remove again, with all that was added for it; repeat it for more',
  check: check.extensionName,
  fallback: () => [],
  commands: ['use'],
  languages: EVERY,
});

const extensions = texts({
  ...EXTENSION,
  key: 'extensions',
  help: 'extension that the app is to use: what npm install takes, such as ../extension, a tarball, a name, owner/repo, or pip install for an app in Python; repeat it for more',
  check: (value, context) => {
    if (context.answers.removed) {
      throw new Refusal('--remove and --extension are for two runs. Leave one of them out.');
    }
    return EXTENSION.check(value, context);
  },
  fallback: ({ answers }) => (answers.removed ? [] : ['']),
  applies: ({ answers }) => !answers.removed,
  commands: ['use'],
});

const trigger = choice({
  key: 'trigger',
  flag: 'trigger',
  placeholder: '<trigger>',
  help: 'what calls the function: http (default), timer or queue',
  message: 'Trigger',
  isMain: true,
  values: {
    http: 'http: a request',
    timer: 'timer: a schedule',
    queue: 'queue: a message in a storage queue',
  },
  refusal: 'A trigger is http, timer or queue',
  fallback: () => 'http',
  commands: ['function'],
  languages: EVERY,
});

const description = text({
  key: 'description',
  flag: 'description',
  placeholder: '<text>',
  help: 'description of the package (default: by template)',
  message: 'Description',
  origin: () => 'from the template',
  check: check.description,
  fallback: (context) => templateOf(context).description,
  follows: true,
  commands: PACKAGE,
  languages: EVERY,
});

const author = text({
  key: 'author',
  flag: 'author',
  placeholder: '<name>',
  help: "author of the package (default: git's user.name)",
  message: 'Author',
  origin: () => "git's user.name",
  check: check.line,
  fallback: ({ machine }) => check.line(machine.userName),
  commands: PACKAGE,
  languages: EVERY,
});

const email = text({
  key: 'email',
  flag: 'email',
  placeholder: '<address>',
  help: "the author's email address (default: git's user.email)",
  message: 'Email',
  origin: () => "git's user.email",
  check: check.email,
  fallback: ({ machine }) => check.accepted(check.email, machine.userEmail),
  commands: PACKAGE,
  languages: EVERY,
});

const license = text({
  key: 'license',
  flag: 'license',
  placeholder: '<SPDX id>',
  help: 'license of the package, or UNLICENSED (default: MIT)',
  message: 'License (SPDX id)',
  check: check.license,
  fallback: () => 'MIT',
  commands: PACKAGE,
  languages: EVERY,
});

const repository = text({
  key: 'repository',
  flag: 'repository',
  placeholder: '<url>',
  help: "URL, or owner/repo on GitHub (default: git's remote origin)",
  message: 'Repository to publish from (URL, owner/repo on GitHub, or nothing)',
  isMain: true,
  check: check.repository,
  fallback: ({ machine }) => check.accepted(check.repository, machine.remote),
  commands: PACKAGE,
  languages: EVERY,
});

const functionsRange = text({
  key: 'functionsRange',
  flag: 'functions-range',
  placeholder: '<range>',
  help: 'peer range for @azure/functions within 4.x (default: all versions with hooks)',
  message: 'Peer range for @azure/functions',
  origin: () => 'all versions with hooks',
  check: check.functionsRange,
  fallback: ({ templates }) => templates.support.functions,
  commands: EVERY_PROJECT,
  languages: TYPESCRIPT,
});

const functionApp = onOff({
  key: 'functionApp',
  flag: 'function-app',
  help: 'add a function app that uses it (default), or leave it out',
  message: 'Add a function app that uses it?',
  fallback: () => true,
  commands: ['app'],
  languages: EVERY,
});

const programmingModel = choice({
  key: 'programmingModel',
  flag: 'programming-model',
  placeholder: '<model>',
  help: 'of the function app in Python: v2 (default) or v1',
  message: 'Programming model of the function app',
  values: {
    v2: 'v2: functions are declared by decorators',
    v1: 'v1: each function has a folder with a function.json',
  },
  refusal: 'A programming model is v1 or v2',
  fallback: () => 'v2',
  applies: ({ answers }) => answers.functionApp !== false,
  commands: ['app', 'function-app', 'update'],
  languages: PYTHON,
});

/** The name of the sample function of an app. */
const sampleName = text({
  key: 'functionName',
  flag: 'function-name',
  placeholder: '<name>',
  help: 'name of the HTTP function in the app (default: HttpTrigger)',
  message: 'Name of its HTTP function',
  check: checkFunctionName,
  fallback: () => DEFAULT_FUNCTION_NAME,
  applies: ({ answers }) => answers.functionApp !== false,
  commands: ['app', 'function-app', 'update'],
  languages: EVERY,
});

/** The function on which an extension at function level acts. */
const targetName = text({
  key: 'functionName',
  flag: 'function-name',
  placeholder: '<name>',
  help: 'function that an extension at function level acts on (default: the first one that is found)',
  message: 'Function that it acts on',
  isMain: true,
  check: checkFunctionName,
  fallback: ({ app, pythonFunctions }) =>
    app?.functionNames[0] ??
    pythonFunctions?.scripts.flatMap(({ functionNames }) => functionNames)[0] ??
    DEFAULT_FUNCTION_NAME,
  applies: ({ extensions: read }) => read?.some((one) => one.scope === 'function') ?? false,
  commands: ['use'],
  languages: EVERY,
});

/** The name of a function that is added. */
const newName = text({
  key: 'functionName',
  flag: 'name',
  placeholder: '<name>',
  help: 'name of the function (default: HttpTrigger, TimerTrigger or QueueTrigger)',
  message: 'Name',
  isMain: true,
  check: checkFunctionName,
  fallback: ({ answers }) => defaultFunctionName(answers.trigger ?? 'http'),
  commands: ['function'],
  languages: EVERY,
});

/** It takes what there is for the language. */
const packageManager = {
  key: 'packageManager',
  kind: 'choice',
  flag: 'package-manager',
  placeholder: '<pm>',
  help: `${languageIds.map((id) => oneOf(languages[id].packageManagers.names)).join(', in Python ')} (default: that of the project around, then the one that runs this)`,
  message: undefined,
  isMain: false,
  origin: () => 'the project around, or what runs this',
  check: (value: string, { language: id }: CheckContext) => {
    const { title, packageManagers } = languages[id];
    if (!packageManagers.names.includes(value)) {
      throw new Refusal(
        `A package manager of ${title} is ${oneOf(packageManagers.names)}, not ${quoted(value)}.`,
      );
    }
    return value;
  },
  // What an earlier version has made in Python is for pip.
  fallback: ({ recorded, machine, language: id }: Context) =>
    recorded
      ? languages[id].packageManagers.names[0]
      : machine.packageManager(languages[id].packageManagers),
  applies: () => true,
  commands: EVERY_PROJECT,
  languages: EVERY,
} satisfies Question as unknown as
  | Question<'packageManager', PackageManager, (typeof EVERY_PROJECT)[number], 'typescript'>
  | Question<'packageManager', PythonPackageManager, (typeof EVERY_PROJECT)[number], 'python'>;

const ci = choice({
  key: 'ci',
  flag: 'ci',
  placeholder: '<provider>',
  help: 'github: workflows that test and publish (default for a repository on GitHub); none',
  message: 'Workflows for CI',
  origin: ({ answers }) =>
    answers.repository ? 'by the host of the repository' : 'no repository is given',
  values: {
    github: 'github: tests each push, and publishes each version that has a tag',
    none: 'none',
  },
  refusal: 'Workflows are for github, or there are none',
  fallback: async ({ answers, machine }) =>
    !machine.isBelowRepositoryRoot && (await gitHubName(answers.repository ?? '')) !== undefined
      ? 'github'
      : 'none',
  applies: ({ machine }) => !machine.isBelowRepositoryRoot,
  commands: PACKAGE,
  languages: EVERY,
});

const weeklyUpdate = onOff({
  key: 'weeklyUpdate',
  flag: 'weekly-update',
  help: 'add a workflow that proposes the changes of newer templates, with --ci github; never asked',
  fallback: () => false,
  commands: PACKAGE,
  languages: TYPESCRIPT,
});

const git = onOff({
  key: 'git',
  flag: 'git',
  help: 'create a git repository with a first commit (default: where there is none)',
  message: 'Create a git repository?',
  origin: () => 'there is none yet',
  fallback: ({ machine }) => machine.canInitGit,
  applies: ({ machine }) => machine.canInitGit,
  commands: NEW,
  languages: EVERY,
});

/** Where the old output of a project is. */
const from = text({
  key: 'from',
  flag: 'from',
  placeholder: '<origin>',
  help: 'where the files are as they were generated, if they are nowhere else: a version, a tarball or a commit',
  check: check.line,
  fallback: () => '',
  applies: () => false,
  commands: ['update'],
  languages: EVERY,
});

/** All that can be decided, in the order in which it is asked. */
export const questions = [
  language,
  template,
  scope,
  name,
  extension,
  removed,
  extensions,
  trigger,
  description,
  author,
  email,
  license,
  repository,
  functionsRange,
  functionApp,
  programmingModel,
  sampleName,
  targetName,
  newName,
  packageManager,
  ci,
  weeklyUpdate,
  git,
  from,
] as const;

/** What a sample function is called unless another name is given. */
export const DEFAULT_FUNCTION_NAME = 'HttpTrigger';

function checkFunctionName(value: string, { language: id, answers }: CheckContext): string {
  const functionName = check.functionName(value);
  languages[id].checkFunctionName(functionName, answers);
  return functionName;
}

function titles(): Record<LanguageId, string> {
  const entries = languageIds.map((id) => [id, languages[id].title]);
  return Object.fromEntries(entries) as Record<LanguageId, string>;
}

function defaultTemplate(templates: Templates, languageId: string): Template {
  const [first] = templates.templatesIn(languageId);
  if (!first) {
    throw new Error(`There is no template in ${languageId}.`);
  }
  return first;
}

/** The template that is chosen. */
function templateOf({ templates, language: id, answers }: Context): Template {
  return (
    templates.templatesIn(id).find((one) => one.id === answers.template) ??
    defaultTemplate(templates, id)
  );
}
