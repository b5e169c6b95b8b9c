import type { Answers, Language, Surroundings } from './answers.js';
import { catalogue, templateOf, templatesIn } from './catalogue.js';
import { gitHubName } from './hosting.js';
import type { Manifest } from './versions.js';
import { packageManagers } from './package-manager.js';
import { Refusal } from './refusal.js';
import * as validate from './validation.js';
import { versionOf } from './versions.js';
import type { WorkerExtension } from './worker-extension.js';

/** The generators, by the folder that they are in. The first is the main one. */
export const generatorIds = ['app', 'extension', 'function-app', 'use', 'function'] as const;

export type GeneratorId = (typeof generatorIds)[number];

/** The other generators, as they are called: `:extension, :function-app, …`. */
export const subGenerators = generatorIds
  .slice(1)
  .map((id) => `:${id}`)
  .join(', ');

/** What a run has to go on, before there are answers to everything. */
export interface Known {
  generator: GeneratorId;
  /** The answers so far. */
  answers: Partial<Answers>;
  surroundings: Surroundings;
  manifest: Manifest;
  /** The extension that an app is to use, once it has been read. */
  extension?: WorkerExtension;
  /** The functions of the app that is there. */
  functionNames?: readonly string[];
}

/** One thing that a user can decide, by a flag or in answer to a question. */
export interface Parameter {
  key: Exclude<keyof Answers, 'destination'>;
  flag: string;
  /** How the value is written in `--help`; a flag without one is on or off. */
  placeholder?: string;
  /** For `--help`. */
  help: string;
  /** What is asked. */
  question: string;
  /** Whether it is asked if its flag is not given. Default: it is. */
  isAsked?: boolean;
  /** What there is to choose from. */
  choices?: readonly { name: string; value: string }[];
  /**
   * Brings a text into the form that is used, or throws a Refusal. The answers are those to what
   * comes before.
   */
  check?: (value: string, answers: Partial<Answers>) => string;
  default(known: Known): string | boolean;
  /** Whether to ask for it, given what is known. Default: always. */
  applies?(known: Known): boolean;
  /** The languages in which it has a meaning. Default: all. */
  languages?: readonly Language[];
  generators: readonly GeneratorId[];
}

const PACKAGE: readonly GeneratorId[] = ['app', 'extension'];
/** The generators that make something new. */
const SCAFFOLD: readonly GeneratorId[] = ['app', 'extension', 'function-app'];

const functionNameCheck = { placeholder: '<name>', check: validate.functionName };

