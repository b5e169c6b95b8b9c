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

/**
 * What to do with a part of the output.
 *
 * @param isWindows Whether the commands are for PowerShell on Windows.
 */
export function stepsFor(room: Room, answers: Answers, isWindows: boolean): Step[] {
  const { language, functionName, packageManager, template } = answers;
  if (language === 'python') {
    return pythonStepsFor(room, functionName, isWindows);
  }
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

/** The virtual environment comes first, since nothing is installed. */
function pythonStepsFor(room: Room, functionName: string, isWindows: boolean): Step[] {
  const environment: Step[] = [
    [`${isWindows ? 'py' : 'python3'} -m venv .venv`, 'with Python 3.10, 3.11 or 3.12'],
    [isWindows ? '.venv\\Scripts\\Activate.ps1' : 'source .venv/bin/activate', ''],
  ];
  return room === 'extension'
    ? [
        ...environment,
        ['pip install -e .', 'installs it in editable mode'],
        ['python -m unittest discover tests', 'tests it'],
      ]
    : [
        ...environment,
        ['cd function-app', ''],
        ['pip install -r requirements.txt', 'installs the extension too, in editable mode'],
        ['python -m unittest discover tests', 'tests the app'],
        ['func host start --verbose', 'runs it with Azure Functions Core Tools; Ctrl+C stops it'],
        requestOf(functionName, 'http'),
      ];
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
