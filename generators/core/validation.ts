import npa from 'npm-package-arg';
import intersects from 'semver/ranges/intersects.js';
import subset from 'semver/ranges/subset.js';
import validRange from 'semver/ranges/valid.js';
import licenses from 'spdx-license-list/simple.js';
import validatePackageName from 'validate-npm-package-name';
import { type Answers, type Language, languageNames } from './answers.js';
import { catalogue, templatesIn } from './catalogue.js';
import { hostOf } from './hosting.js';
import { toPackageName, wordsOf } from './names.js';
import { packageManagers } from './package-manager.js';
import { quoted, Refusal } from './refusal.js';
import { wellFormed } from './serialize.js';

/*
 * One function for each kind of value. All of them take what was typed, return the form in which it
 * is used further on, and throw a Refusal that says in one line why a value cannot be taken.
 */

/**
 * Accepts `timer`, `azfunc-extension-timer` and `@contoso/timer`, and returns the package name. In
 * Python it accepts the names of PEP 508, and returns the form of PEP 503.
 */
export function packageName(value: string, language: Language = 'typescript'): string {
  const name = toPackageName(value.trim(), language);
  const words = wordsOf(name);
  if (value.trim() === '') {
    throw new Refusal('An extension needs a name, such as timer.');
  }
  if (language === 'python') {
    refuseForPyPI(value.trim());
    refuseLong(name, value);
  } else {
    refuseForNpm(name, value);
  }
  if (!/^[a-z]/.test(words[0] ?? '')) {
    throw new Refusal(`${quoted(value)} does not make a class name: start it with a letter.`);
  }
  return name;
}

function refuseForNpm(name: string, value: string): void {
  const { validForNewPackages, errors = [], warnings = [] } = validatePackageName(wellFormed(name));
  if (!validForNewPackages) {
    const [reason] = [...errors, ...warnings];
    throw new Refusal(`${quoted(value)} does not make an npm package name: ${reason}.`);
  }
}

function refuseForPyPI(value: string): void {
  if (!/^[a-z\d]([\w.-]*[a-z\d])?$/i.test(value)) {
    throw new Refusal(
      `${quoted(value)} does not make a Python package name: letters and digits, and between them also -, _ and full stops.`,
    );
  }
}

/** npm has this limit, and the folders of a Python package have to have one, too. */
const MAX_NAME = 214;

function refuseLong(name: string, value: string): void {
  if (name.length > MAX_NAME) {
    throw new Refusal(
      `${quoted(value)} is too long: a package name has at most ${MAX_NAME} letters.`,
    );
  }
}

export function language(value: string): string {
  if (value !== 'typescript' && value !== 'python') {
    throw new Refusal(`A language is typescript or python, not ${quoted(value)}.`);
  }
  return value;
}

export function programmingModel(value: string): string {
  if (value !== 'v1' && value !== 'v2') {
    throw new Refusal(`A programming model is v1 or v2, not ${quoted(value)}.`);
  }
  return value;
}

export function template(value: string, language: Language = 'typescript'): string {
  const ids = templatesIn(language);
  if (!ids.includes(value)) {
    const isElsewhere = catalogue.some(({ id }) => id === value);
    throw new Refusal(
      `There is no template ${quoted(value)}${isElsewhere ? ` in ${languageNames[language]}` : ''}. There is: ${ids.join(', ')}.`,
    );
  }
  return value;
}

export function scope(value: string): string {
  if (value !== 'app' && value !== 'function') {
    throw new Refusal(`A scope is app or function, not ${quoted(value)}.`);
  }
  return value;
}

export function trigger(value: string): string {
  if (!['http', 'timer', 'queue'].includes(value)) {
    throw new Refusal(`A trigger is http, timer or queue, not ${quoted(value)}.`);
  }
  return value;
}

export function packageManager(value: string): string {
  if (!(packageManagers as readonly string[]).includes(value)) {
    throw new Refusal(`A package manager is ${packageManagers.join(', ')}, not ${quoted(value)}.`);
  }
  return value;
}

export function ci(value: string): string {
  if (value !== 'github' && value !== 'none') {
    throw new Refusal(`Workflows are for github, or there are none, not ${quoted(value)}.`);
  }
  return value;
}

/** What npm can install: a folder, a tarball, a name with or without a version, a repository. */
export function extension(value: string): string {
  const spec = value.trim();
  if (spec === '') {
    throw new Refusal(
      'Which extension? Give --extension and what npm install takes: ../extension, a tarball, a name, owner/repo.',
    );
  }
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

/** Any text. It becomes one line, without marks that show the text after them in another order. */
export function text(value: string): string {
  return value
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Any text but none. It becomes one line. */
export function description(value: string): string {
  const line = text(value);
  if (line === '') {
    throw new Refusal(
      'A package needs a description. Leave --description out to take the default.',
    );
  }
  return line;
}

/** An address, or nothing. */
export function email(value: string): string {
  const address = text(value);
  if (address !== '' && !/^[^\s@<>()]+@[^\s@<>()]+$/.test(address)) {
    throw new Refusal(`${quoted(value)} is not an email address.`);
  }
  return address;
}

/** An SPDX id in any case, or `UNLICENSED`. */
export function license(value: string): string {
  const wanted = value.trim().toLowerCase();
  const id = ['UNLICENSED', ...licenses].find((one) => one.toLowerCase() === wanted);
  if (!id) {
    throw new Refusal(
      `${quoted(value)} is not an SPDX license id. Take one like MIT or Apache-2.0, or UNLICENSED for none.`,
    );
  }
  return id;
}

/** A URL, `owner/repo` on GitHub, or nothing. Credentials, branches and files do not survive. */
export function repository(value: string): string {
  const address = value.trim();
  const url = address && repositoryUrl(address);
  if (url === undefined || /[^\w.~%@+:/-]/.test(url)) {
    throw new Refusal(
      `${quoted(value)} is not the address of a repository. Take a URL, or owner/repo on GitHub.`,
    );
  }
  return url;
}

function repositoryUrl(address: string): string | undefined {
  const hosted = hostOf(address);
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
export function functionsRange(value: string): string {
  const range = text(value);
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
export function functionName(
  value: string,
  { language, programmingModel }: Partial<Answers> = {},
): string {
  const name = value.trim();
  if (!/^[a-z][\w-]{0,127}$/i.test(name)) {
    throw new Refusal(
      `${quoted(value)} is not a function name: a letter first, then letters, digits, _ and -, at most 128 in all.`,
    );
  }
  if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name)) {
    throw new Refusal(`${quoted(value)} cannot be the name of a file on Windows.`);
  }
  if (language === 'python' && programmingModel === 'v1' && /^tests$/i.test(name)) {
    throw new Refusal(`${quoted(value)} is the folder of the tests. Take another name.`);
  }
  return name;
}
