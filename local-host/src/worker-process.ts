import { inspect } from 'node:util';
import { CONSOLE_CATEGORY, isLogged, type LogLevels } from './config/index.js';
import { HOST_CATEGORY, type Log, logTo } from './log.js';
import type { HostToWorker, WorkerToHost } from './protocol.js';
import { Recorder } from './recorder/index.js';
import { Worker } from './worker.js';

/** Runs the app for a host, which has started this process, and tells it what to do. */
export function runWorker(): void {
  // Ctrl+C reaches all processes of a terminal. This one ends when the host says so.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  let print: Log = () => {};
  let app: App | undefined;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    // Even where the app listens for it, as in the real worker.
    process.on(event, (error: unknown) => {
      print('error', HOST_CATEGORY, `Uncaught in the app, which ends: ${inspect(error)}`);
      process.exit(1);
    });
  }
  process.on('message', (message: HostToWorker) => {
    if (message.type === 'load') {
      print = logTo(message.order.logLevels, writerFor(message.order.logLevels));
      const recorder = new Recorder(message.order.off, (events) =>
        send({ type: 'events', events }),
      );
      app = { recorder, worker: new Worker(print, recorder) };
    }
    if (app) {
      void obey(app, message);
    }
  });
}

interface App {
  readonly worker: Worker;
  readonly recorder: Recorder;
}

async function obey({ worker, recorder }: App, message: HostToWorker): Promise<void> {
  switch (message.type) {
    case 'load':
      try {
        send({ type: 'loaded', app: await worker.load(message.order) });
      } catch (error) {
        send({ type: 'failed', detail: inspect(error) });
      }
      break;
    case 'invoke': {
      const { invocation } = message;
      send({ type: 'invoked', id: invocation.id, result: await worker.invoke(invocation) });
      break;
    }
    case 'watch':
      recorder.watch(message.isWatched);
      break;
    case 'switch':
      recorder.switch(message.id, message.isOn);
      break;
    case 'describe':
      send({ type: 'described', middleware: recorder.middleware() });
      break;
    case 'terminate': {
      const problem = await worker.terminate().then(
        () => undefined,
        (error: unknown) => inspect(error),
      );
      send({ type: 'terminated', problem });
    }
  }
}

function send(message: WorkerToHost): void {
  process.send?.(message);
}

/** Writes the log past the console of the app, whose own lines can be switched off. */
function writerFor(levels: LogLevels): (text: string, isError: boolean) => void {
  const [out, err] = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));
  for (const [stream, level] of [
    [process.stdout, 'information'],
    [process.stderr, 'error'],
  ] as const) {
    if (!isLogged(levels, CONSOLE_CATEGORY, level)) {
      stream.write = () => true;
    }
  }
  return (text, isError) => void (isError ? err : out)?.(text);
}
