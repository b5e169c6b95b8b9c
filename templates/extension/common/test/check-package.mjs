import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

/*
 * Checks what is published as its users get it: packed, and installed where nothing else is. The
 * tools are fetched when they are needed: as dependencies they would double the size of
 * node_modules.
 */
const PUBLINT = 'publint@<%- version('publint') %>';
const ATTW = '@arethetypeswrong/cli@<%- version('@arethetypeswrong/cli') %>';

const { name, workerExtension } = JSON.parse(readFileSync('package.json', 'utf8'));
const customer = mkdtempSync(join(tmpdir(), 'check-package-'));

/** Runs a command, and returns what it prints. If the command fails, so does the test, with that. */
function run(command, options = { cwd: customer }) {
  const { status, stdout, stderr } = spawnSync(command, {
    encoding: 'utf8',
    shell: true,
    ...options,
  });
  return status === 0 ? stdout : assert.fail(`${command}\n${stdout}${stderr}`);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'));
}

describe(`the package ${name}`, () => {
  before(() => {
    run('npm pack', { env: { ...process.env, npm_config_pack_destination: customer } });
    const [tarball] = readdirSync(customer);
    renameSync(join(customer, tarball), join(customer, 'package.tgz'));
    run('npm init --yes');
    run('npm install --prefer-offline --no-audit ./package.tgz');
  });

  after(() => rmSync(customer, { recursive: true, force: true }));

  it('has everything that users need, and nothing else', () => {
    const modules = filesIn('src').map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual(
      filesIn(join(customer, 'node_modules', name)).sort(),
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        ...modules.flatMap((file) => ['d.ts', 'js', 'js.map'].map((end) => `dist/${file}.${end}`)),
        'package.json',
      ].sort(),
    );
  });

  it('passes publint', () => {
    run(`npx --yes --prefer-offline ${PUBLINT} --strict package.tgz`);
  });

  it('has types that every kind of import finds (attw)', () => {
    run(`npx --yes --prefer-offline ${ATTW} --no-color package.tgz`);
  });

  it('can be loaded with require', () => {
    const code = `console.log(typeof require('${name}').${workerExtension.class})`;
    assert.equal(run(`node --eval "${code}"`), 'function\n');
  });

  it('can be loaded with import', () => {
    const code = `import { ${workerExtension.class} as it } from '${name}'; console.log(typeof it)`;
    assert.equal(run(`node --input-type=module --eval "${code}"`), 'function\n');
  });
});
