import type { OutputFile } from './render.js';

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies'];

/**
 * Lays files over each other: of two with the same path the later one counts, but a package.json
 * adds its fields to those of the earlier one.
 */
export function layered(files: readonly OutputFile[]): OutputFile[] {
  const byPath = new Map<string, OutputFile>();
  for (const file of files) {
    const below = byPath.get(file.path);
    byPath.set(file.path, isPackageJson(file) && below ? merged(below, file) : file);
  }
  return [...byPath.values()].map((file) => (isPackageJson(file) ? tidied(file) : file));
}

function isPackageJson({ path }: OutputFile): boolean {
  return /(^|\/)package\.json$/.test(path);
}

function merged(below: OutputFile, above: OutputFile): OutputFile {
  const value = mergedValues(JSON.parse(below.contents), JSON.parse(above.contents));
  return { ...below, contents: JSON.stringify(value) };
}

function mergedValues(below: unknown, above: unknown): unknown {
  if (Array.isArray(below) && Array.isArray(above)) {
    return [...below, ...above];
  }
  if (!isObject(below) || !isObject(above)) {
    return above;
  }
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    result[key] = key in below ? mergedValues(below[key], value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** In npm's format, with dependencies in alphabetical order. */
function tidied(file: OutputFile): OutputFile {
  const value = JSON.parse(file.contents) as Record<string, unknown>;
  for (const key of DEPENDENCIES) {
    const field = value[key];
    if (isObject(field)) {
      value[key] = Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
  }
  return { ...file, contents: `${JSON.stringify(value, null, 2)}\n` };
}
