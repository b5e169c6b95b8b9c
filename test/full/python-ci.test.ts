import assert from 'node:assert/strict';
import { join } from 'node:path';
import { scaffold } from '../../tools/support/generated.js';
import { newFolder } from '../../tools/support/folders.js';
import { environmentOf, findPythons, script, whyNoPyPI } from '../../tools/support/python.js';
import { startPackageIndex } from '../support/package-index.js';
import { runJob, workflowsOf } from '../support/workflows.js';

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
      const workflows = workflowsOf(folder);
      const done = (file: string, job: string, more: Record<string, string> = {}) => {
        const found = workflows.get(file)?.jobs[job];
        assert.ok(found);
        return runJob(found, folder, { PATH, PYTHONDONTWRITEBYTECODE: '', ...more });
      };

      const tested = await done('ci.yml', 'test');
      assert.equal(tested.exitCode, 0, tested.output.slice(-3000));
      assert.match(tested.output, /\nRan [1-9]\d* tests[^]*?\nOK/);

      const index = await startPackageIndex();
      try {
        const wrong = await done('release.yml', 'publish', { GITHUB_REF_NAME: 'v2.0.0' });
        assert.equal(wrong.exitCode, 1);
        assert.match(wrong.output, /::error::The tag is v2\.0\.0, but the version .* is 1\.0\.0\./);
        assert.deepEqual(index.uploads, []);
        const { exitCode, output } = await done('release.yml', 'publish', {
          GITHUB_REF_NAME: 'v1.0.0',
          TWINE_REPOSITORY_URL: index.url,
          TWINE_USERNAME: '__token__',
          TWINE_PASSWORD: 'none',
        });
        assert.equal(exitCode, 0, output.slice(-3000));
      } finally {
        index.close();
      }
      assert.deepEqual(index.uploads.sort(), [
        'python_worker_extension_timer-1.0.0-py3-none-any.whl',
        'python_worker_extension_timer-1.0.0.tar.gz',
      ]);
    });
  }
});
