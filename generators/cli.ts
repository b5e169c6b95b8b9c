import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { InputOutputAdapter } from '@yeoman/types';
import { switches, toCamelCase } from './core/flags.js';
import { helpFor } from './core/help.js';
import { generatorIds, parameters, subGenerators } from './core/parameters.js';
import { isCancellation, Refusal } from './core/refusal.js';
import { runOf } from './runs/run-of.js';
import { packageRoot } from './sources.js';

/** Runs a generator without `yo`: `generator-azfunc-extension [:generator] [destination] [options]` */
async function main(words: string[]): Promise<void> {
  const sub = words[0]?.startsWith(':') ? words[0].slice(1) : undefined;
  const id = generatorIds.find((one) => one === (sub ?? 'app'));
  if (!id) {
    throw new Refusal(`There is no generator :${sub}. There is: ${subGenerators}.`);
  }
  const { values, positionals } = parseArgs({
    args: sub === undefined ? words : words.slice(1),
    options: optionTypes(),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
  });
  if (values.version) {
    console.log(versionOfPackage());
    return;
  }
  if (values.help === true) {
    console.log(
      helpFor(id, ['npx generator-azfunc-extension', ...words.slice(0, sub ? 1 : 0)].join(' ')),
    );
    return;
  }
  const options: Record<string, unknown> = {};
  for (const [flag, value] of Object.entries(values)) {
    // Yeoman has its own options in camel case.
    options[toCamelCase(flag)] = Array.isArray(value) && value.length === 1 ? value[0] : value;
  }
  const run = await runOf(id, {
    options,
    positionals,
    argv: words,
    cwd: currentFolder(),
    terminal: { say: (text) => console.error(text), adapter },
  });
  await run.begin();
  await run.decide();
  await run.write();
  await run.install();
  await run.end();
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new Refusal('The current folder is no longer there. Go to another one.');
  }
}

async function adapter(): Promise<InputOutputAdapter> {
  const { TerminalAdapter } = await import('@yeoman/adapter');
  return new TerminalAdapter();
}

function optionTypes(): NonNullable<ParseArgsConfig['options']> {
  return {
    version: { type: 'boolean' },
    ...Object.fromEntries(
      parameters.map(({ flag, placeholder }) => [
        flag,
        // More than one value is for the generator to refuse.
        placeholder ? { type: 'string' as const, multiple: true } : { type: 'boolean' as const },
      ]),
    ),
    ...Object.fromEntries(
      switches.map(({ flag, alias }) => [
        flag,
        { type: 'boolean' as const, ...(alias && { short: alias }) },
      ]),
    ),
  };
}

function versionOfPackage(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});

/** One line for what a user can do something about, and all that is known of everything else. */
function messageOf(error: unknown): unknown {
  if (isCancellation(error)) {
    return 'Cancelled. Nothing was written.';
  }
  const isSystemError = error instanceof Error && 'syscall' in error;
  return error instanceof Refusal || isSystemError ? error.message : error;
}
