/** Settings and host.json, as Core Tools and the Azure Functions host read them. */
export {
  decideCors,
  toCorsPolicy,
  type CorsDecision,
  type CorsPolicy,
  type CorsRequest,
} from './cors.js';
export { isDisabled } from './disabled.js';
export {
  buildEnvironment,
  type Environment,
  type EnvironmentOptions,
  type Variables,
} from './environment.js';
export { ConfigError } from './errors.js';
export { parseHostJson, type HostConfig, type HstsConfig } from './host-json.js';
export {
  NO_LOCAL_SETTINGS,
  parseLocalSettings,
  type CorsSettings,
  type LocalSettings,
} from './local-settings.js';
export {
  CONSOLE_CATEGORY,
  functionCategory,
  isLogged,
  userCategory,
  type Level,
  type LogLevels,
} from './log-levels.js';
