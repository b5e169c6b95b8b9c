#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { createEnv } from 'yeoman-environment';
import { isCancellation } from './base.js';
import { switches, toCamelCase } from './core/flags.js';
import { type GeneratorId, parameters } from './core/parameters.js';
import { Refusal } from './core/refusal.js';
import { packageRoot } from './sources.js';

const GENERATORS: readonly GeneratorId[] = ['app', 'extension', 'function-app'];

/**
 * Runs a generator without `yo`: `generator-azfunc-extension [:sub-generator] [destination]
 * [options]`.
 */
async function main(argv: string[]): Promise<void> {
  const [first = ''] = argv;
  const sub = first.startsWith(':') ? first.slice(1) : undefined;
  const id = GENERATORS.find((one) => one === (sub ?? 'app'));
  if (!id) {
    throw new Refusal(
      `There is no generator :${sub}. There is: ${GENERATORS.slice(1)
        .map((one) => `:${one}`)
        .join(', ')}.`,
    );
  }
  const { values, positionals } = parseArgs({
    args: sub === undefined ? argv : argv.slice(1),
    options: optionTypes(),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
  });
  if (values.version) {
    const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    console.log(version);
    return;
  }
  const env = createEnv();
  const namespace = `azfunc-extension:${id}`;
  env.register(join(import.meta.dirname, id, 'index.js'), { namespace });
  const calledAs = ['npx generator-azfunc-extension', ...(sub ? [`:${sub}`] : [])].join(' ');
  // Yeoman's own options are in camel case.
  const options: Record<string, unknown> = { calledAs };
  for (const [flag, value] of Object.entries(values)) {
    options[toCamelCase(flag)] = value;
  }
  await env.run([namespace, ...positionals], options);
}

function optionTypes(): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries([
    ['version', { type: 'boolean' as const }],
    ...parameters.map(
      ({ flag, placeholder }) =>
        [flag, { type: placeholder ? ('string' as const) : ('boolean' as const) }] as const,
    ),
    ...switches.map(
      ({ flag, alias }) =>
        [flag, { type: 'boolean' as const, ...(alias && { short: alias }) }] as const,
    ),
  ]);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Refusal || isCancellation(error) ? error.message : error);
  process.exitCode = 1;
});
