import assert from 'node:assert/strict';
import { join } from 'node:path';
import { foreignApp } from '../support/apps.js';
import { readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtHost, startHost } from '../../tools/support/local-host.js';
import { cli, npm, run } from '../../tools/support/processes.js';

/** What the function of an app answers, without how long it has taken. */
async function answerOf(app: string): Promise<string> {
  const host = await startHost(app, { program: builtHost });
  try {
    const body = await (await fetch(`${host.url}/api/HttpTrigger`)).text();
    return body.replace(/: \d+\.\d{4} sec\)$/, ')');
  } finally {
    await host.stop();
  }
}

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
    const existing = foreignApp('javascript');
    const used = await cli([':use', '--extension', repository], { cwd: existing });
    assert.equal(used.exitCode, 0, used.all);
    assert.equal(await answerOf(existing), 'Hello, world! (TimeElapsed)');

    const app = join(
      await scaffold([':function-app', 'app', '--extension', repository, '--yes', '--no-git']),
      'app',
    );
    assert.equal(readJson(app, 'package.json').dependencies['azfunc-extension-timer'], repository);
    await npm(['install', '--no-audit'], app);
    await npm(['run', 'build'], app);
    assert.match(await answerOf(app), / \(TimeElapsed\)$/);
  });
});
