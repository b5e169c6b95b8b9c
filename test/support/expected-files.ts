import type { Scope } from '../../generators/core/answers.js';

/** What a template adds to the files that all have. */
const OWN: Record<string, { extension: string[]; app: string[] }> = {
  timer: { extension: ['src/http-result.ts', 'test/http-result.test.ts'], app: [] },
  blank: { extension: [], app: [] },
  guard: { extension: ['src/api-key.ts', 'src/problem.ts'], app: [] },
  'problem-details': { extension: ['src/problem.ts', 'test/problem.test.ts'], app: [] },
  tracing: {
    extension: [
      'src/semantic-conventions.ts',
      'src/trace-parent.ts',
      'src/tracer-provider.ts',
      'test/trace-parent.test.ts',
      'test/without-sdk.test.ts',
    ],
    app: ['src/telemetry.ts'],
  },
};

function ownFiles(template: string) {
  const own = OWN[template];
  if (!own) {
    throw new Error(`The files of the template ${template} are not known here.`);
  }
  return own;
}

/** The files of an extension package with the name of its template. */
export function extensionFiles(scope: Scope, template = 'timer'): string[] {
  const base =
    scope === 'app' ? ['app-extension-base'] : ['func-extension-base', 'function-target'];
  return [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
    ...base.map((name) => `src/${name}.ts`),
    'src/hooks.ts',
    'src/index.ts',
    'src/invocation-data.ts',
    `src/${template}-extension.ts`,
    `test/${base[0]}.test.ts`,
    'test/check-package.mjs',
    `test/${template}-extension.test.ts`,
    'test/tsconfig.json',
    'test/worker.ts',
    'tsconfig.json',
    ...ownFiles(template).extension,
  ].sort();
}

/** What git, editors and Visual Studio Code are told, at the root. */
export const toolFiles = [
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.vscode/launch.json',
  '.vscode/tasks.json',
];

/** What Visual Studio Code is told of an app, at the root. */
export const appToolFiles = ['.vscode/extensions.json', '.vscode/settings.json'];

/** What the workflows on GitHub add, at the root. */
export const gitHubFiles = [
  '.github/dependabot.yml',
  '.github/workflows/ci.yml',
  '.github/workflows/release.yml',
];

/** The files of a function app. */
export function functionAppFiles(template = 'timer'): string[] {
  return [
    '.funcignore',
    'host.json',
    'local-host/admin.ts',
    'local-host/entry-files.ts',
    'local-host/errors.ts',
    'local-host/forward.ts',
    'local-host/host.ts',
    'local-host/http.ts',
    'local-host/main.ts',
    'local-host/router.ts',
    'local-host/settings.ts',
    'local-host/worker.ts',
    'local.settings.json',
    'package.json',
    'src/functions/HttpTrigger.ts',
    'src/index.ts',
    'test/HttpTrigger.test.ts',
    'tools/dev.ts',
    'tools/local-packages.ts',
    'tools/package.ts',
    'tsconfig.json',
    ...ownFiles(template).app,
  ].sort();
}

/** The files of a workspace with both. */
export function workspaceFiles(scope: Scope, template = 'timer'): string[] {
  return [
    ...toolFiles,
    ...appToolFiles,
    'LICENSE',
    'README.md',
    ...extensionFiles(scope, template).map((file) => `extension/${file}`),
    ...functionAppFiles(template).map((file) => `function-app/${file}`),
    'package.json',
  ].sort();
}
