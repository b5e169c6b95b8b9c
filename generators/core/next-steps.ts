import type { Trigger } from './answers.js';
import type { Room } from './plan.js';
import { shell } from './serialize.js';

/** A command that can be pasted, and what it does; the latter may be empty. */
export type Step = readonly [command: string, what: string];

/** How a function is called on this machine. */
export function requestOf(
  functionName: string,
  trigger: Trigger,
  headers: Record<string, string> = {},
): Step {
  const input = trigger === 'queue' ? '{"input": "a message"}' : '{}';
  const options = Object.entries(headers)
    .map(([name, value]) => `-H '${name}: ${value}' `)
    .join('');
  const request =
    trigger === 'http'
      ? `curl ${options}http://127.0.0.1:7071/api/${functionName}`
      : `curl --json '${input}' http://127.0.0.1:7071/admin/functions/${functionName}`;
  return [request, 'from another terminal'];
}

/**
 * What to do with a part of the output.
 *
 * @param headers Headers that a request to the function needs.
 */
export function stepsFor(
  room: Room,
  functionName: string,
  headers?: Record<string, string>,
): Step[] {
  const request = requestOf(functionName, 'http', headers);
  switch (room) {
    case 'workspace':
      return [
        ['npm test', 'tests the extension, and the app with it'],
        ['npm start', 'runs the app on this machine; Ctrl+C stops it'],
        request,
      ];
    case 'extension':
      return [
        ['npm test', 'tests the extension'],
        ['npm pack', 'packs it, as npm publish would'],
      ];
    case 'function-app':
      return [
        ['npm test', 'tests the app'],
        ['npm run start:local', 'runs it on this machine; Ctrl+C stops it'],
        request,
      ];
  }
}

/**
 * Numbers steps, and puts before them what is left to do.
 *
 * @param folder The destination relative to the current folder; empty where it is that folder.
 * @param installed Whether the dependencies are there.
 */
export function numbered(
  steps: readonly Step[],
  { folder, installed }: { folder: string; installed: boolean },
): string {
  const lines: Step[] = [
    ...(folder ? [[`cd ${shell(folder)}`, ''] as const] : []),
    ...(installed ? [] : [['npm install', ''] as const]),
    ...steps,
  ];
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines
    .map(([command, what], index) =>
      `  ${index + 1}. ${command.padEnd(width)}  ${what && `# ${what}`}`.trimEnd(),
    )
    .join('\n');
}
