import type { PackageManager } from './package-manager.js';

/** What an extension is written in. */
export type Language = 'typescript' | 'python';

/** How the languages are written in a sentence. */
export const languageNames: Record<Language, string> = {
  typescript: 'TypeScript',
  python: 'Python',
};

/**
 * How a function app in Python declares its functions: v1 has a folder with a function.json for each,
 * v2 has decorators.
 */
export type ProgrammingModel = 'v1' | 'v2';

/**
 * Where an extension acts: on every function of the app, or on the functions that it is created
 * for.
 */
export type Scope = 'app' | 'function';

/** What calls a function. */
export type Trigger = 'http' | 'timer' | 'queue';

/** Who tests what is emitted, and publishes it. */
export type Ci = 'github' | 'none';

/** Everything that decides what is emitted. Each value has passed validation. */
export interface Answers {
  /** Folder to write to, relative to the current one; never empty. */
  destination: string;
  language: Language;
  /** Id of a template in the catalogue. */
  template: string;
  scope: Scope;
  /**
   * Package name of the extension, complete: `@contoso/azfunc-extension-timer` on npm,
   * `python-worker-extension-timer` on PyPI.
   */
  name: string;
  description: string;
  /** May be empty. */
  author: string;
  /** May be empty. */
  email: string;
  /** SPDX id, or `UNLICENSED`. */
  license: string;
  /** URL without credentials; may be empty. */
  repository: string;
  /** Peer range for `@azure/functions`; without meaning in Python. */
  functionsRange: string;
  /** The extension that an app uses, as npm takes it; empty where the extension is made. */
  extension: string;
  /** Whether a function app that uses the extension is emitted. */
  functionApp: boolean;
  /** Of the app in Python; without meaning in other languages. */
  programmingModel: ProgrammingModel;
  /** Name of the app's function. */
  functionName: string;
  trigger: Trigger;
  packageManager: PackageManager;
  /** Whose workflows are emitted. */
  ci: Ci;
  /** Whether to create a git repository. */
  git: boolean;
}

/**
 * What the machine knows of the developer, from which defaults are taken. Empty where it knows
 * nothing.
 */
export interface Surroundings {
  /** Name of the destination folder, if the developer has named one. */
  folder: string;
  /** The package manager that has started this process. */
  packageManager: PackageManager;
  /** git's `user.name`. */
  userName: string;
  /** git's `user.email`. */
  userEmail: string;
  /** URL of git's remote `origin`, if the destination is the root of a repository. */
  remote: string;
  /** Whether the destination is a folder of a repository, and not the root of it. */
  isPart: boolean;
  /** Whether a repository can be created: git is installed, and the destination is in none. */
  canInitGit: boolean;
}
