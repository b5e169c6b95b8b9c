/** A JavaScript literal, in one line, with strings in single quotes. */
export function js(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(js).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, one]) => `${toKey(key)}: ${js(one)}`);
    return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}';
  }
  return typeof value === 'string' ? toLiteral(value) : JSON.stringify(value);
}

/** `__proto__` without brackets would set the prototype. */
function toKey(key: string): string {
  if (key === '__proto__') {
    return `['${key}']`;
  }
  return /^[a-z_$][\w$]*$/i.test(key) ? key : toLiteral(key);
}

function toLiteral(value: string): string {
  const inner = JSON.stringify(value)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${inner}'`;
}

/** JSON in one line. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}

/** A Python literal, in one line. */
export function py(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(py).join(', ')}]`;
  }
  switch (value) {
    case true:
      return 'True';
    case false:
      return 'False';
    case null:
      return 'None';
  }
  if (typeof value === 'object') {
    const items = Object.entries(value ?? {}).map(([key, one]) => `${py(key)}: ${py(one)}`);
    return `{${items.join(', ')}}`;
  }
  return typeof value === 'string' ? toPythonString(value) : JSON.stringify(value);
}

/** In double quotes, unless single ones save a backslash: formatters of Python have it so. */
function toPythonString(value: string): string {
  // All escapes of JSON are escapes of Python, and mean the same.
  const text = JSON.stringify(value);
  return value.includes('"') && !value.includes("'")
    ? `'${text.slice(1, -1).replaceAll('\\"', '"')}'`
    : text;
}

/** A TOML string, in one line. What is not Unicode, which TOML cannot express, becomes U+FFFD. */
export function toml(value: string): string {
  return JSON.stringify(wellFormed(value)).replaceAll('\u007f', '\\u007f');
}

/** Text as UTF-8 can have it: half of a surrogate pair becomes U+FFFD. */
export function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, '\ufffd');
}

/** Markdown that reads as the text that it is given, in one line. */
export function md(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .split(URL)
    .map((part, index) => (index % 2 === 0 ? toMarkdown(part) : `<${part}>`))
    .join('')
    .replace(/^(\s*)([#+-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** A URL up to its last letter, digit or slash. In Markdown a backslash in it would be a part of it. */
const URL = /(https?:\/\/[^\s<>]*[\p{L}\p{N}/])/iu;

function toMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$]/g, '\\$&').replace(/&(?=#?\w+;)/g, '\\&');
}

/**
 * A path in a shell command, in quotes if it needs them: of a POSIX shell, or of cmd and PowerShell. What
 * PowerShell alone would replace is in its own quotes.
 */
export function shell(path: string, platform: NodeJS.Platform = 'linux'): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  if (/^[\w@%+=:,./\\-]+$/.test(safe)) {
    return safe;
  }
  if (platform === 'win32') {
    return /[$`]/.test(safe) ? `'${safe.replaceAll("'", "''")}'` : `"${safe}"`;
  }
  return `"${safe.replace(/(["$`\\])/g, '\\$1')}"`;
}
