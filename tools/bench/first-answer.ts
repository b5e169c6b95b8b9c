import { join } from 'node:path';
import { root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { startHost } from '../support/local-host.js';
import { npm, run } from '../support/processes.js';
import type { Figure } from './figures.js';

/** From the command to the answer of the generated app: scaffold, install, build, start, request. */
export async function measureFirstAnswer(): Promise<Figure> {
  const cwd = newFolder('first');
  const env = { npm_config_cache: newFolder('npm-cache') };
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const cli = join(root, 'bin.cjs');
  const { failed, all } = await run(process.execPath, [cli, '.', '--name', 'timer', '--yes'], {
    cwd,
    env,
  });
  if (failed) {
    throw new Error(all);
  }
  const installed = seconds();
  await npm(['run', 'build'], cwd, env);
  const host = await startHost(join(cwd, 'function-app'));
  try {
    await (await fetch(`${host.url}/api/HttpTrigger`)).text();
    const values = { 'scaffolded and installed': installed, answered: seconds() };
    return { what: 'First answer, with an empty npm cache', unit: 's', values, ratios: [] };
  } finally {
    await host.stop();
  }
}
