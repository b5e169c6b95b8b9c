import assert from 'node:assert/strict';
import { join } from 'node:path';
import { filesIn, readJson, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { run } from '../../tools/support/processes.js';
import { startRegistry } from '../../tools/support/registry.js';
import { goldenFiles } from '../support/templates.js';
import { runJob, workflowsOf } from '../support/workflows.js';

describe('our release', function () {
  this.timeout(300_000);

  it('publishes both packages, with which npm create works', async () => {
    const registry = await startRegistry();
    try {
      const { version } = readJson(root, 'package.json') as { version: string };
      const checkout = newFolder('checkout');
      await run('git', ['-c', 'safe.directory=*', 'clone', '--quiet', root, checkout], {
        cwd: root,
      });
      const artifacts = newFolder('artifacts');
      const env = { ...registry.publisher, GITHUB_REF_NAME: `v${version}` };
      const { package: pack = {}, publish = {} } = workflowsOf(root).get('release.yml')?.jobs ?? {};
      const packed = await runJob(pack, checkout, env, artifacts);
      assert.equal(packed.exitCode, 0, packed.output);
      const published = await runJob(publish, newFolder('publish'), env, artifacts);
      assert.equal(published.exitCode, 0, published.output);
      assert.deepEqual([...registry.packuments.keys()].sort(), [
        'create-azfunc-extension',
        'generator-azfunc-extension',
      ]);

      const cwd = newFolder('customer');
      const args = ['create', 'azfunc-extension@latest', 'timer', '--', '--yes', '--skip-install'];
      const { exitCode, all } = await run('npm', ['--yes', ...args, '--no-git'], {
        cwd,
        env: { ...registry.customer, npm_config_cache: newFolder('cache') },
      });
      assert.equal(exitCode, 0, all);
      assert.deepEqual(filesIn(join(cwd, 'timer')), goldenFiles('typescript-timer-app'));
    } finally {
      registry.close();
    }
  });
});
