/**
 * The variables by which git tells a hook, an alias or `git rebase --exec` which repository it works in: what
 * `git rev-parse --local-env-vars` prints, with those of older and newer versions.
 *
 * Not among them are the two that carry settings (`GIT_CONFIG_PARAMETERS` and `GIT_CONFIG_COUNT`): they say who
 * the user is, and git itself passes them on to other repositories.
 */
const REPOSITORY_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
  // A hook that receives a push keeps its objects apart, and git refuses to write elsewhere.
  'GIT_QUARANTINE_PATH',
]);

/** An environment in which git finds the repository by the current folder. */
export function withoutRepository(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLES.has(name.toUpperCase())),
  );
}
