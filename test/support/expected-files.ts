import type { Scope } from '../../generators/core/answers.js';

/** The files of an extension package named timer. */
export function extensionFiles(scope: Scope): string[] {
  const base =
    scope === 'app' ? ['app-extension-base'] : ['func-extension-base', 'function-target'];
  return [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
    ...base.map((name) => `src/${name}.ts`),
    'src/http-result.ts',
    'src/index.ts',
    'src/run-hook.ts',
    'src/timer-extension.ts',
    `test/${base[0]}.test.ts`,
    'test/http-result.test.ts',
    'test/timer-extension.test.ts',
    'test/tsconfig.json',
    'test/worker.ts',
    'tsconfig.json',
  ];
}

/** The files of a function app. */
export const functionAppFiles = [
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
  'tsconfig.json',
];

/** The files of a workspace with both. */
export function workspaceFiles(scope: Scope): string[] {
  return [
    '.gitignore',
    '.vscode/extensions.json',
    '.vscode/launch.json',
    '.vscode/settings.json',
    '.vscode/tasks.json',
    'LICENSE',
    'README.md',
    ...extensionFiles(scope).map((file) => `extension/${file}`),
    ...functionAppFiles.map((file) => `function-app/${file}`),
    'package.json',
  ].sort();
}
