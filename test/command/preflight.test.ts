import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { newFolder } from '../../tools/support/folders.js';
import { cli } from '../../tools/support/processes.js';

/** The notes of a run, which must have come before the files. */
async function notesOf(args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const cwd = newFolder();
  const { all } = await cli(['out', '--yes', '--name', 'timer', ...args], { cwd, env });
  assert.ok(existsSync(join(cwd, 'out/package.json')), all);
  const lines = all.split('\n');
  const notes = lines.filter((line) => line.startsWith('Note: '));
  assert.deepEqual(lines.slice(0, notes.length), notes);
  return notes;
}

/** A folder for the PATH in which npm prints its settings, and installs nothing. */
function npmWith(config: object): { PATH: string } {
  const bin = newFolder('bin');
  writeFileSync(join(bin, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\n[ "$1" = config ] && cat ${join(bin, 'config.json')}\ntrue\n`,
    { mode: 0o755 },
  );
  return { PATH: [bin, process.env.PATH].join(delimiter) };
}

describe('what this machine will not do is said before anything is written', () => {
  const port = /Port 7071/;

  it('that git does not know who commits', async () => {
    const config = join(newFolder(), 'gitconfig');
    writeFileSync(config, '[user]\nuseConfigOnly = true\n');
    const nobody = {
      GIT_CONFIG_GLOBAL: config,
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, ''],
          [`GIT_${who}_EMAIL`, ''],
        ]),
      ),
    };
    const notes = await notesOf(['--skip-install'], nobody);
    assert.match(
      notes.join('\n'),
      /git does not know who commits.* git config --global user\.name/,
    );
  });

  it('that git signs', async () => {
    const config = join(newFolder(), 'gitconfig');
    writeFileSync(
      config,
      '[user]\nname = Ada\nemail = ada@example.com\n[commit]\ngpgsign = yes\n[gpg]\nprogram = false\n',
    );
    const notes = await notesOf(['--skip-install'], { GIT_CONFIG_GLOBAL: config });
    assert.match(notes.join('\n'), /git signs commits.* --no-git/);
  });

  it('that npm runs no scripts, or is too old', async () => {
    const ignoring = npmWith({ 'npm-version': '10.0.0', 'ignore-scripts': true });
    const old = npmWith({ 'user-agent': 'npm/6.14.18 node/v14' });
    assert.match((await notesOf(['--no-git'], ignoring)).join('\n'), /ignore-scripts/);
    assert.match(
      (await notesOf(['--no-git'], old)).join('\n'),
      /npm 6\.14\.18 knows no workspaces/,
    );
    assert.deepEqual(
      (await notesOf(['--no-git'], npmWith({ 'npm-version': '11.0.0' }))).filter(
        (note) => !port.test(note),
      ),
      [],
    );
  });

  it('that the port of the app is in use', async () => {
    const server = createServer().listen(7071, '127.0.0.1');
    // Where something else uses it, that is as good.
    await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => {});
    try {
      assert.match((await notesOf(['--no-git', '--skip-install'])).join('\n'), port);
      assert.deepEqual(await notesOf(['--no-git', '--skip-install', '--no-function-app']), []);
    } finally {
      server.close();
    }
  });
});
