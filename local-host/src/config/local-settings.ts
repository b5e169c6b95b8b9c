import { ConfigError } from './errors.js';
import { parseJsonObject, type JsonObject, type JsonValue } from './json.js';

/** local.settings.json. */
export interface LocalSettings {
  /** App settings. Null ones are left in, so that it can be said that they are skipped. */
  readonly values: ReadonlyMap<string, string | null>;
  /** Connection strings by name. */
  readonly connectionStrings: ReadonlyMap<string, string | null>;
  readonly port: number | undefined;
  readonly cors: CorsSettings;
}

/** `Host.CORS` and `Host.CORSCredentials`. */
export interface CorsSettings {
  /** As written, separated by commas. Empty: no CORS. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
}

/** Without a file. */
export const NO_LOCAL_SETTINGS: LocalSettings = {
  values: new Map(),
  connectionStrings: new Map(),
  port: undefined,
  cors: { origins: [], credentials: false },
};

/** Settings that Core Tools adds, and that it cannot have twice. */
const RESERVED = ['WEBSITE_HOSTNAME', 'AzureWebJobsScriptRoot'];

/**
 * Reads local.settings.json as Core Tools does.
 *
 * @param text Undefined if there is no such file.
 * @throws ConfigError
 */
export function parseLocalSettings(
  text: string | undefined,
  file = 'local.settings.json',
): LocalSettings {
  if (text === undefined) {
    return NO_LOCAL_SETTINGS;
  }
  const root = parseJsonObject(text, file);
  const settings: LocalSettings = {
    values: textsOf(root, 'Values'),
    connectionStrings: connectionStringsOf(root),
    ...hostOf(root),
  };
  const secrets = [...settings.values.values(), ...settings.connectionStrings.values()];
  if (isEncrypted(root) && secrets.some(Boolean)) {
    throw new ConfigError(
      root.members.has('IsEncrypted')
        ? `${file} is encrypted. Run: func settings decrypt`
        : `${file} has no "IsEncrypted": false, so Core Tools takes it to be encrypted.`,
    );
  }
  const reserved = RESERVED.find((name) => settings.values.has(name));
  if (reserved !== undefined) {
    throw new ConfigError(`${file} sets ${reserved}, which Core Tools sets itself. Remove it.`);
  }
  return settings;
}

/** Without a value, it is. */
function isEncrypted(root: JsonObject): boolean {
  const value = root.members.get('IsEncrypted');
  if (value === undefined || value.kind === 'null') {
    return true;
  }
  return value.kind === 'text' && toBoolean(value, root.file, 'IsEncrypted');
}

function toBoolean({ text, value }: TextValue, file: string, key: string): boolean {
  const isTrue = /^\s*true\s*$/i.test(text) || (typeof value === 'number' && value !== 0);
  if (!isTrue && !/^\s*false\s*$/i.test(text) && typeof value !== 'number') {
    throw new ConfigError(`${file}: "${key}" has to be true or false.`);
  }
  return isTrue;
}

type TextValue = Extract<JsonValue, { kind: 'text' }>;

function textsOf(root: JsonObject, key: string): Map<string, string | null> {
  const members = objectOf(root, key)?.members ?? new Map<string, JsonValue>();
  return new Map(
    [...members].map(([name, value]) => [name, textOrNull(value, root.file, `${key}.${name}`)]),
  );
}

function objectOf(root: JsonObject, key: string): JsonObject | undefined {
  const value = root.members.get(key);
  if (value === undefined || value.kind === 'null') {
    return undefined;
  }
  if (value.kind !== 'object') {
    throw new ConfigError(`${root.file}: "${key}" has to be an object.`);
  }
  return value.object;
}

function textOrNull(value: JsonValue, file: string, key: string): string | null {
  if (value.kind === 'object' || value.kind === 'array') {
    throw new ConfigError(`${file}: "${key}" has to be a text: settings cannot be nested.`);
  }
  return value.kind === 'null' ? null : value.text;
}

/** A text, or an object that has `ConnectionString`. */
function connectionStringsOf(root: JsonObject): Map<string, string | null> {
  const members = objectOf(root, 'ConnectionStrings')?.members ?? new Map<string, JsonValue>();
  return new Map(
    [...members].map(([name, value]) => {
      const inner =
        value.kind === 'object'
          ? (value.object.members.get('ConnectionString') ?? { kind: 'null' as const })
          : value;
      return [name, textOrNull(inner, root.file, `ConnectionStrings.${name}`)];
    }),
  );
}

function hostOf(root: JsonObject): Pick<LocalSettings, 'port' | 'cors'> {
  const members = [...(objectOf(root, 'Host')?.members ?? [])];
  const find = (name: string): TextValue | undefined => {
    const value =
      members.find(([key]) => key === name)?.[1] ??
      members.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    if (value === undefined || value.kind === 'null') {
      return undefined;
    }
    if (value.kind !== 'text') {
      throw new ConfigError(`${root.file}: "Host.${name}" has to be a single value.`);
    }
    return value;
  };
  const credentials = find('CORSCredentials');
  return {
    port: portOf(find('LocalHttpPort'), root.file),
    cors: {
      origins: (find('CORS')?.text ?? '').split(',').filter((origin) => origin !== ''),
      credentials:
        credentials !== undefined && toBoolean(credentials, root.file, 'Host.CORSCredentials'),
    },
  };
}

function portOf(value: TextValue | undefined, file: string): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const port = Number(value.text);
  if (value.text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new ConfigError(`${file}: "Host.LocalHttpPort" has to be a port, 0 to 65535.`);
  }
  // For Core Tools, 0 is the same as none.
  return port === 0 ? undefined : port;
}
