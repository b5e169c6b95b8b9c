import type { Answers } from './answers.js';
import { namesOf } from './names.js';
import { py, toml } from './serialize.js';
import type { WorkerExtension } from './worker-extension.js';

/** Version that an emitted package begins with: that of the tutorial. */
const FIRST_VERSION = '1.0.0';

/** What the templates in Python can ask for, beside what all templates can. */
export function pythonView(answers: Answers, extension: WorkerExtension, alone: boolean) {
  const { name, author, email, license, repository, functionName, programmingModel } = answers;
  const { fileName } = namesOf(name);
  const folder = alone ? '' : '#subdirectory=extension';
  return {
    fileName: fileName.replaceAll('-', '_'),
    moduleName: name.replaceAll('-', '_'),
    firstVersion: FIRST_VERSION,
    programmingModel,
    self: answers.scope === 'app' ? 'cls' : 'self',
    functionIdentifier: toPythonIdentifier(functionName),
    /** The options that a new user begins with: `append_to_http_response=True`. */
    keywordArguments: Object.entries(extension.options ?? {}).map(
      ([option, value]) => `${toSnakeCase(option)}=${py(value)}`,
    ),
    /** The author, as an inline table of TOML has it; empty for none. */
    authorFields: [author && `name = ${toml(author)}`, email && `email = ${toml(email)}`]
      .filter(Boolean)
      .join(', '),
    /** An SPDX expression, as PEP 639 wants it. */
    licenseExpression: license === 'UNLICENSED' ? 'LicenseRef-Proprietary' : license,
    repositoryUrl: repository,
    /** How requirements.txt takes the package from its repository. */
    vcsRequirement: `git+${repository || 'https://github.com/owner/repo'}@main${folder}`,
    localSettings: JSON.stringify(
      {
        IsEncrypted: false,
        Values: {
          FUNCTIONS_WORKER_RUNTIME: 'python',
          AzureWebJobsStorage: 'UseDevelopmentStorage=true',
          PYTHON_ENABLE_WORKER_EXTENSIONS: '1',
          ...extension.settings,
        },
      },
      null,
      2,
    ),
  };
}

/** `HttpTrigger` and `http-trigger` -> `http_trigger` */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2_')
    .toLowerCase()
    .replace(/[-_]+/g, '_')
    .replace(/_$/, '');
}

/** Words of the language that a name in lower case can be, and names that the app's file uses. */
const TAKEN = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield
  app dict func isinstance logger logging name_in_body os str`.split(/\s+/),
);

/** The Python name of a function: `HttpTrigger` -> `http_trigger`. */
export function toPythonIdentifier(functionName: string): string {
  const identifier = toSnakeCase(functionName);
  return TAKEN.has(identifier) ? `${identifier}_function` : identifier;
}