/** All parameters, in the order in which they are asked. */
export const parameters: readonly Parameter[] = [
  {
    key: 'language',
    flag: 'language',
    placeholder: '<language>',
    help: `typescript (default), or python for the templates ${templatesIn('python').join(' and ')}; never asked`,
    question: 'Language',
    isAsked: false,
    check: validate.language,
    default: () => 'typescript',
    generators: PACKAGE,
  },
  {
    key: 'template',
    flag: 'template',
    placeholder: '<template>',
    help: `what the extension does, see below (default: ${catalogue[0]?.id})`,
    question: 'Template',
    choices: catalogue.map(({ id, summary }) => ({ name: `${id}: ${summary}`, value: id })),
    check: (value, { language }) => validate.template(value, language),
    default: () => catalogue[0]?.id ?? '',
    applies: () => catalogue.length > 1,
    generators: PACKAGE,
  },
  {
    key: 'scope',
    flag: 'scope',
    placeholder: '<scope>',
    help: 'app (default): every function of an app; function: those that it is created for',
    question: 'Scope',
    choices: [
      { name: 'application level: acts on every function of an app', value: 'app' },
      { name: 'function level: acts on the functions that it is created for', value: 'function' },
    ],
    check: validate.scope,
    default: () => 'app',
    generators: PACKAGE,
  },
  {
    key: 'name',
    flag: 'name',
    placeholder: '<name>',
    help: 'timer becomes azfunc-extension-timer (default: name of the destination or the template)',
    question: 'Name',
    check: (value, { language }) => validate.packageName(value, language),
    default: ({ answers: { language, template = '' }, surroundings }) => {
      const check = (value: string) => validate.packageName(value, language);
      return accepted(check, surroundings.folder) || check(templateOf(template).defaultName);
    },
    generators: PACKAGE,
  },
  {
    key: 'extension',
    flag: 'extension',
    placeholder: '<spec>',
    help: 'extension that the app uses: what npm install takes, such as ../extension, a tarball, a name, owner/repo',
    question: 'Extension (folder, tarball, npm name, or owner/repo on GitHub)',
    check: validate.extension,
    default: () => '',
    generators: ['function-app', 'use'],
  },
  {
    key: 'trigger',
    flag: 'trigger',
    placeholder: '<trigger>',
    help: 'what calls the function: http (default), timer or queue',
    question: 'Trigger',
    choices: [
      { name: 'http: a request', value: 'http' },
      { name: 'timer: a schedule', value: 'timer' },
      { name: 'queue: a message in a storage queue', value: 'queue' },
    ],
    check: validate.trigger,
    default: () => 'http',
    generators: ['function'],
  },
  {
    key: 'description',
    flag: 'description',
    placeholder: '<text>',
    help: 'description of the package (default: by template)',
    question: 'Description',
    check: validate.description,
    default: ({ answers }) => templateOf(answers.template ?? '').defaultDescription,
    generators: PACKAGE,
  },
  {
    key: 'author',
    flag: 'author',
    placeholder: '<name>',
    help: "author of the package (default: git's user.name)",
    question: 'Author',
    check: validate.text,
    default: ({ surroundings }) => validate.text(surroundings.userName),
    generators: PACKAGE,
  },
  {
    key: 'email',
    flag: 'email',
    placeholder: '<address>',
    help: "the author's email address (default: git's user.email)",
    question: 'Email',
    check: validate.email,
    default: ({ surroundings }) => accepted(validate.email, surroundings.userEmail),
    generators: PACKAGE,
  },
  {
    key: 'license',
    flag: 'license',
    placeholder: '<SPDX id>',
    help: 'license of the package, or UNLICENSED (default: MIT)',
    question: 'License (SPDX id)',
    check: validate.license,
    default: () => 'MIT',
    generators: PACKAGE,
  },
  {
    key: 'repository',
    flag: 'repository',
    placeholder: '<url>',
    help: "URL, or owner/repo on GitHub (default: git's remote origin)",
    question: 'Repository (URL, or owner/repo on GitHub)',
    check: validate.repository,
    default: ({ surroundings }) => accepted(validate.repository, surroundings.remote),
    generators: PACKAGE,
  },
  {
    key: 'functionsRange',
    flag: 'functions-range',
    placeholder: '<range>',
    help: 'peer range for @azure/functions within 4.x (default: all versions with hooks)',
    question: 'Peer range for @azure/functions',
    check: validate.functionsRange,
    default: ({ manifest }) => versionOf(manifest, '@azure/functions'),
    languages: ['typescript'],
    generators: SCAFFOLD,
  },
  {
    key: 'functionApp',
    flag: 'function-app',
    help: 'add a function app that uses it (default), or leave it out',
    question: 'Add a function app that uses it?',
    default: () => true,
    generators: ['app'],
  },
  {
    key: 'programmingModel',
    flag: 'programming-model',
    placeholder: '<model>',
    help: 'of the function app in Python: v2 (default) or v1',
    question: 'Programming model of the function app',
    choices: [
      { name: 'v2: functions are declared by decorators', value: 'v2' },
      { name: 'v1: each function has a folder with a function.json', value: 'v1' },
    ],
    check: validate.programmingModel,
    default: () => 'v2',
    applies: ({ answers }) => answers.functionApp !== false,
    languages: ['python'],
    generators: ['app'],
  },
  {
    key: 'functionName',
    flag: 'function-name',
    ...functionNameCheck,
    help: 'name of the HTTP function in the app (default: HttpTrigger)',
    question: 'Name of its HTTP function',
    default: () => 'HttpTrigger',
    applies: ({ answers }) => answers.functionApp !== false,
    generators: ['app', 'function-app'],
  },
  {
    key: 'functionName',
    flag: 'function-name',
    ...functionNameCheck,
    help: 'function that an extension at function level acts on (default: the first one that is found)',
    question: 'Function that it acts on',
    default: ({ functionNames: [first = 'HttpTrigger'] = [] }) => first,
    applies: ({ extension }) => extension?.scope === 'function',
    generators: ['use'],
  },
  {
    key: 'functionName',
    flag: 'name',
    ...functionNameCheck,
    help: 'name of the function (default: HttpTrigger, TimerTrigger or QueueTrigger)',
    question: 'Name',
    default: ({ answers: { trigger = 'http' } }) =>
      `${trigger.charAt(0).toUpperCase()}${trigger.slice(1)}Trigger`,
    generators: ['function'],
  },
  {
    key: 'packageManager',
    flag: 'package-manager',
    placeholder: '<pm>',
    help: `${packageManagers.join(', ')} (default: the one that runs this, or else npm)`,
    question: 'Package manager',
    check: validate.packageManager,
    isAsked: false,
    default: ({ surroundings }) => surroundings.packageManager,
    languages: ['typescript'],
    generators: SCAFFOLD,
  },
  {
    key: 'ci',
    flag: 'ci',
    placeholder: '<provider>',
    help: 'github: workflows that test and publish (default for a repository on GitHub); none',
    question: 'Workflows for CI',
    choices: [
      {
        name: 'github: tests each push, and publishes each version that has a tag',
        value: 'github',
      },
      { name: 'none', value: 'none' },
    ],
    check: validate.ci,
    default: ({ answers: { repository = '' }, surroundings }) =>
      gitHubName(repository) !== undefined && !surroundings.isPart ? 'github' : 'none',
    applies: ({ surroundings }) => !surroundings.isPart,
    languages: ['typescript'],
    generators: PACKAGE,
  },
  {
    key: 'git',
    flag: 'git',
    help: 'create a git repository with a first commit (default: where there is none)',
    question: 'Create a git repository?',
    default: ({ surroundings }) => surroundings.canInitGit,
    applies: ({ surroundings }) => surroundings.canInitGit,
    generators: SCAFFOLD,
  },
];

export function parametersOf(generator: GeneratorId): Parameter[] {
  return parameters.filter(({ generators }) => generators.includes(generator));
}

/** Whether a parameter has a meaning in a language. */
export function isMeantFor({ languages }: Parameter, language: Language = 'typescript'): boolean {
  return languages?.includes(language) ?? true;
}

/** The value as it is used, or nothing where it is refused. */
function accepted(check: (value: string) => string, value: string): string {
  try {
    return value && check(value);
  } catch (error) {
    if (error instanceof Refusal) {
      return '';
    }
    throw error;
  }
}
