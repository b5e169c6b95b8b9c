import { join } from 'node:path';
import { workspace } from '../support/generated.js';
import { type RunningHost, startHost } from '../support/local-host.js';
import { npm } from '../support/processes.js';
import { compared, type Figure, median } from './figures.js';

/** Requests in one turn of a host, one after the other. */
const REQUESTS = 200;
const TURNS = 30;
/** Turns before those that count, until the code is warm. */
const WARM_UP = 10;

/** What a request to the local host takes, while somebody looks into its inspector, and while nobody does. */
export async function measureInspector(): Promise<Figure> {
  const folder = await workspace('app');
  await npm(['run', 'build'], folder);
  const app = join(folder, 'function-app');
  const hosts = { 'nobody looks': await startHost(app), 'somebody looks': await startHost(app) };
  const looking = new AbortController();
  await look(hosts['somebody looks'], looking.signal);
  const times = { 'nobody looks': [] as number[], 'somebody looks': [] as number[] };
  for (let turn = -WARM_UP; turn < TURNS; turn += 1) {
    for (const name of ['nobody looks', 'somebody looks'] as const) {
      const time = await timeOf(hosts[name]);
      if (turn >= 0) {
        times[name].push(time);
      }
    }
  }
  looking.abort();
  await Promise.all(Object.values(hosts).map((host) => host.stop()));
  return compared(
    {
      what: 'A request to the local host, while in its inspector',
      unit: 'µs',
      values: {
        'nobody looks': median(times['nobody looks']),
        'somebody looks': median(times['somebody looks']),
      },
      ratios: [],
    },
    'somebody looks',
    'nobody looks',
  );
}

/** Reads events, as the page does. */
async function look({ url }: RunningHost, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(`${url}/admin/inspector/events`, { signal });
  void body?.pipeTo(new WritableStream()).catch(() => {});
}

/** Microseconds of a request. */
async function timeOf({ url }: RunningHost): Promise<number> {
  const started = performance.now();
  for (let count = 0; count < REQUESTS; count += 1) {
    await (await fetch(`${url}/api/HttpTrigger?name=Ada`)).text();
  }
  return ((performance.now() - started) * 1000) / REQUESTS;
}
