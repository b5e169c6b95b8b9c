import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ownTemplates, versionOfPackage } from './package-root.js';
import { toCamelCase } from './questions/flags.js';
import { commandIds } from './questions/question.js';
import { questions } from './questions/questions.js';
import { type SwitchFlag, switchFlags } from './questions/switches.js';
import { isCancellation, Refusal } from './refusal.js';
import { run } from './run.js';
import { type System, systemProcesses } from './system.js';

/** Runs a command without `yo`: `generator-azfunc-extension [:generator] [destination] [options]` */
async function main(words: string[]): Promise<void> {
  const sub = words[0]?.startsWith(':') ? words[0].slice(1) : undefined;
  // In CI nothing else is meant.
  const fallback = words.includes('--check') ? 'update' : 'app';
  const command = commandIds.find((one) => one === (sub ?? fallback));
  if (!command) {
    const { subGenerators } = await import('./questions/help.js');
    throw new Refusal(`There is no generator :${sub}. There is: ${subGenerators}.`);
  }
  const { values, positionals } = parseArgs({
    args: sub === undefined ? words : words.slice(1),
    options: optionTypes(),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
  });
  if (values['version']) {
    console.log(versionOfPackage());
    return;
  }
  const templates = ownTemplates();
  if (values['help'] === true) {
    const { helpFor } = await import('./questions/help.js');
    const typed = ['npx generator-azfunc-extension', ...words.slice(0, sub ? 1 : 0)].join(' ');
    console.log(helpFor(command, typed, templates));
    return;
  }
  const options = Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [
      // Yeoman has its own options in camel case.
      toCamelCase(flag),
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]),
  );
  const { isComplete } = await run(
    { command, options, positionals, argv: words },
    systemHere(),
    templates,
  );
  if (!isComplete) {
    process.exitCode = 1;
  }
}

function systemHere(): System {
  return {
    cwd: currentFolder(),
    env: process.env,
    platform: process.platform,
    year: new Date().getFullYear(),
    terminal: {
      isInteractive: () => process.stdin.isTTY,
      say: (text) => console.error(text),
      adapter: async () => {
        const { TerminalAdapter } = await import('@yeoman/adapter');
        return new TerminalAdapter();
      },
    },
    processes: systemProcesses(process.env),
  };
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new Refusal('The current folder is no longer there. Go to another one.');
  }
}

function optionTypes(): NonNullable<ParseArgsConfig['options']> {
  const switches: readonly SwitchFlag[] = Object.values(switchFlags);
  return {
    version: { type: 'boolean' },
    ...Object.fromEntries(
      questions.map(({ flag, kind }) => [
        flag,
        // More than one value is for the run to refuse.
        kind === 'switch'
          ? { type: 'boolean' as const }
          : { type: 'string' as const, multiple: true },
      ]),
    ),
    ...Object.fromEntries(
      switches.map(({ flag, alias }) => [
        flag,
        { type: 'boolean' as const, ...(alias !== undefined && { short: alias }) },
      ]),
    ),
  };
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
