import type { LocalSettings } from './local-settings.js';

/** Environment variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface Environment {
  /** What to set in addition to the variables that are there. */
  readonly variables: Readonly<Record<string, string>>;
  /** What has been skipped and why, one line each. */
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
}

export interface EnvironmentOptions {
  /** The folder of the function app. */
  readonly root: string;
  readonly port: number;
}

/**
 * The environment of the app, as Core Tools makes it: a variable that is set wins over
 * local.settings.json, unless it is empty.
 */
export function buildEnvironment(
  env: Variables,
  { values, connectionStrings }: LocalSettings,
  { root, port }: EnvironmentOptions,
): Environment {
  const settings = new Map<string, string | null>([
    ...values,
    ['WEBSITE_HOSTNAME', `localhost:${port}`],
    ...[...connectionStrings].map(([name, value]) => [`ConnectionStrings:${name}`, value] as const),
    ['AzureWebJobsScriptRoot', root],
    ['AZURE_FUNCTIONS_ENVIRONMENT', 'Development'],
  ]);
  const variables: Record<string, string> = {};
  const messages: string[] = [];
  const warnings: string[] = [];
  const ownEnvironment = values.get('AZURE_FUNCTIONS_ENVIRONMENT');
  if (typeof ownEnvironment === 'string' && ownEnvironment !== 'Development') {
    warnings.push(
      `AZURE_FUNCTIONS_ENVIRONMENT is "Development" here, not "${ownEnvironment}" as in local.settings.json.`,
    );
  }
  for (const [name, value] of settings) {
    if (name === '') {
      messages.push('A local setting without a name is skipped.');
    } else if (env[name]) {
      if (values.has(name) || name.startsWith('ConnectionStrings:')) {
        messages.push(`The local setting ${name} is skipped: the environment has it.`);
      }
    } else if (value === null) {
      messages.push(`The local setting ${name} is skipped: its value is null.`);
    } else {
      variables[name] = value;
    }
  }
  const runtime = variables['FUNCTIONS_WORKER_RUNTIME'] || env['FUNCTIONS_WORKER_RUNTIME'];
  if (!runtime) {
    variables['FUNCTIONS_WORKER_RUNTIME'] = 'node';
  } else if (runtime.toLowerCase() !== 'node') {
    warnings.push(
      `FUNCTIONS_WORKER_RUNTIME is "${runtime}": Azure would not run this app with Node.js.`,
    );
  }
  return { variables, messages, warnings };
}
