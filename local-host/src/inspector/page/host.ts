import type { Shown, ShownBody } from '../events.js';

/** What the host has got for a request. */
export interface Answer {
  readonly status: number;
  /** Nothing, if no function was called. */
  readonly invocation?: string;
  readonly body?: ShownBody;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** In base64. */
  readonly body?: string;
}

/** @throws Error with one line that says why the host refuses. */
async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`/admin/inspector/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('The local host does not answer.');
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(text || `The local host has answered ${response.status}.`);
  }
  return JSON.parse(text) as T;
}

export function sendRequest(request: HttpRequest): Promise<Answer> {
  return post('requests', request);
}

export function run(name: string, trial: Record<string, Shown>): Promise<{ invocation: string }> {
  return post('runs', { function: name, trial });
}

export function runAgain(invocation: string): Promise<{ invocation?: string }> {
  return post('again', { invocation });
}

export function switchExtension(id: string, isOn: boolean): Promise<object> {
  return post('extensions', { id, isOn });
}
