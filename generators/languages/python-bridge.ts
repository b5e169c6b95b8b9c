import type { OutputFile } from '../templates/emit.js';
import type { Templates } from '../templates/load.js';

/** What the bridge is called in an app. */
export const BRIDGE = 'worker_extension_bridge';

/** The import is for what it does, which linters cannot know. */
export const BRIDGE_IMPORT = `import ${BRIDGE}  # noqa: F401`;

/** The module that every extension of ours has, for an app with others. */
export function bridgeFile(templates: Templates): OutputFile {
  const file = templates
    .filesIn('python/extension')
    .find(({ path }) => path.endsWith('/bridge.py'));
  if (!file) {
    throw new Error('python/extension has no bridge.py');
  }
  return { path: `${BRIDGE}.py`, contents: templates.textOf(file) };
}
