import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { startHost } from '../../tools/support/local-host.js';
import { npm, pack } from '../../tools/support/processes.js';

describe('extension and function app alone, for real', function () {
  this.timeout(180_000);

  it('an extension is packed, and an app elsewhere installs it', async () => {
    const cwd = newFolder('alone');
    const quick = ['--yes', '--no-git'];
    await scaffold(
      [':extension', 'extension', '--name', '@contoso/http-audit', '--scope', 'function', ...quick],
      cwd,
    );
    const extension = join(cwd, 'extension');
    await npm(['install'], extension);
    await npm(['test'], extension);
    const { file } = await pack(extension, cwd);

    await scaffold(
      [':function-app', 'app', '--extension', file, '--function-name', 'say-hello', ...quick],
      cwd,
    );
    const app = join(cwd, 'app');
    assert.equal(
      readJson(app, 'package.json').dependencies['@contoso/azfunc-extension-http-audit'],
      `file:../${basename(file)}`,
    );
    await npm(['install'], app);
    await npm(['test'], app);
    const host = await startHost(app);
    try {
      const body = await (await fetch(`${host.url}/api/say-hello`)).text();
      assert.match(body, / \(TimeElapsed: \d+\.\d{4} sec\)$/);
      assert.match(host.output(), /HttpAuditExtension: say-hello started/);
    } finally {
      await host.stop();
    }
  });

  it('hostile answers make projects that build and pass', async () => {
    const cwd = newFolder('hostile');
    await scaffold(
      [
        'out of the ordinary é',
        '--name=a.b_c-extension',
        '--description=*/ `${process.exit(1)}` "\'\\ <%= 1 %> ``` </b>',
        '--author="; DROP <é> ${x}',
        '--function-name=delete',
        '--yes',
        '--no-git',
      ],
      cwd,
    );
    const folder = join(cwd, 'out of the ordinary é');
    await npm(['install'], folder);
    await npm(['test'], folder);
  });
});
