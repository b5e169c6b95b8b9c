import type { Step } from '../languages/language.js';

/** How a function is called on this machine. */
export function requestOf(
  functionName: string,
  trigger: 'http' | 'timer' | 'queue',
  headers: Readonly<Record<string, string>> = {},
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
