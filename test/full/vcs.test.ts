import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm, run } from '../../tools/support/processes.js';

describe('publishing, as the README of the workspace says', () => {
  it('serves the extension from a git repository', async () => {
    const cwd = await scaffold(['workspace', '--name', 'timer', '--yes']);
    const workspace = join(cwd, 'workspace');
    const bare = join(cwd, 'bare.git');
    const git = async (...args: string[]) => {
      const { exitCode, all } = await run('git', args, { cwd: workspace });
      assert.equal(exitCode, 0, all);
    };
    await git('branch', '--move', 'main');
    await git('init', '-q', '--bare', '--initial-branch', 'main', bare);
    await git('remote', 'add', 'origin', bare);
    await git('push', '-q', 'origin', 'main');
    await git('subtree', 'push', '--prefix', 'extension', 'origin', 'extension');

    const customer = newFolder('customer');
    await npm(['init', '-y'], customer);
    await npm(['install', '--no-audit', `git+file://${bare}#extension`], customer);
    const { all } = await run(
      'node',
      ['-p', "require('azfunc-extension-timer').TimerExtension.name"],
      {
        cwd: customer,
      },
    );
    assert.match(all, /^TimerExtension$/m);

    const repository = `git+file://${bare}#extension`;
    const app = join(
      await scaffold([':function-app', 'app', '--extension', repository, '--yes', '--no-git']),
      'app',
    );
    assert.equal(readJson(app, 'package.json').dependencies['azfunc-extension-timer'], repository);
    await npm(['install', '--no-audit'], app);
    await npm(['run', 'build'], app);
    const host = await startHost(app);
    try {
      const body = await (await fetch(`${host.url}/api/HttpTrigger`)).text();
      assert.match(body, / \(TimeElapsed: \d+\.\d{4} sec\)$/);
    } finally {
      await host.stop();
    }
  });
});
