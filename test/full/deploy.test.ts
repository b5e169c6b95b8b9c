import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ExecaError } from 'execa';
import { unzipSync } from 'fflate';
import { read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { scaffold } from '../../tools/support/generated.js';
import { builtHost, startHost } from '../../tools/support/local-host.js';
import { npm } from '../../tools/support/processes.js';
import { startRegistry } from '../../tools/support/registry.js';
import { startServer } from '../../tools/support/server.js';

const ELAPSED = / \(TimeElapsed: \d+\.\d{4} sec\)$/;

describe('the deploy package', () => {
  it('has the versions that are installed, however deep, and each of several', async () => {
    const app = newFolder('app');
    const packageJson = {
      name: 'app',
      version: '1.0.0',
      main: 'index.js',
      dependencies: {
        minimatch: '9.0.3',
        old: 'npm:minimatch@3.1.1',
        micromatch: '4.0.7',
        picomatch: '^4.0.0',
      },
    };
    // Not the newest of each range.
    const overrides = {
      minimatch: { 'brace-expansion': '2.0.1' },
      old: { 'brace-expansion': '1.1.10' },
      micromatch: { picomatch: '2.3.0' },
      'balanced-match': '1.0.0',
      'fill-range': '7.0.1',
    };
    const save = (value: object) => writeFileSync(join(app, 'package.json'), JSON.stringify(value));
    writeFileSync(join(app, 'host.json'), '{"version":"2.0"}');
    writeFileSync(join(app, 'index.js'), '');
    save({ ...packageJson, overrides });
    await npm(['install', '--no-audit'], app);
    save(packageJson);
    await execa(process.execPath, [builtHost, 'package'], { cwd: app });

    const versions = (folder: string) =>
      Object.entries<{ version: string }>(readJson(folder, 'package-lock.json').packages)
        .filter(([path]) => path)
        .map(([path, { version }]) => [path, version])
        .sort();
    const installed = versions(app);
    assert.deepEqual(versions(join(app, 'deploy')), installed);
    for (const one of ['2.0.1', '1.1.10', '2.3.0', '1.0.0', '7.0.1']) {
      assert.ok(
        installed.some(([, version]) => version === one),
        one,
      );
    }
  });

  it('has as tarballs what is not from a registry, however deep', async () => {
    const folder = newFolder('sources');
    const write = (path: string, contents: string | object) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents));
    };
    const addPackage = (name: string, dependencies: object = {}) => {
      write(`${name}/package.json`, { name, version: '1.0.0', main: 'index.js', dependencies });
      const parts = [`'${name}'`, ...Object.keys(dependencies).map((one) => `require('${one}')`)];
      write(`${name}/index.js`, `module.exports = [${parts.join(', ')}];`);
    };
    addPackage('deep-in-git');
    await execa('git', ['init', '-q'], { cwd: join(folder, 'deep-in-git') });
    await execa('git', ['add', '.'], { cwd: join(folder, 'deep-in-git') });
    const by = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
    await execa('git', [...by, 'commit', '-qm', 'x'], { cwd: join(folder, 'deep-in-git') });
    const inGit = `git+file://${join(folder, 'deep-in-git')}`;
    addPackage('beside-a-package');
    addPackage('beside', { 'beside-a-package': 'file:../beside-a-package' });
    addPackage('of-tarball', { 'deep-in-git': inGit });
    await npm(['pack', '../of-tarball'], join(folder, 'of-tarball'));
    const dependencies = {
      beside: 'file:../beside',
      'of-tarball': 'file:../of-tarball/of-tarball-1.0.0.tgz',
    };
    addPackage('app', dependencies);
    write('app/host.json', '{"version":"2.0"}');
    const app = join(folder, 'app');
    await npm(['install', '--no-audit'], app);
    await assert.rejects(execa(process.execPath, [builtHost, 'package'], { cwd: app }), {
      stderr: `beside-a-package is not installed. Install the dependencies of ${join(folder, 'beside')} first.`,
    });
    await npm(['install', '--no-audit'], join(folder, 'beside'));
    await execa(process.execPath, [builtHost, 'package'], { cwd: app });

    const deployed = newFolder('deployed');
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(join(app, 'deploy.zip'))))) {
      mkdirSync(dirname(join(deployed, path)), { recursive: true });
      writeFileSync(join(deployed, path), bytes);
    }
    rmSync(folder, { recursive: true });
    const expected =
      "[ 'app', [ 'beside', [ 'beside-a-package' ] ], [ 'of-tarball', [ 'deep-in-git' ] ] ]";
    const show = "console.log(util.inspect(require('.'), { depth: null, breakLength: Infinity }))";
    const { stdout } = await execa(process.execPath, ['-e', show], { cwd: deployed });
    assert.equal(stdout, expected);
    assert.deepEqual(readJson(deployed, 'package.json').dependencies, {
      beside: 'file:./beside-1.0.0.tgz',
      'of-tarball': 'file:./of-tarball-1.0.0.tgz',
    });
  });

  it('is made by the settings of the project, whatever repository a hook works in', async () => {
    const registry = await startRegistry();
    const folder = newFolder('project');
    const write = (path: string, contents: string | object) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents));
    };
    try {
      write('private/package.json', { name: '@contoso/private', version: '1.0.0' });
      await npm(['publish', '--access=public'], join(folder, 'private'), registry.publisher);
      write('in-git/package.json', { name: 'in-git', version: '1.0.0' });
      const by = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
      for (const args of [
        ['init', '-q'],
        ['add', '.'],
        [...by, 'commit', '-qm', 'x'],
      ]) {
        await execa('git', args, { cwd: join(folder, 'in-git') });
      }
      const url = registry.customer.npm_config_registry;
      write('.npmrc', `@contoso:registry=${url}`);
      write('package.json', { workspaces: ['apps/*'] });
      write('apps/app/host.json', '{"version":"2.0"}');
      write('apps/app/index.js', '');
      write('apps/app/package.json', {
        name: 'app',
        version: '1.0.0',
        main: 'index.js',
        dependencies: { '@contoso/private': '^1.0.0' },
        optionalDependencies: { 'in-git': `git+file://${join(folder, 'in-git')}` },
      });
      await npm(['install', '--no-audit'], folder);
      const app = join(folder, 'apps/app');
      const run = () =>
        execa(process.execPath, [builtHost, 'package'], {
          cwd: app,
          env: {
            GIT_DIR: join(folder, 'nowhere'),
            npm_config_cache: newFolder('cache'),
            npm_config_fetch_retries: '0',
          },
        });
      await run();
      const files = unzipSync(readFileSync(join(app, 'deploy.zip')));
      for (const path of ['@contoso/private', 'in-git']) {
        assert.ok(files[`node_modules/${path}/package.json`], path);
      }
      assert.equal(files['.npmrc'], undefined);
      registry.close();
      await assert.rejects(run(), (error: ExecaError) => {
        assert.match(
          String(error.stderr),
          /\nnpm install has failed in .*deploy\. What is wrong is said above\.$/,
        );
        return true;
      });
      assert.ok(!existsSync(join(app, 'deploy/.npmrc')));
    } finally {
      registry.close();
    }
  });
});

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

    // In place of Azure: the local host, which is not part of what is deployed.
    const host = await startHost(elsewhere, { program: builtHost });
    try {
      assert.match(await (await fetch(`${host.url}/api/HttpTrigger`)).text(), ELAPSED);
    } finally {
      await host.stop();
    }
  });

  it('picks up changes of extension and app with npm run dev, and stops', async () => {
    const dev = await startServer('npm run dev -- --port 0', /Listening on /, { cwd: folder });
    const [, url = ''] = await dev.output.matches(/Listening on (\S+)\. /);
    /** Requests the function, on the same port, until the answer matches. */
    const answered = async (pattern: RegExp, saveAgain = () => {}): Promise<void> => {
      for (let tries = 1; ; tries += 1) {
        const response = await fetch(`${url}/api/HttpTrigger`);
        if (pattern.test(await response.text())) {
          return;
        }
        await sleep(250);
        // What is saved between the first compilation and the watch that follows it, tsc does not see.
        if (tries % 20 === 0) {
          saveAgain();
        }
      }
    };
    const replace = (file: string, from: string, to: string) => {
      const text = read(folder, file);
      assert.ok(text.includes(from));
      const save = () => writeFileSync(join(folder, file), text.replaceAll(from, to));
      save();
      return save;
    };
    try {
      await answered(ELAPSED);
      // What is saved before tsc watches both packages is not seen.
      await dev.output.matches(/(Watching for file changes[^]*){2}/);
      await answered(
        /\(Elapsed: /,
        replace('extension/src/timer.ts', '(TimeElapsed: ', '(Elapsed: '),
      );
      await answered(
        /Give a name/,
        replace('function-app/src/functions/HttpTrigger.ts', 'Pass a name', 'Give a name'),
      );
    } finally {
      await dev.stop();
    }
    const { stdout } = await execa('ps', ['-eo', 'args'], { reject: false });
    assert.ok(!stdout.includes(folder), 'Something of it is still running.');
  });
});
