import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { read, readJson, root, writeJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { npm, run } from '../../tools/support/processes.js';

describe('templates/package.json', () => {
  it('has versions that npm installs together, and without a warning', async () => {
    const folder = newFolder('manifest');
    cpSync(join(root, 'templates/package.json'), join(folder, 'package.json'));
    const output = await npm(['install', '--no-audit'], folder);
    assert.doesNotMatch(output, /\bwarn\b(?!.*config)/i);
    const { dependencies, devDependencies } = readJson(folder, 'package.json');
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const { version } = readJson(folder, 'node_modules', name, 'package.json');
      assert.ok(semver.satisfies(version, String(range)), `${name} ${version}`);
    }
  });
});

describe('npm run bump', () => {
  it('takes the newest versions of the same line, and says so', async () => {
    const file = join(newFolder('bump'), 'package.json');
    writeJson(file, {
      dependencies: { '@azure/functions': '^4.1.0', ms: '^2.0.0' },
      devDependencies: { '@types/node': '^20.0.0', semver: '6.0.0' },
    });
    const bump = () =>
      run(process.execPath, [join(root, 'build/tools/bump/index.js'), file], { cwd: root });
    const { all, exitCode } = await bump();
    assert.equal(exitCode, 0, all);
    const { dependencies, devDependencies } = readJson(file);
    assert.equal(dependencies['@azure/functions'], '^4.1.0');
    assert.ok(semver.gte(dependencies.ms.slice(1), '2.1.3'));
    assert.match(dependencies.ms, /^\^2\./);
    assert.match(devDependencies['@types/node'], /^\^20\.(?!0\.0)/);
    assert.match(devDependencies.semver, /^6\.(?!0)/);
    assert.match(all, /^@azure\/functions \^4\.1\.0 is kept: /m);
    assert.match(all, /^ms \^2\.0\.0 becomes \^2\./m);
    assert.match(all, /^semver 6\.0\.0 becomes 6\.\d+\.\d+; there is \d+\.\d+\.\d+, too$/m);
    const bumped = read(file);
    assert.doesNotMatch((await bump()).all, / becomes /);
    assert.equal(read(file), bumped);
  });
});
