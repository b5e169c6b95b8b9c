import type { Invocation } from './store.js';

/** Headers that curl sends by itself, or that are about the connection. */
const BY_ITSELF = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

/** A command that does the same again; undefined, if too little is known. */
export function toCurl({ started }: Invocation): string | undefined {
  const { request, trial } = started;
  if (!started.isWatched) {
    return undefined;
  }
  if (!request) {
    const url = `${location.origin}/admin/functions/${started.function}`;
    return `curl --json ${quoted(JSON.stringify(trial ?? {}))} ${quoted(url)}`;
  }
  const { method, url, headers, body } = request;
  const options = [
    ...(method === 'GET' || (method === 'POST' && body) ? [] : [`-X ${method}`]),
    ...Object.entries(headers)
      .filter(([name]) => !BY_ITSELF.includes(name) && !/^(user-agent|accept|sec-.*)$/.test(name))
      .map(([name, value]) =>
        value === '[secret]'
          ? `-H "${name}: $${variable(name)}"`
          : `-H ${quoted(`${name}: ${String(value)}`)}`,
      ),
    ...(body?.text !== undefined && !body.isCut ? [`--data-raw ${quoted(body.text)}`] : []),
  ];
  return ['curl', ...options, quoted(url)].join(' ');
}

/** What is masked here is for the user to set. */
function variable(header: string): string {
  return header.toUpperCase().replaceAll(/\W/g, '_');
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
