import { quoted, Refusal } from './refusal.js';
import type { Scope } from './templates/layers.js';

/**
 * What an app has to know of an extension to use it. An extension says this of itself: in its
 * package.json, under `workerExtension`, or in Python in worker_extension.json beside its `__init__.py`.
 */
export interface WorkerExtension {
  packageName: string;
  /** The class that the package exports. */
  className: string;
  /** In Python, what code imports, where that does not follow from the name of the package. */
  module?: string | undefined;
  /** In Python, whether the class takes the name of a function, and not only a path that has it. */
  takesNames?: boolean | undefined;
  /** In Python, the arguments without which the call that switches it on fails, and which only its user knows. */
  needs?: readonly string[] | undefined;
  scope: Scope;
  /** The options that a new user begins with, if any. */
  options?: Readonly<Record<string, unknown>> | undefined;
  /** App settings that it reads, each with a value for trying it locally. */
  settings: Readonly<Record<string, string>>;
  /** Headers without which it answers no request: an API key for trying it locally. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Its own version, if its package.json has one. */
  version?: string | undefined;
  /** How a package.json depends on it: a range of versions, `file:../extension`, or what npm takes else. */
  dependency: string;
}

/** The field `workerExtension` of an extension's package.json, or in Python the file worker_extension.json. */
export function toField({
  className,
  scope,
  options,
  settings,
  headers = {},
}: WorkerExtension): object {
  return {
    class: className,
    scope,
    ...(options && { options }),
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(Object.keys(headers).length > 0 && { request: { headers } }),
  };
}

/**
 * Reads what an extension says of itself. None of it is trusted: it gets into code.
 *
 * @param packageJson The extension's package.json, parsed.
 * @param spec What the user has typed for it.
 * @throws Refusal, if this is no extension.
 */
export async function fromPackageJson(
  packageJson: unknown,
  spec: string,
  dependency: string,
): Promise<WorkerExtension> {
  const { default: validate } = await import('validate-npm-package-name');
  const { name, version, workerExtension } = toRecord(packageJson);
  const described = fromField(workerExtension);
  if (typeof name !== 'string' || !validate(name).validForOldPackages || !described) {
    throw new Refusal(
      `${quoted(spec)} is no worker extension: its package.json has no "workerExtension" with a "class" and a "scope".`,
    );
  }
  return {
    packageName: name,
    ...(typeof version === 'string' && { version }),
    ...described,
    dependency,
  };
}

/** What an extension says of itself, whatever its language: see {@link toField}. */
export type Described = Pick<
  WorkerExtension,
  'className' | 'scope' | 'options' | 'settings' | 'headers'
>;

/**
 * Reads what an extension says of itself. None of it is trusted: it gets into code.
 *
 * @returns Nothing, if this is no description of an extension.
 */
export function fromField(field: unknown): Described | undefined {
  const { class: className, scope, options, settings, request } = toRecord(field);
  const headers = Object.entries(toRecord(toRecord(request)['headers'])).filter(isHeader);
  const isComplete =
    typeof className === 'string' &&
    /^[a-z_$][\w$]*$/i.test(className) &&
    (scope === 'app' || scope === 'function');
  return isComplete
    ? {
        className,
        scope,
        ...(isRecord(options) && { options }),
        ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
        settings: Object.fromEntries(
          Object.entries(toRecord(settings)).map(([key, value]) => [key, String(value)]),
        ),
      }
    : undefined;
}

/** What a shell and HTTP take for a header, and for nothing else. */
function isHeader(entry: [string, unknown]): entry is [string, string] {
  const [name, value] = entry;
  return /^[\w-]+$/.test(name) && typeof value === 'string' && /^[\w .:/+=,;@~-]*$/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
