/*
 * `npm run test:templates [-- <template> …] [-- --watch]`: checks the templates where they are, and then at
 * both scopes what comes of them.
 */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ExecaError } from 'execa';
import { ownTemplates } from '../../generators/package-root.js';
import { root } from '../support/files.js';
import { prepareEnvironment, pythonSteps } from './python.js';
import type { Step } from './steps.js';
import { typescriptSteps } from './typescript.js';

/**
 * Checks the languages at once, and of each one thing after the other.
 *
 * @returns Whether all is well.
 */
async function check(languages: readonly (readonly Step[])[]): Promise<boolean> {
  const started = performance.now();
  let isWell = true;
  const inOrder = async (steps: readonly Step[]) => {
    for (const { name, check: one } of steps) {
      try {
        await one();
        console.log(`✔ ${name}`);
      } catch (error) {
        console.error(`✖ ${name}\n`, error instanceof ExecaError ? error.all : error);
        isWell = false;
      }
    }
  };
  await Promise.all(languages.map(inOrder));
  console.log(`${Math.round((performance.now() - started) / 1000)} s`);
  return isWell;
}

/**
 * What there is to check, by language.
 *
 * @param names The templates to check, in whatever language: all, if none is given.
 */
async function stepsFor(names: readonly string[]): Promise<Step[][]> {
  const templates = ownTemplates();
  const chosen = (language: string) =>
    templates
      .templatesIn(language)
      .filter(({ id }) => names.length === 0 || names.includes(id));
  const [typescript, python] = [chosen('typescript'), chosen('python')];
  const known = [...typescript, ...python].map(({ id }) => id);
  const unknown = names.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new Error(`There is no template ${unknown}.`);
  }
  const languages = typescript.length > 0 ? [typescriptSteps(typescript)] : [];
  if (python.length > 0) {
    const missing = await prepareEnvironment();
    if (missing === undefined) {
      languages.push(pythonSteps(python, templates));
    } else if (process.env.REQUIRE_PYTHON === '1') {
      throw new Error(missing);
    } else {
      console.log(`- python: not checked, since ${missing}`);
    }
  }
  return languages;
}

const { values, positionals } = parseArgs({
  options: { watch: { type: 'boolean' } },
  allowPositionals: true,
});
const languages = await stepsFor(positionals);
if (!(await check(languages)) && !values.watch) {
  process.exitCode = 1;
}
if (values.watch) {
  let isRunning = false;
  watch(join(root, 'templates'), { recursive: true }, async () => {
    if (!isRunning) {
      isRunning = true;
      await check(languages);
      isRunning = false;
    }
  });
}
