import { isDeviceName } from '../file-names.js';
import type { Language, LanguageId } from '../languages/language.js';
import { namesOf, withPrefix } from '../languages/names.js';
import { quoted, Refusal } from '../refusal.js';
import { hostOf } from '../hosting.js';

/*
 * One function for each kind of text. All of them take what was typed, return the form in which it is
 * used further on, and throw a Refusal that says in one line why it cannot be taken. Those that need a
 * library load it.
 */

/**
 * Accepts `timer`, `My Timer`, `azfunc-extension-timer` and `@contoso/timer`, and returns the package
 * name.
 */
export async function packageName(value: string, language: Language<LanguageId>): Promise<string> {
  const { packagePrefix } = language;
  const name = packageNameFor(value, language);
  if (name === undefined) {
    throw new Refusal('An extension needs a name, such as timer.');
  }
  await language.checkPackageName(name, value);
  if (!/^[a-z]/.test(namesOf(name, packagePrefix).words[0] ?? '')) {
    throw new Refusal(`${quoted(value)} does not make a class name: start it with a letter.`);
  }
  return name;
}

/** The package name for what was typed, unless that is nothing. It may be one that cannot be taken. */
export function packageNameFor(
  value: string,
  { normalName, packagePrefix }: Language<LanguageId>,
): string | undefined {
  const words = value
    .trim()
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3-$2$4')
    .replace(/\s+/g, '-')
    .toLowerCase();
  return words === '' ? undefined : withPrefix(normalName(words), packagePrefix);
}

/** What npm can install: a folder, a tarball, a name with or without a version, a repository. */
export async function extension(value: string): Promise<string> {
  const spec = value.trim();
  if (spec === '') {
    throw new Refusal(
      'Which extension? Give --extension and what npm install takes: ../extension, a tarball, a name, owner/repo.',
    );
  }
  const { default: npa } = await import('npm-package-arg');
  try {
    if (!spec.startsWith('-') && !/\p{Cc}/u.test(spec) && npa(spec).type !== 'alias') {
      return spec;
    }
  } catch {
    // Said below.
  }
  throw new Refusal(
    `${quoted(value)} is nothing that npm can install. Take a folder like ../extension, a tarball, a name, or owner/repo.`,
  );
}

/** The name of an extension that an app has. */
export function extensionName(value: string): string {
  const name = line(value);
  if (name === '') {
    throw new Refusal('Which extension? Give --remove and the name of its package.');
  }
  return name;
}

/** What pip can install: a folder, a wheel, a name with or without a version, a repository. */
export function pythonExtension(value: string): string {
  const spec = value.trim();
  if (spec === '') {
    throw new Refusal(
      'Which extension? Give --extension and what pip install takes: ../extension, a wheel, a name, git+https://…',
    );
  }
  if (spec.startsWith('-') || /\p{Cc}/u.test(spec)) {
    throw new Refusal(
      `${quoted(value)} is nothing that pip can install. Take a folder like ../extension, a wheel, a name, or git+https://…`,
    );
  }
  return spec;
}

/** Any text. It becomes one line, without marks that show the text after them in another order. */
export function line(value: string): string {
  return value
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Any text but none. It becomes one line. */
export function description(value: string): string {
  const text = line(value);
  if (text === '') {
    throw new Refusal(
      'A package needs a description. Leave --description out to take the default.',
    );
  }
  return text;
}

/** An address, or nothing. */
export function email(value: string): string {
  const address = line(value);
  if (address !== '' && !/^[^\s@<>()]+@[^\s@<>()]+$/.test(address)) {
    throw new Refusal(`${quoted(value)} is not an email address.`);
  }
  return address;
}

/** An SPDX id in any case, or `UNLICENSED`. */
export async function license(value: string): Promise<string> {
  const wanted = value.trim().toLowerCase();
  const { default: licenses } = await import('spdx-license-list/simple.js');
  const id = ['UNLICENSED', ...licenses].find((one) => one.toLowerCase() === wanted);
  if (!id) {
    throw new Refusal(
      `${quoted(value)} is not an SPDX license id. Take one like MIT or Apache-2.0, or UNLICENSED for none.`,
    );
  }
  return id;
}

/** A URL, `owner/repo` on GitHub, or nothing. Credentials, branches and files do not survive. */
export async function repository(value: string): Promise<string> {
  const address = value.trim();
  const url = address && (await repositoryUrl(address));
  if (url === undefined || /[^\w.~%@+:/-]/.test(url)) {
    throw new Refusal(
      `${quoted(value)} is not the address of a repository. Take a URL, or owner/repo on GitHub.`,
    );
  }
  return url;
}

async function repositoryUrl(address: string): Promise<string | undefined> {
  const hosted = await hostOf(address);
  if (hosted) {
    const { domain, user, project, type } = hosted;
    const isComplete = type !== 'gist' && user && project;
    return isComplete ? `https://${domain}/${user}/${project}` : undefined;
  }
  // git@host:path is short for ssh.
  const text = address.replace(/^([\w.-]+@[\w.-]+):(?!\/\/)/, 'ssh://$1/').replace(/^git\+/, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const path = url?.pathname.replace(/\/-\/.*$/, '').replace(/(\.git)?\/*$/, '');
  if (!url || !path || !/^(https?|ssh|git):$/.test(url.protocol) || !url.hostname.includes('.')) {
    return undefined;
  }
  return `https://${url.protocol.startsWith('http') ? url.host : url.hostname}${path}`;
}

/** A semver range with no version outside of 4.x, and with one that has hooks: they came with 4.1. */
export async function functionsRange(value: string): Promise<string> {
  const range = line(value);
  const [{ default: validRange }, { default: subset }, { default: intersects }] = await Promise.all(
    [
      import('semver/ranges/valid.js'),
      import('semver/ranges/subset.js'),
      import('semver/ranges/intersects.js'),
    ],
  );
  if (range === '' || validRange(range) === null) {
    throw new Refusal(`${quoted(value)} is not a version range. Take one like ^4.2.0.`);
  }
  if (!subset(range, '>=4.0.0 <5.0.0') || !intersects(range, '>=4.1.0')) {
    throw new Refusal(
      `${quoted(value)} is not within @azure/functions 4.x, whose versions from 4.1 on have hooks.`,
    );
  }
  return range;
}

/** A name by the rules of Azure Functions, which is also that of a file on every system. */
export function functionName(value: string): string {
  const name = value.trim();
  if (!/^[a-z][\w-]{0,127}$/i.test(name)) {
    throw new Refusal(
      `${quoted(value)} is not a function name: a letter first, then letters, digits, _ and -, at most 128 in all.`,
    );
  }
  if (isDeviceName(name)) {
    throw new Refusal(`${quoted(value)} cannot be the name of a file on Windows.`);
  }
  return name;
}

/** The value as it is used, or nothing where it is refused. */
export async function accepted(
  check: (value: string) => string | Promise<string>,
  value: string,
): Promise<string> {
  try {
    return value && (await check(value));
  } catch (error) {
    if (error instanceof Refusal) {
      return '';
    }
    throw error;
  }
}
