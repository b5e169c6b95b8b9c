import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../../generators/templates/load.js';
import { checkExpectations } from '../support/expectations.js';
import { root } from '../support/files.js';
import { startHost } from '../support/local-host.js';
import { compose, run, type Scope, scopes, type Step } from './steps.js';

const bin = (name: string) => join(root, 'node_modules/.bin', name);
const modules = join(root, 'node_modules');

/** The templates in TypeScript: their sources in place, then what comes of them. */
export function typescriptSteps(templates: readonly Template[]): Step[] {
  const ids = templates.map(({ id }) => id);
  return [
    { name: `typescript: ${ids.join(', ')} in place`, check: () => checkInPlace(ids) },
    ...templates.flatMap((template) =>
      scopes.map((scope) => ({
        name: `typescript: ${template.id} at ${scope} level`,
        check: () => checkOutput(template, scope),
      })),
    ),
  ];
}

/** Compiles, lints and formats the sources in place. */
async function checkInPlace(ids: readonly string[]): Promise<void> {
  const folder = join(root, 'templates/typescript');
  for (const id of ids) {
    await run(folder, bin('tsc'), ['-p', id]);
  }
  await run(root, bin('oxlint'), ['--deny-warnings', 'templates']);
  const style = ['--no-config', '--print-width', '100', '--single-quote', '--ignore-path', ''];
  await run(root, bin('prettier'), ['--check', ...style, 'templates/typescript/**/*.{ts,js}']);
}

/** Tests what comes of a template, and requests its function. */
async function checkOutput({ id, expect }: Template, scope: Scope): Promise<void> {
  const folder = await compose('typescript', id, { scope });
  linkModules(folder, id);
  for (const part of ['extension', 'function-app']) {
    await run(join(folder, part), bin('tsc'), []);
    await run(join(folder, part, 'dist/test'), process.execPath, ['--test']);
  }
  const host = await startHost(join(folder, 'function-app'));
  try {
    await checkExpectations(host, '/api/HttpTrigger', expect);
  } finally {
    await host.stop();
  }
}

/** Puts the dependencies of this package in place of the project's own. */
export function linkModules(folder: string, id: string): void {
  const own = join(folder, 'node_modules');
  mkdirSync(own);
  for (const name of readdirSync(modules).filter((one) => !/^(\.|@types$)/.test(one))) {
    symlinkSync(join(modules, name), join(own, name), 'junction');
  }
  mkdirSync(join(own, '@types'));
  symlinkSync(join(modules, '@types/node'), join(own, '@types/node'), 'junction');
  symlinkSync(join(folder, 'extension'), join(own, `azfunc-extension-${id}`), 'junction');
}
