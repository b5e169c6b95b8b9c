#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readFlags, switches, toCamelCase } from './core/flags.js';
import { helpFor } from './core/help.js';
import { type GeneratorId, parameters } from './core/parameters.js';
import { isCancellation, Refusal } from './core/refusal.js';
import { packageRoot } from './sources.js';

const GENERATORS: readonly GeneratorId[] = ['app', 'extension', 'function-app'];

/** Runs a generator without `yo`: `generator-azfunc-extension [:generator] [destination] [options]` */
async function main(words: string[]): Promise<void> {
  const sub = words[0]?.startsWith(':') ? words[0].slice(1) : undefined;
  const id = GENERATORS.find((one) => one === (sub ?? 'app'));
  if (!id) {
    const others = GENERATORS.filter((one) => one !== 'app').map((one) => `:${one}`);
    throw new Refusal(`There is no generator :${sub}. There is: ${others.join(', ')}.`);
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
  // Yeoman has its own options in camel case.
  const options = Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [toCamelCase(flag), value]),
  );
  // The generator does this again. Here it spares the user the second in which Yeoman loads.
  const { on } = readFlags(id, options, positionals, words);
  if (on.has('help')) {
    console.log(
      helpFor(id, ['npx generator-azfunc-extension', ...words.slice(0, sub ? 1 : 0)].join(' ')),
    );
    return;
  }
  const { createEnv } = await import('yeoman-environment');
  const env = createEnv();
  const namespace = `azfunc-extension:${id}`;
  env.register(join(import.meta.dirname, id, 'index.js'), { namespace });
  await env.run([namespace, ...positionals], options);
}

function optionTypes(): NonNullable<ParseArgsConfig['options']> {
  return {
    version: { type: 'boolean' },
    ...Object.fromEntries(
      parameters.map(({ flag, placeholder }) => [
        flag,
        { type: placeholder ? ('string' as const) : ('boolean' as const) },
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
  console.error(error instanceof Refusal || isCancellation(error) ? error.message : error);
  process.exitCode = 1;
});
