/*
 * What docs/ shows. It is in one file, since all of it needs what a newcomer has installed, and port 7071.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { read, root } from '../../tools/support/files.js';
import { newcomer } from '../../tools/support/newcomer.js';
import { makePicture } from '../../tools/picture/picture.js';
import {
  binOf,
  copyOfPython,
  findPythons,
  pythonsWithHooks,
  pythonVersions,
  whyNoPyPI,
} from '../../tools/support/python.js';
import { whyNoTerminal } from '../../tools/support/emulator.js';
import { itDoesAllOf } from '../support/walk.js';

describe('docs/tutorial.md', () => {
  itDoesAllOf('docs/tutorial.md', [
    'npm login',
    'az functionapp config appsettings set --resource-group <group> --name <app> --settings NODE_ENABLE_WORKER_EXTENSIONS=0',
    'az functionapp deployment source config-zip --resource-group <group> --name <app> --src deploy.zip',
  ]);
});

function newestOf(versions: readonly string[], pythons: Map<string, string>): string | undefined {
  return versions.map((version) => pythons.get(version)).find(Boolean);
}

/** Tests a tutorial in Python, on the newest of some versions. */
function itDoesAllInPython(
  file: string,
  notRun: readonly string[],
  versions: readonly string[] = pythonVersions,
): void {
  let more: { path?: string; env?: Record<string, string> } = {};

  before(async function () {
    const { home, as } = await newcomer();
    const own = newestOf(versions, await findPythons());
    const theirs = newestOf(versions, await findPythons({ cwd: home, ...as }));
    const reason = await whyNoPyPI(own);
    if (reason !== undefined) {
      assert.notEqual(process.env.REQUIRE_PYTHON, '1', reason);
      this.test!.parent!.title += ` (${reason})`;
      this.skip();
    }
    if (theirs !== undefined) {
      more = { path: binOf(theirs) };
    } else if (own !== undefined) {
      const copy = copyOfPython(own);
      more = { path: join(copy, 'bin'), env: { LD_LIBRARY_PATH: join(copy, 'lib') } };
    }
  });

  // uv would get the version that the project names.
  itDoesAllOf(file, notRun, () => ({ ...more, env: { ...more.env, UV_PYTHON: 'python3' } }));
}

describe('docs/tutorial-python.md', () => {
  itDoesAllInPython('docs/tutorial-python.md', [
    'func host start --verbose',
    'python -m twine upload --repository testpypi dist/*\npython -m twine upload dist/*',
    'az functionapp config appsettings set --resource-group <group> --name <app> --settings PYTHON_ENABLE_WORKER_EXTENSIONS=1\nfunc azure functionapp publish <app>',
  ]);
});

describe('docs/python-313.md', () => {
  itDoesAllInPython(
    'docs/python-313.md',
    [
      'func start',
      'az functionapp config appsettings set --resource-group <group> --name <app> --settings PYTHON_ENABLE_WORKER_EXTENSIONS=1',
      "az functionapp config set --resource-group <group> --name <app> --linux-fx-version 'PYTHON|3.13'",
    ],
    pythonVersions.filter((version) => !pythonsWithHooks.includes(version)),
  );
});

/** Without what differs from run to run: random ids, and measured numbers with all that depends on them. */
function comparable(svg: string): string {
  return svg.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>').replace(/\d+/g, '0');
}

describe('docs/run.svg', () => {
  it('shows what a run in a terminal shows', async function () {
    const reason = whyNoTerminal();
    if (reason) {
      this.test!.title += ` (skipped: ${reason})`;
      this.skip();
    }
    assert.equal(comparable(read(root, 'docs/run.svg')), comparable(await makePicture()));
  });
});
