import validatePackageName from 'validate-npm-package-name';
import type { Answers, Scope } from './answers.js';
import { templateOf } from './catalogue.js';
import { namesOf } from './names.js';
import type { PackageManager } from './package-manager.js';
import { quoted, Refusal } from './refusal.js';
import { js } from './serialize.js';

/**
 * What an app has to know of an extension to use it. An extension says this of itself: in its
 * package.json, under `workerExtension`.
 */
export interface WorkerExtension {
  packageName: string;
  /** The class that the package exports. */
  className: string;
  scope: Scope;
  /** The options that a new user begins with, if any. */
  options?: Record<string, unknown>;
  /** App settings that it reads, each with a value for trying it locally. */
  settings: Record<string, string>;
  /** How a package.json depends on it: a range of versions, `file:../extension`, or what npm takes else. */
  dependency: string;
}

/** Version that an emitted extension begins with. */
export const FIRST_VERSION = '0.1.0';

/** The extension that is being made. It is beside the app that uses it. */
export function extensionFrom(answers: Answers): WorkerExtension {
  const { name, template, scope, packageManager } = answers;
  const { packageName, className } = namesOf(name);
  const { options, settings = {} } = templateOf(template);
  return {
    packageName,
    className,
    scope,
    ...(options && { options }),
    settings,
    dependency: BESIDE[packageManager],
  };
}

/**
 * How to depend on the extension beside an app. With npm and pnpm it is never one from a registry;
 * yarn 1 takes the one in the workspace where the version is the same.
 */
const BESIDE: Record<PackageManager, string> = {
  npm: 'file:../extension',
  pnpm: 'workspace:*',
  yarn: FIRST_VERSION,
};

/** The field `workerExtension` of an extension's package.json. */
export function toField({ className, scope, options, settings }: WorkerExtension): object {
  return {
    class: className,
    scope,
    ...(options && { options }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

/**
 * Reads what an extension says of itself. None of it is trusted: it gets into code.
 *
 * @param packageJson The extension's package.json, parsed.
 * @param spec What the user has typed for it.
 * @throws Refusal, if this is no extension.
 */
export function fromPackageJson(
  packageJson: unknown,
  spec: string,
  dependency: string,
): WorkerExtension {
  const { name, workerExtension } = toRecord(packageJson);
  const { class: className, scope, options, settings } = toRecord(workerExtension);
  const isComplete =
    typeof name === 'string' &&
    validatePackageName(name).validForOldPackages &&
    typeof className === 'string' &&
    /^[a-z_$][\w$]*$/i.test(className) &&
    (scope === 'app' || scope === 'function');
  if (!isComplete) {
    throw new Refusal(
      `${quoted(spec)} is no worker extension: its package.json has no "workerExtension" with a "class" and a "scope".`,
    );
  }
  return {
    packageName: name,
    className,
    scope,
    ...(isRecord(options) && { options }),
    settings: Object.fromEntries(
      Object.entries(toRecord(settings)).map(([key, value]) => [key, String(value)]),
    ),
    dependency,
  };
}

/**
 * The two lines that switch an extension on.
 *
 * @param functionName The function that it acts on, if it is one of function level.
 * @param isModule Whether they are for a file with `import`, as opposed to `require`.
 */
export function twoLines(
  { packageName, className, scope, options }: WorkerExtension,
  functionName: string,
  isModule = true,
): [load: string, call: string] {
  const load = isModule
    ? `import { ${className} } from ${js(packageName)};`
    : `const { ${className} } = require(${js(packageName)});`;
  const given = options ? [js(options)] : [];
  return [
    load,
    scope === 'app'
      ? `${className}.configure(${given.join()});`
      : `new ${className}(${[js(functionName), ...given].join(', ')});`,
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
