import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundPythonApp } from '../found/python-app.js';
import { python } from '../languages/python.js';
import { BRIDGE, BRIDGE_IMPORT, bridgeFile } from '../languages/python-bridge.js';
import { importsModule, withImport } from '../writing/python-edits.js';
import { table } from '../table.js';
import type { Templates } from '../templates/load.js';
import type { Plan } from './plan.js';

/**
 * Plans to add the bridge to an existing app: the module, and its import. What the app has already stays
 * as it is.
 */
export function planBridge({ app }: { app: FoundPythonApp }, templates: Templates): Plan {
  const { root, script, source, settings } = app;
  const bridge = bridgeFile(templates);
  const file = join(root, bridge.path);
  const hasFile = existsSync(file) && readFileSync(file, 'utf8') === bridge.contents;
  const hasImport = importsModule(source, BRIDGE);
  const startCommand = existsSync(join(root, 'local_host.py'))
    ? 'python local_host.py'
    : 'func start';
  const already = (isDone: boolean) => (isDone ? ', already' : '');
  const isOff = settings[python.switchSetting] === undefined;
  const done = [
    [bridge.path, `runs the hooks from Python 3.13 on${already(hasFile)}`],
    [script, `${BRIDGE_IMPORT}${already(hasImport)}`],
  ];
  return {
    root,
    files: hasFile ? [] : [bridge],
    edits: hasImport ? [] : [{ path: script, contents: withImport(source, BRIDGE_IMPORT) }],
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
