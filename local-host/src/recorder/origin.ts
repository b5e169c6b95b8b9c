import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Package } from '../inspector/events.js';

/** A place in code, as a stack has it. */
export interface CallSite {
  /** As V8 prints it. Equal ones are the same place. */
  readonly text: string;
  /** Absolute; undefined for code of Node.js itself. */
  readonly file: string | undefined;
  /** Line and column. */
  readonly position: string;
}

/** Who has called: without this host, `@azure/functions` and Node.js. */
export function callers(): CallSite[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return String(stack)
    .split('\n')
    .slice(1)
    .map(toCallSite)
    .filter(({ file }) => file !== undefined && !isOurs(file));
}

function toCallSite(line: string): CallSite {
  const text = line.trim();
  const [, path, position = ''] =
    /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+:\d+)\)?$/.exec(text) ?? [];
  return { text, file: path?.startsWith('file://') ? fileURLToPath(path) : path, position };
}

function isOurs(file: string): boolean {
  return file === __filename || /[\\/]node_modules[\\/]@azure[\\/]functions[\\/]/.test(file);
}

/** What a package.json says, as far as it matters here. */
interface PackageJson extends Package {
  readonly workerExtension?: { readonly settings?: Readonly<Record<string, string>> };
}

const packages = new Map<string, PackageJson | undefined>();

/** The package that a file belongs to. */
export function packageOf(file: string): Package | undefined {
  const found = packageJsonOf(file);
  return found && { name: found.name, version: found.version };
}

/** The app settings that the extension in a file says it reads. */
export function settingsOf(file: string): string[] {
  return Object.keys(packageJsonOf(file)?.workerExtension?.settings ?? {});
}

function packageJsonOf(file: string): PackageJson | undefined {
  const folder = dirname(file);
  if (!packages.has(folder)) {
    packages.set(folder, readPackage(join(folder, 'package.json')) ?? above(folder));
  }
  return packages.get(folder);
}

function above(folder: string): PackageJson | undefined {
  return dirname(folder) === folder ? undefined : packageJsonOf(folder);
}

/** A package.json that says only of which type its files are is none of a package. */
function readPackage(file: string): PackageJson | undefined {
  try {
    const found = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<PackageJson>)
      : {};
    return found.name === undefined ? undefined : (found as PackageJson);
  } catch {
    return undefined;
  }
}
