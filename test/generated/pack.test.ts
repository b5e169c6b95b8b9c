import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from '../support/files.js';
import { npm } from '../support/processes.js';

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

describe('the package of the generator', () => {
  it('has the code, the templates and what users read, in 250 kB', async () => {
    const args = ['pack', '--dry-run', '--ignore-scripts', '--json', '--silent'];
    const [{ files, size }] = JSON.parse(await npm(args, root)) as [
      { files: { path: string }[]; size: number },
    ];
    assert.deepEqual(
      files.map(({ path }) => path).sort(),
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        ...filesBelow('generators').map((file) => `dist/${file.replace(/ts$/, 'js')}`),
        'package.json',
        ...filesBelow('templates'),
      ].sort(),
    );
    assert.ok(size < 250_000, `${size} bytes`);
  });
});
