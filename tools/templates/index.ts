/*
 * `npm run test:templates [-- <template> …] [-- --watch]`: checks the templates in TypeScript where they
 * are, and then at both scopes what comes of them: its tests, and what template.json expects of it.
 */
import { mkdirSync, readdirSync, rmSync, symlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa, ExecaError } from 'execa';
import { ownTemplates } from '../../generators/package-root.js';
import type { Template } from '../../generators/templates/load.js';
import { checkExpectations } from '../support/expectations.js';
import { root } from '../support/files.js';
import { startHost } from '../support/local-host.js';

const scopes = ['app', 'function'] as const;
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const modules = join(root, 'node_modules');

/** Runs a command, and shows what it prints if it fails. */
async function run(cwd: string, command: string, args: string[]): Promise<void> {
  await execa(command, args, { cwd, all: true, stdin: 'ignore' });
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

/** Makes the project of a template, with the dependencies of this package in place of its own. */
async function compose(id: string, scope: string): Promise<string> {
  const folder = join(root, 'build/templates', `${id}-${scope}`);
  rmSync(folder, { recursive: true, force: true });
  const flags = ['--template', id, '--name', id, '--scope', scope];
  const options = ['--yes', '--skip-install', '--no-git'];
  await run(root, process.execPath, ['bin.cjs', folder, ...flags, ...options]);
  const own = join(folder, 'node_modules');
  mkdirSync(own);
  for (const name of readdirSync(modules).filter((one) => !/^(\.|@types$)/.test(one))) {
    symlinkSync(join(modules, name), join(own, name), 'junction');
  }
  mkdirSync(join(own, '@types'));
  symlinkSync(join(modules, '@types/node'), join(own, '@types/node'), 'junction');
  symlinkSync(join(folder, 'extension'), join(own, `azfunc-extension-${id}`), 'junction');
  return folder;
}

async function checkOutput({ id, expect }: Template, scope: string): Promise<void> {
  const folder = await compose(id, scope);
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

/** @returns Whether all is well. */
async function check(templates: readonly Template[]): Promise<boolean> {
  const started = performance.now();
  const step = async (name: string, task: () => Promise<void>) => {
    try {
      await task();
      console.log(`✔ ${name}`);
      return true;
    } catch (error) {
      console.error(`✖ ${name}\n`, error instanceof ExecaError ? error.all : error);
      return false;
    }
  };
  const ids = templates.map(({ id }) => id);
  const results = [await step(`${ids.join(', ')} in place`, () => checkInPlace(ids))];
  for (const template of templates) {
    for (const scope of scopes) {
      results.push(await step(`${template.id} at ${scope} level`, () => checkOutput(template, scope)));
    }
  }
  console.log(`${Math.round((performance.now() - started) / 1000)} s`);
  return results.every(Boolean);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { watch: { type: 'boolean' } },
    allowPositionals: true,
  });
  const all = ownTemplates().templatesIn('typescript');
  const unknown = positionals.find((id) => !all.some((one) => one.id === id));
  if (unknown !== undefined) {
    throw new Error(`There is no template ${unknown}. There is: ${all.map(({ id }) => id).join(', ')}`);
  }
  const chosen = all.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
  if (!(await check(chosen)) && !values.watch) {
    process.exitCode = 1;
  }
  if (values.watch) {
    let isRunning = false;
    watch(join(root, 'templates'), { recursive: true }, async () => {
      if (!isRunning) {
        isRunning = true;
        await check(chosen);
        isRunning = false;
      }
    });
  }
}

await main();
