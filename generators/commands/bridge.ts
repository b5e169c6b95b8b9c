import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundPythonApp } from '../found/python-app.js';
import { python } from '../languages/python.js';
import { importsModule, withImport } from '../writing/python-edits.js';
import { table } from '../table.js';
import type { Templates } from '../templates/load.js';
import type { Plan } from './plan.js';

/** What the bridge is called in an app. */
const MODULE = 'worker_extension_bridge';
const FILE = `${MODULE}.py`;
/** The import is for what it does, which linters cannot know. */
const IMPORT = `import ${MODULE}  # noqa: F401`;

/**
 * Plans to add the bridge to an existing app: the module, and its import. What the app has already stays
 * as it is.
 */
export function planBridge({ app }: { app: FoundPythonApp }, templates: Templates): Plan {
  const { root, script, source, settings } = app;
  const contents = bridgeIn(templates);
  const file = join(root, FILE);
  const hasFile = existsSync(file) && readFileSync(file, 'utf8') === contents;
  const hasImport = importsModule(source, MODULE);
  const startCommand = existsSync(join(root, 'local_host.py'))
    ? 'python local_host.py'
    : 'func start';
  const already = (isDone: boolean) => (isDone ? ', already' : '');
  const isOff = settings[python.switchSetting] === undefined;
  const done = [
    [FILE, `runs the hooks from Python 3.13 on${already(hasFile)}`],
    [script, `${IMPORT}${already(hasImport)}`],
  ];
  return {
    root,
    files: hasFile ? [] : [{ path: FILE, contents }],
    edits: hasImport ? [] : [{ path: script, contents: withImport(source, IMPORT) }],
    packageManager: undefined,
    firstCommit: false,
    summary:
      hasFile && hasImport
        ? 'The bridge is in place already. Nothing has changed.'
        : `The bridge is there:\n\n${table(done)}\n\n${
            isOff
              ? `It runs hooks where the app setting ${python.switchSetting} is 1, which local.settings.json does not have. `
              : ''
          }Next:`,
    nextSteps:
      hasFile && hasImport
        ? []
        : [[startCommand, 'starts the app with it, also on Python 3.13 and later']],
  };
}

/** The module that every extension in Python has. */
function bridgeIn(templates: Templates): string {
  const file = templates
    .filesIn('python/extension')
    .find(({ path }) => path.endsWith('/bridge.py'));
  if (!file) {
    throw new Error('python/extension has no bridge.py');
  }
  return templates.textOf(file);
}
