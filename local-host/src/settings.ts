import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildEnvironment,
  ConfigError,
  type CorsPolicy,
  type HostConfig,
  type LocalSettings,
  parseHostJson,
  parseLocalSettings,
  toCorsPolicy,
} from './config/index.js';
import { StartError } from './errors.js';

/** What the local host takes from the files of an app before it starts. */
export interface AppFiles {
  /** Glob of the entry files: `main` in package.json. */
  readonly main: string;
  /** Whether the app's `.js` files are ES modules. */
  readonly isModule: boolean;
  readonly localSettings: LocalSettings;
  /** Text of host.json. */
  readonly hostJson: string;
}

/**
 * Reads package.json, host.json and local.settings.json.
 *
 * @param root The folder of the function app.
 * @throws StartError that says which file is missing or wrong.
 */
export function readApp(root: string): AppFiles {
  const packageJson = parsed(join(root, 'package.json'));
  const hostJson = textOf(join(root, 'host.json'));
  const localFile = join(root, 'local.settings.json');
  if (!packageJson.main) {
    throw new StartError('package.json has no "main", so there are no functions to load.');
  }
  return {
    main: packageJson.main,
    isModule: packageJson.type === 'module',
    localSettings: refusing(() =>
      parseLocalSettings(existsSync(localFile) ? readFileSync(localFile, 'utf8') : undefined),
    ),
    hostJson,
  };
}

/** What host.json and the settings make of an app. */
export interface AppConfig {
  readonly host: HostConfig;
  readonly cors: CorsPolicy | undefined;
  /** The environment of the app. */
  readonly env: NodeJS.ProcessEnv;
  /** What has been skipped and why, one line each. */
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * @param env The environment of this process.
 * @throws StartError for a setting that the host refuses.
 */
export function configure(
  { localSettings, hostJson }: AppFiles,
  env: NodeJS.ProcessEnv,
  options: { root: string; port: number },
): AppConfig {
  const { variables, messages, warnings } = buildEnvironment(env, localSettings, options);
  const whole = { ...env, ...variables };
  return refusing(() => ({
    host: parseHostJson(hostJson, whole),
    cors: toCorsPolicy(localSettings.cors),
    env: whole,
    messages,
    warnings,
  }));
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message) : error;
  }
}

function parsed(file: string): { main?: string; type?: string } {
  const text = textOf(file).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as { main?: string; type?: string };
  } catch (error) {
    throw new StartError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

function textOf(file: string): string {
  if (!existsSync(file)) {
    throw new StartError(`There is no ${file}. Is this the folder of a function app?`);
  }
  return readFileSync(file, 'utf8');
}
