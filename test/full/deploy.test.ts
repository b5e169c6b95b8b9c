import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { read, readJson } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { scaffold } from '../support/generated.js';
import { startHost } from '../support/local-host.js';
import { npm } from '../support/processes.js';

const ELAPSED = / \(TimeElapsed: \d+\.\d{4} sec\)$/;

describe('the workspace of the timer', () => {
  let folder: string;
  before(async () => {
    folder = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
    await npm(['install', '--no-audit'], folder);
  });

  it('makes a zip that answers where nothing else of it is', async () => {
    await npm(['run', 'package'], folder);
    const archive = join(folder, 'function-app/deploy.zip');
    assert.ok(statSync(archive).size < 1_000_000, 'The zip has less than 1 MB.');
    const { unzipSync } = createRequire(join(folder, 'function-app/package.json'))('fflate') as {
      unzipSync(bytes: Uint8Array): Record<string, Uint8Array>;
    };
    const files = unzipSync(readFileSync(archive));
    const elsewhere = newFolder('deployed');
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(elsewhere, path)), { recursive: true });
      writeFileSync(join(elsewhere, path), bytes);
    }
    const own = Object.keys(files).filter((path) => !path.startsWith('node_modules/'));
    assert.deepEqual(own.sort(), [
      'azfunc-extension-timer-0.1.0.tgz',
      'dist/src/functions/HttpTrigger.js',
      'dist/src/index.js',
      'host.json',
      'package-lock.json',
      'package.json',
    ]);
    assert.ok(
      !Object.keys(files).some((path) => /node_modules\/(typescript|@types|fflate)\//.test(path)),
    );
    const { dependencies, devDependencies } = readJson(elsewhere, 'package.json');
    assert.equal(dependencies['azfunc-extension-timer'], 'file:./azfunc-extension-timer-0.1.0.tgz');
    assert.match(dependencies['@azure/functions'], /^4\.\d+\.\d+$/);
    assert.equal(devDependencies, undefined);

    // In place of Azure: the local host, which is not among what is deployed.
    cpSync(join(folder, 'function-app/dist/local-host'), join(elsewhere, 'dist/local-host'), {
      recursive: true,
    });
    const host = await startHost(elsewhere);
    try {
      assert.match(await (await fetch(`${host.url}/api/HttpTrigger`)).text(), ELAPSED);
    } finally {
      await host.stop();
    }
  });

  it('picks up changes of extension and app with npm run dev, and stops', async () => {
    const dev = execa('npm', ['run', 'dev', '--', '--port', '0'], {
      cwd: folder,
      stdin: 'ignore',
      all: true,
      reject: false,
      // A group of its own, as in a terminal: Ctrl+C reaches all of it.
      detached: true,
    });
    let output = '';
    dev.all.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
    /** Waits for an answer. With each start the host has another port. */
    const answered = async (pattern: RegExp): Promise<void> => {
      for (let attempt = 0; attempt < 300; attempt += 1) {
        const [url] = [...output.matchAll(/Listening on (\S+)\. /g)].at(-1)?.slice(1) ?? [];
        const body =
          url &&
          (await fetch(`${url}/api/HttpTrigger`).then(
            (one) => one.text(),
            () => '',
          ));
        if (body && pattern.test(body)) {
          return;
        }
        await sleep(200);
      }
      assert.fail(`${pattern} was not answered: ${output}`);
    };
    const replace = (file: string, from: string, to: string) => {
      const text = read(folder, file);
      assert.ok(text.includes(from));
      writeFileSync(join(folder, file), text.replaceAll(from, to));
    };
    try {
      await answered(ELAPSED);
      // What is saved before tsc watches is not seen.
      while (output.split('Watching for file changes').length < 3) {
        await sleep(100);
      }
      replace('extension/src/timer-extension.ts', '(TimeElapsed: ', '(Elapsed: ');
      await answered(/\(Elapsed: /);
      replace('function-app/src/functions/HttpTrigger.ts', 'Pass a name', 'Give a name');
      await answered(/Give a name/);
    } finally {
      process.kill(-Number(dev.pid), 'SIGINT');
    }
    await dev;
    const { stdout } = await execa('ps', ['-eo', 'args'], { reject: false });
    assert.ok(!stdout.includes(folder), 'Something of it is still running.');
  });
});
