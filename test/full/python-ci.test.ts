import assert from 'node:assert/strict';
import { join } from 'node:path';
import { scaffold } from '../../tools/support/generated.js';
import { newFolder } from '../../tools/support/folders.js';
import { environmentOf, findPythons, script, whyNoPyPI } from '../../tools/support/python.js';
import { checkPythonWorkflows } from '../support/python-workflows.js';

describe('workflows in Python', function () {
  this.timeout(400_000);
  let pythons: Map<string, string>;
  let missing: string | undefined;

  before(async () => {
    pythons = await findPythons();
    missing = await whyNoPyPI([...pythons.values()][0]);
  });

  for (const [layout, version, options] of [
    ['a workspace', '3.13', []],
    ['a workspace for v1', '3.12', ['--programming-model=v1', '--scope=function']],
    ['a package alone, which traces', '3.12', ['--no-function-app', '--template=tracing']],
  ] as const) {
    it(`of ${layout}: all that they run passes, and publishes what the tag names`, async function () {
      const python = pythons.get(version);
      if (missing !== undefined || python === undefined) {
        assert.ok(process.env.REQUIRE_PYTHON !== '1', missing ?? `there is no Python ${version}`);
        this.skip();
      }
      const folder = await scaffold([
        '.',
        '--language=python',
        '--name=timer',
        '--ci=github',
        '--yes',
        '--no-git',
        ...options,
      ]);
      const env = environmentOf(python);
      const venv = newFolder('venv');
      await script([`python3 -m venv ${venv}`], folder, env);
      const PATH = [join(venv, 'bin'), env['PATH']].join(':');
      await checkPythonWorkflows(folder, { PATH, PYTHONDONTWRITEBYTECODE: '' }, (url) => ({
        TWINE_REPOSITORY_URL: url,
        TWINE_USERNAME: '__token__',
        TWINE_PASSWORD: 'none',
      }));
    });
  }
});
