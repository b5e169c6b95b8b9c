import { StartError } from '../errors.js';
import type { InspectorEvent } from './events.js';
import { Waterfalls } from './waterfall.js';

/**
 * Prints what happens in an app that runs on this machine, until its host ends.
 *
 * @param isJson One event a line, in place of waterfalls.
 * @throws StartError if there is none.
 */
export async function inspectRunning(port: number, isJson: boolean): Promise<void> {
  const where = `http://127.0.0.1:${port}`;
  const response = await fetch(`${where}/admin/inspector/events?kept=0`).catch(() => undefined);
  if (!response?.ok || !response.body) {
    throw new StartError(
      `No local host runs on ${where}. Start the app there first, or choose another port with --port.`,
    );
  }
  const waterfalls = new Waterfalls((text) => console.log(text));
  console.error(`Inspecting ${where}. Press Ctrl+C to stop.`);
  for await (const json of messagesOf(response.body)) {
    if (isJson) {
      console.log(json);
    } else {
      waterfalls.add(JSON.parse(json) as InspectorEvent);
    }
  }
  console.error('The local host has ended.');
}

/** The data of server-sent events, until the connection ends. */
async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
    }
  } catch {
    // A host that is killed breaks the connection off.
  }
}
