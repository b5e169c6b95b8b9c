import { type JsonValue, text, wrong } from './read-json.js';
import type { Segment, Segmenter } from './segments.js';

/** The names of an output, by what stands for them in `names` of template.json and layers.json. */
export interface OutputNames {
  /** `TimerExtension` */
  class: string;
  /** `Timer`, from which the names of types are made: `TimerOptions`. */
  stem: string;
  /** `timer`, the main file without its ending. */
  file: string;
  /** `azfunc-extension-timer` */
  package: string;
  /** What code imports in languages where that is not the package: `python_worker_extension_timer`. */
  module: string;
  /** `http-trigger` */
  function: string;
  /** How that function is called in code: `httpTrigger`. */
  identifier: string;
}

/** One name in the sources, and what takes its place. */
export interface Rule {
  from: string;
  to: string;
  /**
   * Where it counts: `word` anywhere, `path` in file names and relative paths only, `package` outside
   * of code, `code` and `prose` in code or outside of it.
   */
  at: 'word' | 'path' | 'package' | 'code' | 'prose';
}

type Placeholder = Exclude<keyof OutputNames, 'identifier'>;

const PLACEHOLDERS: Record<Placeholder, Rule['at']> = {
  class: 'word',
  stem: 'word',
  module: 'word',
  file: 'path',
  package: 'package',
  function: 'prose',
};

/**
 * What has to be replaced, by the names that a template or a layer declares.
 *
 * @param declared Names in the sources, and what they stand for: `{ TimerOptions: '{stem}Options' }`.
 * @param toIdentifier How a function is called in code.
 */
export function rulesFor(
  declared: Readonly<Record<string, string>>,
  names: OutputNames,
  toIdentifier: (functionName: string) => string,
): Rule[] {
  return Object.entries(declared).flatMap(([from, pattern]): Rule[] => {
    const to = pattern.replace(PLACEHOLDER, (_, name: Placeholder) => names[name]);
    const [, placeholder] = /\{(\w+)\}/.exec(pattern) ?? [];
    const at = isPlaceholder(placeholder) ? PLACEHOLDERS[placeholder] : kindOf(from);
    return at === 'prose'
      ? [
          { from, to, at },
          { from: toIdentifier(from), to: names.identifier, at: 'code' },
        ]
      : [{ from, to, at }];
  });
}

function kindOf(name: string): Rule['at'] {
  return /^[a-z_$][\w$]*$/i.test(name) ? 'word' : 'path';
}

const PLACEHOLDER = new RegExp(`\\{(${Object.keys(PLACEHOLDERS).join('|')})\\}`, 'g');

function isPlaceholder(name: string | undefined): name is Placeholder {
  return name !== undefined && Object.hasOwn(PLACEHOLDERS, name);
}

/** What a declared name stands for, as it is in a JSON file. */
export function readPattern(json: JsonValue): string {
  const pattern = text(json);
  const [unknown] = /\{.*?\}/.exec(pattern.replace(PLACEHOLDER, '')) ?? [];
  if (unknown !== undefined) {
    throw wrong(json, `has ${unknown}, which stands for nothing`);
  }
  return pattern;
}

/** A relative path in a string: `./timer`, `../src/timer.js`. */
const RELATIVE_PATH = /^.\.{1,2}\//;

/** Replaces names in source code: whole ones, and none twice. */
export function substitute(source: string, rules: readonly Rule[], segments: Segmenter): string {
  const changes = rules.filter(({ from, to }) => from !== to);
  if (!changes.some(({ from }) => source.includes(from))) {
    return source;
  }
  const inCode = replacer(changes.filter(({ at }) => at === 'word' || at === 'code'));
  const inProse = replacer(changes.filter(({ at }) => at !== 'path' && at !== 'code'));
  const inPath = replacer(changes.filter(({ at }) => at !== 'code'));
  return segments(source)
    .map(({ kind, text: part }: Segment) => {
      if (kind === 'code') {
        return inCode(part);
      }
      return kind === 'string' && RELATIVE_PATH.test(part) ? inPath(part) : inProse(part);
    })
    .join('');
}

/** Replaces names in the path of a file. */
export function substituteInPath(path: string, rules: readonly Rule[]): string {
  return replacer(rules.filter(({ from, to, at }) => from !== to && at !== 'code'))(path);
}

function replacer(rules: readonly Rule[]): (text: string) => string {
  if (rules.length === 0) {
    return (source) => source;
  }
  const byName = new Map(rules.map(({ from, to }) => [from, to]));
  const longestFirst = [...rules].sort((a, b) => b.from.length - a.from.length);
  const pattern = new RegExp(longestFirst.map(({ from, at }) => whole(from, at)).join('|'), 'g');
  return (source) => source.replace(pattern, (name) => byName.get(name) ?? name);
}

/** A name where it stands by itself. A hyphen is a part of names of packages and files only. */
function whole(name: string, at: Rule['at']): string {
  const escaped = name.replace(/[$.+*?^()[\]{}|\\/]/g, '\\$&');
  switch (at) {
    case 'package':
      return `(?<![\\w@.-])${escaped}(?![\\w-])`;
    case 'path':
      // Up to the first full stop: `timer.test.ts`, but not `my.timer`.
      return `(?<![\\w$.-])${escaped}(?![\\w$-])`;
    default:
      return `(?<![\\w$])${escaped}(?![\\w$])`;
  }
}
