/** A package.json whose dependencies are the versions that the templates emit. */
export interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/**
 * The version range of a package in what is emitted.
 *
 * @throws Error for a package that the manifest does not have.
 */
export function versionOf(manifest: Manifest, name: string): string {
  const version = manifest.dependencies[name] ?? manifest.devDependencies[name];
  if (version === undefined) {
    throw new Error(`templates/package.json has no version of ${name}.`);
  }
  return version;
}
