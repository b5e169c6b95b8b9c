import { isLocal, python, requirementOf } from '../languages/python.js';
import { Refusal } from '../refusal.js';
import type { WorkerExtension } from '../worker-extension.js';
import { type Range, withLinesAtEnd, withoutRanges } from './text-edits.js';

/*
 * Changes to requirements.txt of the user's. Everything else stays as it is.
 */

/** What is above the option by which pip looks into wheels/. It tells that nobody else has put it there. */
const ON_WHEELS = '# From wheels/, which is deployed with the app:';
const WHEELS = '--find-links wheels';

/** A requirement that says nothing but which package is wanted, and in which versions. */
const PLAIN = /^(?:[\w.-]+(?: @ [^\s;]+|(?: *[=<>!~]=?=? *[\w.*+!]+,?)*)|\w+\+[^\s;]+)$/;

/** requirements.txt with an extension, unless it is there. */
export function withRequirement(text: string | undefined, extension: WorkerExtension): string {
  const requirement = requirementOf(extension);
  const lines = linesOf(text ?? '').map(({ line }) => line);
  const address = requirement.replace(/^[\w.-]+ @ |[#&]egg=[\w.-]+$/g, '');
  const isThere = lines.some((line) => nameIn(line) === extension.packageName || line === address);
  if (isThere) {
    return text ?? '';
  }
  const hasWheels = lines.some((line) => /^(?:--find-links|-f)[= ]+(?:\.\/)?wheels\/?$/.test(line));
  const wheels = isLocal(extension) && !hasWheels ? [ON_WHEELS, WHEELS] : [];
  return withLinesAtEnd(text, [...wheels, requirement]);
}

/**
 * requirements.txt without a package, and without what was added for it.
 *
 * @returns Also the line that is gone, if there was one.
 * @throws Refusal, if the line says more than which versions are wanted: then somebody has edited it.
 */
export function withoutRequirement(
  text: string,
  packageName: string,
): { text: string; gone: string | undefined } {
  const lines = linesOf(text);
  const own = lines.find(({ line }) => nameIn(line) === packageName);
  if (own === undefined) {
    return { text, gone: undefined };
  }
  if (!PLAIN.test(own.line)) {
    throw new Refusal(
      `requirements.txt says more of ${packageName} than to install it: ${own.line} Remove that by hand, and try again.`,
    );
  }
  const index = lines.findIndex(({ line }) => line === ON_WHEELS);
  const wheels = lines.slice(index, index + 2);
  const isNeeded = lines.some(
    (one) => one !== own && /^[\w.-]+$/.test(one.line) && lines.indexOf(one) > index,
  );
  const unused = index >= 0 && wheels[1]?.line === WHEELS && !isNeeded ? wheels : [];
  return { text: withoutRanges(text, [...unused, own]), gone: own.line };
}

/** The requirement of a package, as a text has it. */
export function requirementIn(text: string, packageName: string): string | undefined {
  return linesOf(text).find(({ line }) => nameIn(line) === packageName)?.line;
}

/** The lines, with where they are. One that a backslash continues is one. */
function linesOf(text: string): (Range & { line: string })[] {
  return [...text.matchAll(/(?:\\\r?\n|[^\n])*\n|(?:\\\r?\n|[^\n])+$/g)].map(
    ({ index, 0: line }) => ({
      start: index,
      end: index + line.length,
      line: line.trim(),
    }),
  );
}

/** The name in a requirement, in the form in which names are compared; nothing, if it has none. */
function nameIn(line: string): string | undefined {
  const [, name] =
    /^([a-z\d][\w.-]*)\s*(?:[[(=<>!~;@#]|\\?$|\\\r?\n|\s--)/i.exec(line) ??
    /^\w+\+\S+[#&]egg=([\w.-]+)/.exec(line) ??
    [];
  return name && python.normalName(name);
}
