import assert from 'node:assert/strict';
import { join } from 'node:path';
import { checkExpectations } from '../../tools/support/expectations.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm } from '../../tools/support/processes.js';
import { templatesOf } from '../support/templates.js';
import { testsIn } from '../support/reports.js';
import { checkStyle } from '../support/style.js';

/** Every template but the default one, which test/generated/workspace.test.ts has. */
describe('gallery', () => {
  for (const { id, name, expect } of templatesOf('typescript').filter((one) => !one.default)) {
    for (const scope of ['app', 'function'] as const) {
      it(`${id} of scope ${scope} installs, builds, passes its tests and checks, and answers`, async () => {
        const options = [`--name=${name}`, `--template=${id}`, `--scope=${scope}`];
        const folder = await scaffold(['.', ...options, '--yes', '--no-git']);
        await checkStyle(folder);
        const installed = await npm(['install', '--no-fund'], folder);
        assert.doesNotMatch(installed, /\bwarn\b(?!.*config)/i);
        const { passed, failed } = testsIn(await npm(['test'], folder));
        assert.ok(passed > 0);
        assert.equal(failed, 0);
        const host = await startHost(join(folder, 'function-app'));
        await checkExpectations(host, '/api/HttpTrigger', expect);
        await npm(['run', 'check:package'], folder);
      });
    }
  }
});
