import type { Answers, Trigger } from './answers.js';
import { templateOf } from './catalogue.js';
import { commandsOf } from './package-manager.js';
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

/** What to do with a part of the output. */
export function stepsFor(room: Room, { functionName, packageManager, template }: Answers): Step[] {
  const { run } = commandsOf(packageManager);
  const { headers } = templateOf(template);
  const request = requestOf(functionName, 'http', room === 'workspace' ? headers : {});
  switch (room) {
    case 'workspace':
      return [
        [run('test'), 'tests the extension, and the app with it'],
        [run('start'), 'runs the app on this machine; Ctrl+C stops it'],
        request,
      ];
    case 'extension':
      return [
        [run('test'), 'tests the extension'],
        [run('check:package'), 'checks what npm publish would publish'],
      ];
    case 'function-app':
      return [
        [run('test'), 'tests the app'],
        [run('start:local'), 'runs it on this machine; Ctrl+C stops it'],
        request,
      ];
  }
}

/**
 * Numbers steps, and puts before them what is left to do.
 *
 * @param folder The destination relative to the current folder; empty where it is that folder.
 * @param install The command for the dependencies, if they are not there.
 */
export function numbered(
  steps: readonly Step[],
  { folder, install }: { folder: string; install?: string },
): string {
  const lines: Step[] = [
    ...(folder ? [[`cd ${shell(folder)}`, ''] as const] : []),
    ...(install === undefined ? [] : [[install, ''] as const]),
    ...steps,
  ];
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines
    .map(([command, what], index) =>
      `  ${index + 1}. ${command.padEnd(width)}  ${what && `# ${what}`}`.trimEnd(),
    )
    .join('\n');
}
