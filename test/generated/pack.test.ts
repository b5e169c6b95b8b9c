import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from '../../tools/support/files.js';
import { commandIds } from '../../generators/questions/question.js';
import { npm } from '../../tools/support/processes.js';

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

describe('the package of the generator', () => {
  it('has the code, the templates and what users read, in 1.4 MB', async () => {
    const args = ['pack', '--dry-run', '--ignore-scripts', '--json', '--silent'];
    const [{ files, size }] = JSON.parse(await npm(args, root)) as [
      { files: { path: string }[]; size: number },
    ];
    assert.deepEqual(
      files
        .map(({ path }) => path)
        .filter((path) => !/^dist\/(chunks\/[\w-]+\.js|command-line\/[\w-]+\.cjs)$/.test(path))
        .sort(),
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin.cjs',
        'dist/THIRD-PARTY-LICENSES.txt',
        ...commandIds.map((id) => `dist/generators/${id}/index.js`),
        'dist/local-host.cjs',
        'dist/local-host.d.cts',
        'dist/local_host.py',
        'dist/package.json',
        'dist/toml.js',
        'package.json',
        ...filesBelow('templates'),
      ].sort(),
    );
    assert.ok(size < 1_400_000, `${size} bytes`);
  });
});
