import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, readJson, root } from '../../tools/support/files.js';
import { newest } from '../../tools/bump/newest.js';

const templates = join(root, 'templates');

describe('templates/package.json', () => {
  it('has exactly the packages whose versions the templates ask for', () => {
    const { dependencies, devDependencies, fetchedOnDemand } = readJson(templates, 'package.json');
    const asked = readdirSync(templates, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .flatMap((entry) => [
        ...read(entry.parentPath, entry.name).matchAll(/\bversion\('([^']+)'\)/g),
      ])
      .map(([, name]) => name);
    assert.deepEqual(
      Object.keys({ ...dependencies, ...devDependencies, ...fetchedOnDemand }).sort(),
      // The range of the first is an answer. The others are for where they are not installed.
      [...new Set(['@azure/functions', 'pnpm', '@yarnpkg/cli-dist', ...asked])].sort(),
    );
  });
});

describe('the newest version', () => {
  const versions = ['0.3.1', '0.3.2', '0.4.0', '1.0.0', '1.0.9', '1.2.0', '1.3.0-beta.1', '2.0.0'];

  it('is one that breaks nothing', () => {
    assert.equal(newest('^1.0.0', versions, '2.0.0'), '^1.2.0');
    assert.equal(newest('~1.0.0', versions, '2.0.0'), '~1.0.9');
    assert.equal(newest('1.0.0', versions, '2.0.0'), '1.2.0');
    assert.equal(newest('0.3.1', versions, '2.0.0'), '0.3.2');
  });

  it('is not newer than the latest one', () => {
    assert.equal(newest('^1.0.0', versions, '1.0.9'), '^1.0.9');
  });

  it('is what there is, if there is nothing else', () => {
    assert.equal(newest('^2.0.0', versions, '2.0.0'), '^2.0.0');
    assert.equal(newest('^3.0.0', versions, '2.0.0'), '^3.0.0');
  });
});
