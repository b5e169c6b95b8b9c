import type { Answers } from './answers.js';
import type { Room } from './plan.js';
import { shell } from './serialize.js';

/**
 * What to do now: numbered commands, each of which can be pasted.
 *
 * @param folder The destination relative to the current folder; empty where it is that folder.
 * @param installed Whether the dependencies are there.
 */
export function nextSteps(
  room: Room,
  { functionName }: Answers,
  { folder, installed }: { folder: string; installed: boolean },
): string {
  const request = `curl http://127.0.0.1:7071/api/${functionName}`;
  const steps: Record<Room, [command: string, what: string][]> = {
    workspace: [
      ['npm test', 'tests the extension, and the app with it'],
      ['npm start', 'runs the app on this machine; Ctrl+C stops it'],
      [request, 'from another terminal'],
    ],
    extension: [
      ['npm test', 'tests the extension'],
      ['npm pack', 'packs it, as npm publish would'],
    ],
    'function-app': [
      ['npm test', 'tests the app'],
      ['npm run start:local', 'runs it on this machine; Ctrl+C stops it'],
      [request, 'from another terminal'],
    ],
  };
  const hint =
    room === 'function-app' ? 'add the folder or tarball of an unpublished extension' : '';
  const lines: [string, string][] = [
    ...(folder ? [[`cd ${shell(folder)}`, ''] as [string, string]] : []),
    ...(installed ? [] : [['npm install', hint] as [string, string]]),
    ...steps[room],
  ];
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines
    .map(([command, what], index) =>
      `  ${index + 1}. ${command.padEnd(width)}  ${what && `# ${what}`}`.trimEnd(),
    )
    .join('\n');
}
