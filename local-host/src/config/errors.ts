/** A file or setting is wrong, so that the host does not start. The message is one line. */
export class ConfigError extends Error {}
