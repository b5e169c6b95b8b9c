import { closest, distance } from 'fastest-levenshtein';
import type { LoadedApp } from './protocol.js';
import { equalsIgnoreCase } from './routing/index.js';
import type { AppConfig, AppFiles } from './settings.js';

/**
 * What is named and matches nothing, a line for each: it may be misspelt. Extensions name functions, triggers and app
 * settings; settings and host.json name functions.
 */
export function unmatched(
  { functions, named }: Pick<LoadedApp, 'functions' | 'named'>,
  { env, host }: Pick<AppConfig, 'env' | 'host'>,
  { localSettings }: Pick<AppFiles, 'localSettings'>,
): string[] {
  const names = functions.map(({ name }) => name);
  const types = functions.map(({ trigger }) => trigger.type);
  const settings = [...localSettings.values.keys()];
  // A fresh clone has no local.settings.json. What the environment sets may still be misspelt in it.
  const isUnset = (one: string) =>
    settings.length > 0 &&
    !localSettings.values.get(one) &&
    (!env[one] || hint(one, settings) !== '');
  const noFunction = (who: string, one: string) =>
    `${who}: the app has no function "${one}".${hint(one, names)}`;
  const byExtensions = named.flatMap(({ extension, ...by }) => [
    ...by.functions.filter((one) => !has(names, one)).map((one) => noFunction(extension, one)),
    ...by.triggers
      .filter((list) => !list.some((one) => has(types, one)))
      .map((list) => `${extension}: the app has no function with a ${list.join(' or a ')}.`),
    ...by.settings
      .filter(isUnset)
      .map((one) => `${extension}: local.settings.json does not set ${one}.${hint(one, settings)}`),
  ]);
  const bySettings = settings.flatMap((setting) => {
    const [, name] = /^AzureWebJobs[._](.+)[._]Disabled$/i.exec(setting) ?? [];
    return name === undefined || has(names, name) ? [] : [noFunction(setting, name)];
  });
  const byHostJson = (host.functions ?? [])
    .filter((one) => !has(names, one))
    .map((one) => noFunction('"functions" of host.json', one));
  return [...new Set([...byExtensions, ...bySettings, ...byHostJson])];
}

function has(names: readonly string[], name: string): boolean {
  return names.some((one) => equalsIgnoreCase(one, name));
}

/** Another name that may be meant. */
function hint(name: string, all: readonly string[]): string {
  const names = all.filter((one) => one !== name);
  const plain = (one: string) => one.toLowerCase().replace(/[_.-]/g, '');
  const nearest = names.length > 0 ? closest(plain(name), names.map(plain)) : undefined;
  const meant = names.find((one) => plain(one) === nearest);
  return meant !== undefined && distance(plain(name), plain(meant)) <= Math.max(2, name.length / 4)
    ? ` Did you mean ${meant}?`
    : '';
}
