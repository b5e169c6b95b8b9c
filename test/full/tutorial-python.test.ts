import assert from 'node:assert/strict';
import { newcomer } from '../support/newcomer.js';
import { binOf, findPythons, pythonVersions, whyNoPyPI } from '../support/python.js';
import { itDoesAllOf } from '../support/walk.js';

function bestOf(pythons: Map<string, string>): string | undefined {
  return pythonVersions.map((version) => pythons.get(version)).find(Boolean);
}

describe('the tutorial in Python', () => {
  let python: string | undefined;

  before(async function () {
    const { home, as } = await newcomer();
    python = bestOf(await findPythons({ cwd: home, ...as }));
    const reason = python
      ? await whyNoPyPI(bestOf(await findPythons()))
      : 'there is no Python for a plain user';
    if (reason !== undefined) {
      assert.notEqual(process.env.REQUIRE_PYTHON, '1', reason);
      this.test!.parent!.title += ` (${reason})`;
      this.skip();
    }
  });

  itDoesAllOf(
    'docs/tutorial-python.md',
    [
      'cd ../function-app\nfunc host start --verbose',
      'curl http://127.0.0.1:7071/api/HttpTrigger',
      'python -m twine upload --repository testpypi dist/*\npython -m twine upload dist/*',
      'az functionapp config appsettings set --resource-group <group> --name <app> --settings PYTHON_ENABLE_WORKER_EXTENSIONS=1',
    ],
    () => python && binOf(python),
  );
});
