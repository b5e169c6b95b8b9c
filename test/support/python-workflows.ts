import assert from 'node:assert/strict';
import { startPackageIndex } from './package-index.js';
import { runJob, workflowsOf } from './workflows.js';

/**
 * Runs the jobs of a project for a package timer in Python: its tests, and its release, with a wrong and with the right
 * tag.
 *
 * @param env The environment of all jobs.
 * @param credentialsFor What makes the release upload to an index that takes anything.
 */
export async function checkPythonWorkflows(
  folder: string,
  env: Record<string, string>,
  credentialsFor: (index: string) => Record<string, string>,
): Promise<void> {
  const workflows = workflowsOf(folder);
  const done = (file: string, job: string, more: Record<string, string> = {}) => {
    const found = workflows.get(file)?.jobs[job];
    assert.ok(found);
    return runJob(found, folder, { ...env, ...more });
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
      ...credentialsFor(index.url),
    });
    assert.equal(exitCode, 0, output.slice(-3000));
  } finally {
    index.close();
  }
  assert.deepEqual(index.uploads.sort(), [
    'python_worker_extension_timer-1.0.0-py3-none-any.whl',
    'python_worker_extension_timer-1.0.0.tar.gz',
  ]);
}
