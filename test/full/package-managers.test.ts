import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { startHost } from '../../tools/support/local-host.js';
import { cli, npm, run } from '../../tools/support/processes.js';
import { runJob, workflowsOf } from '../support/workflows.js';

/** What npm installs each from. Of yarn there are two that go by the same name. */
const SOURCES = [
  ['pnpm', 'pnpm@10', 'pnpm-lock.yaml'],
  ['pnpm', 'pnpm@12', 'pnpm-lock.yaml'],
  ['yarn', 'yarn@1.22.22', 'yarn.lock'],
  ['yarn', '@yarnpkg/cli-dist@4', 'yarn.lock'],
] as const;

function noCorepack(): string {
  const folder = newFolder('bin');
  writeFileSync(join(folder, 'corepack'), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
}

describe('package managers', () => {
  for (const [name, source, lockfile] of SOURCES) {
    it(`${source} installs, passes its workflow, packages and runs`, async () => {
      const tool = newFolder('tool');
      await npm(['install', '--no-audit', '--no-fund', '--prefix', tool, source], tool);
      const env = { PATH: [join(tool, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
      const cwd = newFolder('made');
      const made = await cli(
        ['.', '--name', 'timer', '--package-manager', name, '--ci', 'github', '--yes', '--no-git'],
        { cwd, env },
      );
      assert.equal(made.exitCode, 0, made.all);
      assert.match(made.all, new RegExp(`1\\. ${name} test `));
      assert.ok(existsSync(join(cwd, lockfile)));
      assert.ok(!existsSync(join(cwd, 'package-lock.json')));
      for (const file of filesIn(cwd).filter((one) =>
        /^[^/]*(README\.md|package\.json)$/.test(one),
      )) {
        assert.doesNotMatch(read(cwd, file), /\bnpm (test|start|run|install)\b/, file);
      }
      const job = workflowsOf(cwd).get('ci.yml')?.jobs.test;
      assert.ok(job);
      const { exitCode, output } = await runJob(job, cwd, {
        // In place of corepack, which would change this machine: the package manager is installed already.
        PATH: [noCorepack(), env.PATH].join(delimiter),
        npm_config_prefix: newFolder('global'),
      });
      assert.equal(exitCode, 0, output);
      assert.match(output, /publint/);
      const packaged = await run(name, ['run', 'package'], { cwd, env });
      assert.equal(packaged.exitCode, 0, packaged.all);
      assert.ok(existsSync(join(cwd, 'function-app/deploy.zip')));
      const refused = await run(name, ['start', '--port', 'none'], { cwd, env });
      assert.match(refused.all, /--port takes a number from 0 to 65535, not "none"\./);
      const host = await startHost(join(cwd, 'function-app'));
      try {
        const body = await (await fetch(`${host.url}/api/HttpTrigger`)).text();
        assert.match(body, / \(TimeElapsed: \d+\.\d{4} sec\)$/);
      } finally {
        await host.stop();
      }
    });
  }
});
