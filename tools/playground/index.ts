/*
 * `npm start`: the main job of this package, from an empty folder to an answer over HTTP. It replaces the
 * folder playground/ each time.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ExecaError, execa } from 'execa';
import { root } from '../support/files.js';
import { startHost } from '../support/local-host.js';

const playground = join(root, 'playground');
const workspace = join(playground, 'azfunc-extension-timer');

function show(cwd: string, command: string): void {
  console.log(`\n${relative(root, cwd)}$ ${command}\n`);
}

async function run(cwd: string, command: string, args: string[]): Promise<void> {
  await execa(command, args, { cwd, stdin: 'ignore', stdout: 'inherit', stderr: 'inherit' });
}

async function main(): Promise<void> {
  rmSync(playground, { recursive: true, force: true });
  mkdirSync(playground);

  show(playground, 'npx generator-azfunc-extension --yes');
  await run(playground, process.execPath, [join(root, 'bin.cjs'), '--yes']);

  show(workspace, 'npm test');
  await run(workspace, 'npm', ['test']);

  show(join(workspace, 'function-app'), 'node local-host.cjs --port 0');
  const host = await startHost(join(workspace, 'function-app'));
  try {
    const url = `${host.url}/api/HttpTrigger`;
    const response = await fetch(url);
    const body = await response.text();
    console.log(host.output());
    show(workspace, `curl -i ${url}`);
    console.log(`HTTP/1.1 ${response.status} ${response.statusText}`);
    console.log(`content-type: ${response.headers.get('content-type')}\n\n${body}`);
    if (!/\(TimeElapsed: \d+\.\d+ sec\)$/.test(body)) {
      throw new Error('The answer does not tell the elapsed time.');
    }
  } finally {
    await host.stop();
  }

  console.log(`
It works. To go on from here:

  cd ${relative(process.cwd(), workspace)}
  npm start

and request it from another terminal:

  curl http://127.0.0.1:7071/api/HttpTrigger
`);
}

main().catch((error: unknown) => {
  console.error(error instanceof ExecaError ? error.shortMessage : error);
  process.exitCode = 1;
});
