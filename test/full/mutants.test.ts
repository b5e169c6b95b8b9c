import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, root } from '../../tools/support/files.js';
import { run } from '../../tools/support/processes.js';
import { compose } from '../../tools/templates/steps.js';
import { linkModules } from '../../tools/templates/typescript.js';

/** What would open the guard, or would not be noticed: a file, what is in it, and what is there instead. */
const MUTANTS: [file: string, from: string, to: string][] = [
  ['guard.ts', 'decision === true', 'Boolean(decision)'],
  ['guard.ts', 'decision === true', 'Number(decision) !== 403'],
  ['guard.ts', '!isHttp(invocationContext) ||', 'isHttp(invocationContext) ||'],
  ['guard.ts', 'return false;\n', 'return true;\n'],
  ['guard.ts', 'decision === 401 ? 401 : 403', 'decision === 401 ? 403 : 401'],
  ['guard.ts', 'status === 401 ?', 'status === 403 ?'],
  ['guard.ts', 'allowPreflight === true &&', 'true &&'],
  ['guard.ts', "request.method === 'OPTIONS' &&", ''],
  ['guard.ts', "request.headers.has('access-control-request-method')", 'true'],
  [
    'guard.ts',
    'name.toLowerCase() === functionName.toLowerCase()',
    'functionName.startsWith("Http")',
  ],
  ['guard.ts', 'name.toLowerCase() === functionName.toLowerCase()', 'name === functionName'],
  ['guard.ts', 'failClosed = true', 'failClosed = false'],
  ['api-key.ts', '.includes(true) ? true : 401', '.includes(true) ? true : (true as const)'],
  ['api-key.ts', 'keys.length === 0', 'keys.length < 0'],
  ['api-key.ts', 'keys.some((key) =>', 'keys.every((key) =>'],
  ['api-key.ts', '.map((key) => key.trim())', ''],
  ['api-key.ts', 'isSame(given, key)', 'isSame(given, given)'],
  ['worker-extension/hooks.ts', 'if (isOff && !failClosed)', 'if (isOff)'],
  [
    'worker-extension/hooks.ts',
    'if (failClosed) {\n        throw refusal',
    'if (!failClosed) {\n        throw refusal',
  ],
  ['worker-extension/hooks.ts', 'hasRun(invocationContext)', 'true'],
  [
    'worker-extension/hooks.ts',
    '    app.hook.preInvocation(guarded);\n    app.hook',
    '    app.hook',
  ],
];

describe('the guard, changed', function () {
  this.timeout(240_000);
  let folder: string;

  before(async () => {
    const project = await compose('typescript', 'guard', { scope: 'app' });
    linkModules(project, 'guard');
    folder = join(project, 'extension');
    assert.equal(await isFine(), true, 'as it is');
  });

  /** Whether it passes its tests. */
  async function isFine(): Promise<boolean> {
    // Only tests count, and not that something is no longer used.
    const lax = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
    const tsc = await run(join(root, 'node_modules/.bin/tsc'), lax, { cwd: folder });
    assert.ok(!tsc.failed, tsc.all);
    const tested = await run(process.execPath, ['--test'], { cwd: join(folder, 'dist/test') });
    return !tested.failed;
  }

  for (const [file, from, to] of MUTANTS) {
    it(`fails its tests with ${JSON.stringify(to)} for ${JSON.stringify(from)}`, async () => {
      const text = read(folder, 'src', file);
      assert.ok(text.includes(from), `${file} has no ${from}`);
      writeFileSync(join(folder, 'src', file), text.replace(from, to));
      try {
        assert.equal(await isFine(), false);
      } finally {
        writeFileSync(join(folder, 'src', file), text);
      }
    });
  }
});
