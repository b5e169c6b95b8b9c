import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './errors';

/** What the local host takes from the app's package.json, host.json and local.settings.json. */
export interface Settings {
  /** Glob of the entry files: `main` in package.json. */
  main: string;
  /** Whether the app's `.js` files are ES modules. */
  isModule: boolean;
  /** First part of all routes: `api` by default, and it may be empty. */
  routePrefix: string;
  /** App settings: `Values` in local.settings.json. */
  values: Record<string, unknown>;
  /** `Host.LocalHttpPort` in local.settings.json. */
  port: number | undefined;
}

interface PackageJson {
  main?: string;
  type?: string;
}

interface HostJson {
  extensions?: { http?: { routePrefix?: string } };
}

interface LocalSettings {
  IsEncrypted?: boolean;
  Values?: Record<string, unknown>;
  Host?: { LocalHttpPort?: number };
}

/**
 * @param root The folder of the function app.
 * @throws StartError that says which file is missing or wrong.
 */
export function readSettings(root: string): Settings {
  const packageJson = readJson<PackageJson>(join(root, 'package.json'));
  const hostJson = readJson<HostJson>(join(root, 'host.json'));
  const localFile = join(root, 'local.settings.json');
  const local: LocalSettings = existsSync(localFile) ? readJson(localFile) : {};
  if (!packageJson.main) {
    throw new StartError('package.json has no "main", so there are no functions to load.');
  }
  if (local.IsEncrypted) {
    throw new StartError('local.settings.json is encrypted. Run: func settings decrypt');
  }
  return {
    main: packageJson.main,
    isModule: packageJson.type === 'module',
    routePrefix: hostJson.extensions?.http?.routePrefix ?? 'api',
    values: local.Values ?? {},
    port: local.Host?.LocalHttpPort,
  };
}

/**
 * Reads JSON as the Functions tools do: comments, trailing commas and a byte order mark are fine.
 */
function readJson<T>(file: string): T {
  if (!existsSync(file)) {
    throw new StartError(`There is no ${file}. Is this the folder of a function app?`);
  }
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const plain = text
    .replace(/("(?:\\.|[^"\\])*")|\/\/.*|\/\*[^]*?\*\//g, '$1')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1');
  try {
    return JSON.parse(plain) as T;
  } catch (error) {
    throw new StartError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}
