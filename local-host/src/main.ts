import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileOnSave, restartOnChange } from './dev.js';
import { StartError } from './errors.js';
import { LoadError } from './app-process.js';
import { Host, type HostOptions } from './host.js';
import type { HostMessage, HostOrder } from './local-host.js';
import { inspectRunning } from './inspector/command.js';
import { packageApp } from './package.js';
import { readApp } from './settings.js';

const PORT = '  --port <port>  7071 by default, 0 for any free one\n';
const STRICT = '  --strict  answer as Azure does where this host is kinder otherwise\n';
const INSPECT =
  '  --inspect  print after each invocation what has run around it, and for how long\n';
const ROOT = '  --root <folder>  the folder of the app, by default the current one\n';

/** The commands, each with its help. The first is the default. */
const COMMANDS = {
  start: `Runs the function app in the current folder on 127.0.0.1. Build the app first.

  local-host [start] [--port <port>] [--root <folder>] [--strict] [--inspect]

${PORT}${ROOT}${STRICT}${INSPECT}
Other commands, each with a --help of its own: dev, inspect, package
`,
  dev: `Runs the function app in the current folder while you work on it: what you save is compiled, and the
app restarts. So it goes for packages that are linked into it.

  local-host dev [--port <port>] [--root <folder>] [--inspect]

${PORT}${ROOT}${INSPECT}`,
  inspect: `Prints what happens in an app that runs on this machine: after each invocation, what has run around it,
and for how long.

  local-host inspect [--port <port>] [--root <folder>] [--json]

${PORT}${ROOT}  --json  print one event a line, as it happens
`,
  package: `Makes the function app in the current folder ready to be deployed, with all that it needs at run time, in
the folder deploy and in deploy.zip. Packages that are linked into it are packed.

  local-host package [--root <folder>]

${ROOT}`,
};

type Command = keyof typeof COMMANDS;

const NOTICE = `This is a local stand-in for the Azure Functions host. It has no access keys, timers,
storage, other bindings or retries. For the real host, use Core Tools: func start
`;

function readArguments(words: readonly string[]) {
  const [first = 'start'] = words;
  const isNamed = Object.hasOwn(COMMANDS, first);
  try {
    const { values, positionals } = parseArgs({
      args: words.slice(isNamed ? 1 : 0),
      options: {
        port: { type: 'string' },
        root: { type: 'string', default: '.' },
        strict: { type: 'boolean', default: false },
        inspect: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
    if (positionals[0] !== undefined) {
      throw new Error(
        `There is no command ${positionals[0]}. There is: ${Object.keys(COMMANDS).join(', ')}.`,
      );
    }
    return { command: (isNamed ? first : 'start') as Command, values };
  } catch (error) {
    throw new StartError((error as Error).message);
  }
}

function toPort(value: string | undefined): number | undefined {
  if (value !== undefined && !(/^\d+$/.test(value) && Number(value) < 65_536)) {
    throw new StartError(`--port takes a number from 0 to 65535, not "${value}".`);
  }
  return value === undefined ? undefined : Number(value);
}

/** Where the app in a folder runs, unless it is told otherwise. */
function portOf(root: string): number {
  const isApp = existsSync(join(root, 'host.json'));
  return (isApp ? readApp(root).localSettings.port : undefined) ?? 7071;
}

async function start(options: HostOptions): Promise<Host> {
  const host = await Host.start(options);
  const stop = () => void host.stop().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  process.on('message', (order: HostOrder) => {
    if (order.type === 'stop') {
      stop();
    } else if (order.type === 'run') {
      void runFor(host, order);
    }
  });
  console.log(NOTICE);
  if (host.hasPage) {
    console.log(`Inspector: ${host.url}/ shows what happens in each invocation.\n`);
  }
  console.log('Functions:\n');
  for (const { name, call } of host.functions) {
    console.log(`  ${name}: ${call}`);
  }
  console.log(`\nListening on ${host.url}. Press Ctrl+C to stop.`);
  const { url, functions, unmatched } = host;
  tell({ type: 'started', url, functions, unmatched });
  return host;
}

async function runFor(host: Host, { id, name, trial }: Extract<HostOrder, { type: 'run' }>) {
  const outcome = await host.run(name, trial).then(
    (run) => ({ run }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  tell({ type: 'ran', id, outcome });
}

/** Tells the process that has started this one, if it listens. */
function tell(message: HostMessage): void {
  process.send?.(message);
}

/** Runs a command. What goes wrong is one line, and the exit code 1. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    const { command, values } = readArguments(words);
    const root = resolve(values.root);
    const port = toPort(values.port);
    if (values.help) {
      console.log(COMMANDS[command]);
    } else if (command === 'start') {
      await start({ root, port, isStrict: values.strict, isInspected: values.inspect });
    } else if (command === 'dev') {
      const stop = compileOnSave(root);
      process.on('exit', stop);
      restartOnChange(await start({ root, port, isInspected: values.inspect }), root);
    } else if (command === 'inspect') {
      // Who reads has enough of it: `… inspect --json | head`.
      process.stdout.on('error', () => process.exit(0));
      await inspectRunning(port ?? portOf(root), values.json);
    } else {
      packageApp(root);
    }
  } catch (error) {
    const isExpected = error instanceof StartError || error instanceof LoadError;
    console.error(isExpected ? error.message : error);
    tell({ type: 'refused', error: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
}
