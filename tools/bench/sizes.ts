import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/files.js';
import { newFolder } from '../support/folders.js';
import { scaffold } from '../support/generated.js';
import { npm } from '../support/processes.js';
import { compared, type Figure } from './figures.js';
import type { Peers } from './peers.js';

/** What users of the generator install, next to those of generator-code. */
export async function measureGenerators({ tarball }: Peers): Promise<Figure[]> {
  return compareSizes('Install the generator', {
    ours: await installed(tarball),
    'generator-code': await installed('generator-code'),
  });
}

/** What a generated project installs, next to the TypeScript project of `func init`. */
export async function measureProjects(): Promise<Figure[]> {
  const workspace = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
  await npm(['install', '--no-audit'], workspace);
  const app = newFolder('func-init');
  cpSync(join(root, 'test/fixtures/func-init/typescript/package.json'), join(app, 'package.json'));
  await npm(['install', '--no-audit'], app);
  return compareSizes('Install the generated project', { ours: workspace, 'func init': app });
}

function compareSizes(what: string, folders: { ours: string } & Record<string, string>): Figure[] {
  const [, other = ''] = Object.keys(folders);
  return (['packages', 'MB'] as const).map((unit) => {
    const values = Object.fromEntries(
      Object.entries(folders).map(([name, folder]) => [name, sizeOf(folder)[unit]]),
    );
    return compared({ what, unit, values, ratios: [] }, 'ours', other, 1);
  });
}

async function installed(spec: string): Promise<string> {
  const folder = newFolder('size');
  await npm(['install', '--no-audit', '--no-fund', '--prefix', folder, spec], folder);
  return folder;
}

/** The packages in the `node_modules` of a folder, and their files in megabytes. */
function sizeOf(folder: string): { packages: number; MB: number } {
  const entries = readdirSync(join(folder, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const packages = files.filter((file) =>
    /node_modules.(@[^/\\]+.)?[^/\\]+.package\.json$/.test(file),
  );
  return { packages: packages.length, MB: bytes / 1e6 };
}
