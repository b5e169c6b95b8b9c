/** The names that follow from the name of a package. */
export interface PackageNames {
  /** `@contoso/azfunc-extension-timer` */
  packageName: string;
  /** `azfunc-extension-timer` */
  folder: string;
  /** `['timer']`: what is left without npm scope, prefix and a final `extension`. */
  words: readonly string[];
  /** `Timer`, from which the names of its types are made: `TimerOptions`. */
  stem: string;
  /** `TimerExtension` */
  className: string;
}

/** The names that follow from the name of a package. */
export function namesOf(packageName: string, prefix: string): PackageNames {
  const folder = withoutNpmScope(packageName);
  const all = (folder.startsWith(prefix) ? folder.slice(prefix.length) : folder)
    .split(/[^a-z\d]+/i)
    .filter(Boolean);
  const words = all.length > 1 && all.at(-1) === 'extension' ? all.slice(0, -1) : all;
  const stem = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  return { packageName, folder, words, stem, className: `${stem}Extension` };
}

/** `@contoso/timer` -> `@contoso/azfunc-extension-timer` */
export function withPrefix(name: string, prefix: string): string {
  const rest = withoutNpmScope(name);
  const npmScope = name.slice(0, name.length - rest.length);
  return `${npmScope}${rest.startsWith(prefix) ? '' : prefix}${rest}`;
}

function withoutNpmScope(name: string): string {
  return name.replace(/^@[^/]*\//, '');
}
