import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { root, writeJson } from '../support/files.js';

/** One output that is kept in golden/. */
export interface Case {
  /** Its folder in golden/. */
  name: string;
  /** Makes what has to exist before. */
  prepare?: (folder: string) => void;
  /** Arguments of the command line, for one run after the other. */
  runs: string[][];
  /** The package manager that runs it, as npm and others say it. */
  userAgent?: string;
  /** Whether pip reads something for it. */
  needsPip?: boolean;
  /** The folder of the output that is kept. Default: all of it. */
  kept?: string;
}

const QUICK = ['--yes', '--skip-install', '--no-git'];

/** A project in the folder itself. */
function project(name: string, ...args: string[]): Case {
  return { name, runs: [['.', ...args, ...QUICK]] };
}

/** An app as `func init` lays it out, in TypeScript or JavaScript. */
function foreignApp(language: string): (folder: string) => void {
  return (folder) =>
    cpSync(join(root, 'test/fixtures/func-init', language), join(folder, 'app'), { recursive: true });
}

/** A wheel of an extension in Python, with nothing in it but what an app goes by. */
function wheel(folder: string): void {
  const module = 'python_worker_extension_guard';
  const files = {
    [`${module}/__init__.py`]: '',
    [`${module}/bridge.py`]: '',
    [`${module}/worker_extension.json`]: JSON.stringify({
      class: 'GuardExtension',
      scope: 'function',
      options: { roles: ['reader'] },
      settings: { GUARD_KEY: 'a key' },
      request: { headers: { 'x-key': 'a key' } },
    }),
    [`${module}-1.0.0.dist-info/METADATA`]:
      'Metadata-Version: 2.1\nName: python-worker-extension-guard\nVersion: 1.0.0\n',
    [`${module}-1.0.0.dist-info/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${module}-1.0.0.dist-info/RECORD`]: '',
  };
  const bytes = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]);
  writeFileSync(join(folder, `${module}-1.0.0-py3-none-any.whl`), zipSync(Object.fromEntries(bytes)));
}

/** Together they have each layer of templates/layers.json that templates share at least once, as a test says. */
export const cases: readonly Case[] = [
  project('typescript-timer-app', '--name=timer'),
  {
    ...project(
      'typescript-timer-function-pnpm-github',
      '--name=@contoso/http-audit',
      '--scope=function',
      '--repository=contoso/http-audit',
      '--function-name=say-hello',
      '--license=Apache-2.0',
    ),
    userAgent: 'pnpm/10.34.8 npm/? node/v24.0.0 linux x64',
  },
  {
    ...project('typescript-blank-app-yarn', '--name=blank', '--template=blank'),
    userAgent: 'yarn/4.18.1 npm/? node/v24.0.0 linux x64',
  },
  project(
    'typescript-guard-function-alone-github',
    '--name=guard',
    '--template=guard',
    '--scope=function',
    '--no-function-app',
    '--repository=contoso/guard',
    '--weekly-update',
  ),
  project('typescript-guard-app', '--name=guard', '--template=guard'),
  project('python-blank-function-v2', '--language=python', '--template=blank', '--name=blank', '--scope=function'),
  project('typescript-problem-details-app', '--name=problem-details', '--template=problem-details'),
  project(
    'typescript-tracing-function',
    '--name=tracing',
    '--template=tracing',
    '--scope=function',
  ),
  {
    name: 'typescript-members',
    prepare: (folder) =>
      writeJson(join(folder, 'package.json'), { private: true, workspaces: ['packages/timer'] }),
    runs: [
      [':extension', 'packages/timer', ...QUICK],
      [':function-app', 'packages/app', '--extension=./packages/timer', ...QUICK],
    ],
  },
  {
    name: 'typescript-function-app-alone',
    runs: [
      [':extension', 'extension', '--name=guard', '--template=guard', ...QUICK],
      [':function-app', 'app', '--extension=./extension', ...QUICK],
      [':function', 'app', '--trigger=timer', '--name=Nightly'],
      [':function', 'app', '--trigger=queue', '--name=Orders'],
    ],
    kept: 'app',
  },
  {
    name: 'javascript-use-function',
    prepare: foreignApp('javascript'),
    runs: [
      [':extension', 'extension', '--name=timer', '--scope=function', ...QUICK],
      [':use', 'app', '--extension=./extension', '--yes', '--skip-install'],
      [':function', 'app', '--trigger=http', '--name=Hello'],
      [':function', 'app', '--trigger=timer', '--name=Nightly'],
      [':function', 'app', '--trigger=queue', '--name=Orders'],
    ],
    kept: 'app',
  },
  project('python-timer-app', '--language=python', '--name=timer'),
  project(
    'python-timer-app-uv-github',
    '--language=python',
    '--name=timer',
    '--package-manager=uv',
    '--repository=contoso/timer',
  ),
  project(
    'python-blank-function-v1',
    '--language=python',
    '--name=blank',
    '--template=blank',
    '--scope=function',
    '--programming-model=v1',
  ),
  project(
    'python-timer-function-alone',
    '--language=python',
    '--name=http-audit',
    '--scope=function',
    '--no-function-app',
    '--repository=contoso/http-audit',
  ),
  {
    name: 'python-function-app-alone',
    prepare: wheel,
    needsPip: true,
    runs: [
      [':function-app', 'app', '--extension=./python_worker_extension_guard-1.0.0-py3-none-any.whl', ...QUICK],
    ],
    kept: 'app',
  },
];
