import type { Language } from './answers.js';

const PREFIX: Record<Language, string> = {
  typescript: 'azfunc-extension-',
  python: 'python-worker-extension-',
};

/** The names that follow from the name of an extension. */
export interface Names {
  /** `@contoso/azfunc-extension-timer` */
  packageName: string;
  /** `azfunc-extension-timer` */
  folder: string;
  /** `timer-extension`, the file of the class without its ending. */
  fileName: string;
  /** `TimerExtension` */
  className: string;
  /** `Timer`, from which the names of its types are made: `TimerOptions`. */
  stem: string;
}

/**
 * `timer` -> `azfunc-extension-timer`, `@contoso/timer` -> `@contoso/azfunc-extension-timer`; in
 * Python `My_Timer` -> `python-worker-extension-my-timer`, as PEP 503 has it.
 */
export function toPackageName(name: string, language: Language = 'typescript'): string {
  const prefix = PREFIX[language];
  const normal = language === 'python' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
  const rest = withoutScope(normal);
  const scope = normal.slice(0, normal.length - rest.length);
  return scope + (rest.startsWith(prefix) ? rest : prefix + rest);
}

const PREFIX_OF_ANY = new RegExp(`^(${Object.values(PREFIX).join('|')})`);

function withoutScope(name: string): string {
  return name.replace(/^@[^/]*\//, '');
}

/** The words of a package name: what is left without scope, prefix and a final `extension`. */
export function wordsOf(packageName: string): string[] {
  const words = withoutScope(packageName)
    .replace(PREFIX_OF_ANY, '')
    .split(/[^a-z\d]+/i)
    .filter(Boolean);
  return words.length > 1 && words.at(-1) === 'extension' ? words.slice(0, -1) : words;
}

export function namesOf(packageName: string): Names {
  const words = wordsOf(packageName);
  const stem = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  return {
    packageName,
    folder: withoutScope(packageName),
    fileName: [...words, 'extension'].join('-'),
    className: `${stem}Extension`,
    stem,
  };
}

/** Words of the language, and names that compiled CommonJS uses. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null
  package private protected public return static super switch this throw true try typeof undefined var
  void while with yield async of require exports module Object Promise`.split(/\s+/),
);

/** Names that the file of a function uses itself. */
const TAKEN = new Set([
  'app',
  'HttpRequest',
  'HttpResponseInit',
  'InvocationContext',
  'nameInBody',
]);

/**
 * The TypeScript name of a function: its own one where that is an identifier, `http-trigger` ->
 * `httpTrigger`.
 *
 * @param className The class of the extension, which the file may use too.
 */
export function toIdentifier(functionName: string, className = ''): string {
  const identifier = functionName.replace(/-+(.?)/g, (_, next: string) => next.toUpperCase());
  return RESERVED.has(identifier) || TAKEN.has(identifier) || identifier === className
    ? `${identifier}Function`
    : identifier;
}
