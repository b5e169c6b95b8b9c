import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from './errors';
import { LocalHost } from './host';

const USAGE = `Runs this function app on 127.0.0.1, for trying and testing. Build the app first.

  node dist/local-host/main.js [--port <port>]

  --port <port>  7071 by default, 0 for any free one
`;

const NOTICE = `This is a local stand-in for the Azure Functions host. It has no access keys, timers,
storage, other bindings, retries, CORS or time limits. For the real host, use Core Tools: func start
`;

function readArguments() {
  try {
    return parseArgs({
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    throw new StartError((error as Error).message);
  }
}

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values.port !== undefined && !(/^\d+$/.test(values.port) && Number(values.port) < 65_536)) {
    throw new StartError(`--port takes a number from 0 to 65535, not "${values.port}".`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  const host = await LocalHost.start({ root: join(__dirname, '../..'), port });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void host.stop().then(() => process.exit(0)));
  }
  console.log(NOTICE);
  console.log('Functions:\n');
  for (const { name, call } of host.functions) {
    console.log(`  ${name}: ${call}`);
  }
  console.log(`\nListening on ${host.url}. Press Ctrl+C to stop.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
