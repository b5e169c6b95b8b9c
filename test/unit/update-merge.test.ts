import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mergeFields } from '../../generators/updating/merge-fields.js';
import { mergeJson } from '../../generators/updating/merge-json.js';
import { mergeToml } from '../../generators/updating/merge-toml.js';
import { movesFor, readMigrations } from '../../generators/updating/migrations.js';
import { withHigherVersions } from '../../generators/updating/versions.js';
import { root } from '../../tools/support/files.js';

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What a package.json becomes. */
function packageJson(base: object | undefined, ours: object, theirs: object) {
  const merged = mergeJson('package.json', base && text(base), text(ours), text(theirs), undefined);
  assert.ok(merged);
  return {
    json: JSON.parse(merged.text) as unknown,
    conflicts: merged.conflicts.map(({ path }) => path.join('.')),
  };
}

describe('update: versions', () => {
  for (const [ours, theirs, isRange, expected] of [
    ['^4.1.0', '^4.5.0', true, '^4.5.0'],
    ['^4.6.0', '^4.5.0', true, '^4.6.0'],
    ['~4.3.0', '^4.5.0', true, '^4.5.0'],
    ['^5.0.0', '~4.5.0', true, '^5.0.0'],
    ['>=22', '>=20', true, '>=22'],
    ['^1.10.0', '^1.9.0', true, '^1.10.0'],
    ['file:../extension', '^1.0.0', true, undefined],
    [
      'npx a@1.2.3 --x && npx b@2.0.0',
      'npx a@1.3.0 --x && npx b@1.0.0',
      false,
      'npx a@1.3.0 --x && npx b@2.0.0',
    ],
    [
      'azure-functions>=1.8.0,<2.0.0',
      'azure-functions>=1.7.0,<3.0.0',
      false,
      'azure-functions>=1.8.0,<3.0.0',
    ],
    ['npm run a', 'npm run b', false, undefined],
    ['sleep 10', 'sleep 20', false, undefined],
  ] as const) {
    it(`makes ${expected ?? 'nothing'} of ${ours} and ${theirs}`, () => {
      assert.equal(withHigherVersions(ours, theirs, isRange), expected);
    });
  }
});

describe('update: fields', () => {
  it('changes what the generator has changed, and nothing else', () => {
    const { json, conflicts } = packageJson(
      { name: 'a', scripts: { build: 'tsc', test: 'old', gone: 'x' } },
      { name: 'mine', scripts: { build: 'tsc -p .', test: 'old', gone: 'x', own: 'y' } },
      { name: 'a', scripts: { build: 'tsc', test: 'new', added: 'z' } },
    );
    assert.deepEqual(json, {
      name: 'mine',
      scripts: { build: 'tsc -p .', test: 'new', added: 'z', own: 'y' },
    });
    assert.deepEqual(conflicts, []);
  });

  it('names fields that both have changed, and leaves them', () => {
    const { json, conflicts } = packageJson(
      { scripts: { test: 'old' } },
      { scripts: { test: 'mine' } },
      { scripts: { test: 'new' } },
    );
    assert.deepEqual(json, { scripts: { test: 'mine' } });
    assert.deepEqual(conflicts, ['scripts.test']);
  });

  it('decides for one side where that was said', () => {
    for (const favour of ['ours', 'theirs'] as const) {
      const { text: merged = '', conflicts } =
        mergeJson('a.json', '{"a":1,"b":1}', '{"a":2,"b":1}', '{"a":3,"b":4}', favour) ?? {};
      assert.deepEqual(JSON.parse(merged), { a: favour === 'ours' ? 2 : 3, b: 4 });
      assert.deepEqual(conflicts, []);
    }
  });

  it('leaves deleted what the owner has deleted, and a version to the owner', () => {
    const { json, conflicts } = packageJson(
      { version: '0.1.0', scripts: { a: '1', b: '1' } },
      { version: '3.0.0', scripts: { a: '1' } },
      { version: '0.2.0', scripts: { a: '2', b: '2' } },
    );
    assert.deepEqual(json, { version: '3.0.0', scripts: { a: '2' } });
    assert.deepEqual(conflicts, []);
  });

  it('takes versions upwards only, whoever has changed them', () => {
    const { json, conflicts } = packageJson(
      { dependencies: { a: '^1.0.0', b: '^1.0.0', c: '^2.0.0' } },
      { dependencies: { a: '^3.0.0', b: '^1.1.0', c: '^2.0.0', own: '^1.0.0' } },
      { dependencies: { a: '^2.0.0', b: '^2.0.0', c: '^1.0.0', d: '^1.0.0' } },
    );
    assert.deepEqual(json, {
      dependencies: { a: '^3.0.0', b: '^2.0.0', c: '^2.0.0', d: '^1.0.0', own: '^1.0.0' },
    });
    assert.deepEqual(conflicts, []);
  });

  it('merges lists by their items, and named ones by what is in them', () => {
    const { json, conflicts } = packageJson(
      { files: ['dist', 'old'], tasks: [{ label: 'a', x: 1 }, { label: 'gone' }] },
      {
        files: ['dist', 'old', 'own'],
        tasks: [{ label: 'a', x: 1, y: 2 }, { label: 'own' }, { label: 'gone' }],
      },
      { files: ['dist', 'new'], tasks: [{ label: 'a', x: 2 }, { label: 'new' }] },
    );
    assert.deepEqual(json, {
      files: ['dist', 'own', 'new'],
      tasks: [{ label: 'a', x: 2, y: 2 }, { label: 'own' }, { label: 'new' }],
    });
    assert.deepEqual(conflicts, []);
  });

  it('takes arguments as a whole, since their order counts', () => {
    const { json, conflicts } = packageJson(
      { args: ['-m', 'a'], runtimeArgs: ['x'] },
      { args: ['-m', 'a', '-v'], runtimeArgs: ['x'] },
      { args: ['-m', 'b'], runtimeArgs: ['y', 'x'] },
    );
    assert.deepEqual(json, { args: ['-m', 'a', '-v'], runtimeArgs: ['y', 'x'] });
    assert.deepEqual(conflicts, ['args']);
  });

  it('adds what is missing where the old output is unknown, and takes no side', () => {
    const { json, conflicts } = packageJson(
      undefined,
      { scripts: { a: 'mine' }, dependencies: { x: '^2.0.0' } },
      { scripts: { a: 'new', b: 'b' }, dependencies: { x: '^1.0.0' } },
    );
    assert.deepEqual(json, { scripts: { a: 'mine', b: 'b' }, dependencies: { x: '^2.0.0' } });
    assert.deepEqual(conflicts, ['scripts.a']);
  });

  it('keeps comments, order and format of JSON', () => {
    const ours = '{\n\t// mine\n\t"b": 1, // one\n\t"a": [ 1, 2 ],\n}\n';
    const merged = mergeJson('x.json', '{"a":[1,2],"b":1}', ours, '{"a":[1,2],"b":2}', undefined);
    assert.equal(merged?.text, ours.replace('"b": 1', '"b": 2'));
  });

  it('leaves to others what is no JSON', () => {
    assert.equal(mergeJson('x.json', '{}', '{', '{"a":1}', undefined), undefined);
    assert.equal(mergeJson('x.json', '{}', '[]', '{"a":1}', undefined), undefined);
  });

  it('takes no name of an object for a field', () => {
    const rules = { isKept: () => false, isRange: () => false };
    const theirs = JSON.parse('{"constructor": 1, "__proto__": 2}') as Record<string, unknown>;
    const { edits } = mergeFields({}, {}, theirs, rules, undefined);
    assert.deepEqual(
      edits.map(({ path }) => path),
      [['constructor'], ['__proto__']],
    );
  });
});

describe('update: pyproject.toml', () => {
  const base = `[project]
name = "x"
version = "1.0.0"
requires-python = ">=3.10,<3.13"
dependencies = ["azure-functions>=1.7.0,<2.0.0"]

[tool.ruff]
line-length = 88
`;
  const ours = `# mine
[project]
name = "x"
version = "2.0.0"
requires-python = ">=3.10,<3.13"
dependencies = [
    "azure-functions>=1.8.0,<2.0.0", # bumped
    "requests>=2.0",
]

[tool.ruff]
line-length = 100 # wide

[tool.mypy]
strict = true
`;

  it('is merged by fields, with the comments of its owner', async () => {
    const theirs = base
      .replace('<2.0.0', '<3.0.0')
      .replace('<3.13', '<3.15')
      .replace('88\n', '88\ntarget-version = "py310"\n');
    const { text: merged = '', conflicts } = (await mergeToml(base, ours, theirs, undefined)) ?? {};
    assert.deepEqual(conflicts, []);
    assert.match(merged, /^# mine\n/);
    assert.match(merged, /"azure-functions>=1\.8\.0,<3\.0\.0", # bumped/);
    assert.match(merged, /"requests>=2\.0"/);
    assert.match(merged, /requires-python = ">=3\.10,<3\.15"/);
    assert.match(merged, /line-length = 100 # wide/);
    assert.match(merged, /target-version = "py310"/);
    assert.match(merged, /version = "2\.0\.0"/);
    assert.match(merged, /\[tool\.mypy\]\nstrict = true/);
  });

  it('stays as it is, byte for byte, where nothing is new', async () => {
    assert.equal((await mergeToml(base, ours, base, undefined))?.text, ours);
  });

  it('names what both have changed', async () => {
    const theirs = base.replace('88', '120');
    const { text: merged, conflicts = [] } = (await mergeToml(base, ours, theirs, undefined)) ?? {};
    assert.equal(merged, ours);
    assert.deepEqual(
      conflicts.map(({ path }) => path.join('.')),
      ['tool.ruff.line-length'],
    );
  });

  it('leaves to others what is no TOML', async () => {
    assert.equal(await mergeToml(base, '[', base.replace('88', '120'), undefined), undefined);
  });
});

describe('update: migrations', () => {
  const migrations = readMigrations(join(root, 'templates/migrations.json'));

  it('move files of 0.1.0 to where they are now', () => {
    const next = new Set([
      'extension/src/audit.ts',
      'extension/test/audit.test.ts',
      'extension/src/worker-extension/app-extension-base.ts',
      'extension/src/worker-extension/hooks.ts',
    ]);
    const earlier = [
      'extension/src/audit-extension.ts',
      'extension/test/audit-extension.test.ts',
      'extension/src/app-extension-base.ts',
      'extension/src/hooks.ts',
      'function-app/src/hooks.ts',
    ];
    assert.deepEqual(
      Object.fromEntries(movesFor(migrations, { command: 'app' }, 'typescript', earlier, next)),
      {
        'extension/src/audit-extension.ts': 'extension/src/audit.ts',
        'extension/test/audit-extension.test.ts': 'extension/test/audit.test.ts',
        'extension/src/app-extension-base.ts':
          'extension/src/worker-extension/app-extension-base.ts',
        'extension/src/hooks.ts': 'extension/src/worker-extension/hooks.ts',
      },
    );
  });

  it('hold for a package alone, and for its language only', () => {
    const next = new Set(['src/timer.ts']);
    const moves = (command: 'extension' | 'function-app', language: string) =>
      [...movesFor(migrations, { command }, language, ['src/timer-extension.ts'], next)].length;
    assert.equal(moves('extension', 'typescript'), 1);
    assert.equal(moves('extension', 'python'), 0);
    assert.equal(moves('function-app', 'typescript'), 0);
  });

  it('move the package of a Python project into src', () => {
    const earlier = [
      'extension/python_worker_extension_x/__init__.py',
      'extension/tests/worker.py',
    ];
    const next = new Set(['extension/src/python_worker_extension_x/__init__.py']);
    assert.deepEqual(
      [...movesFor(migrations, { command: 'app' }, 'python', earlier, next)],
      [[earlier[0], [...next][0]]],
    );
  });

  it('leave alone what the new output has, too', () => {
    const next = new Set(['src/timer.ts', 'src/timer-extension.ts']);
    const earlier = ['src/timer-extension.ts'];
    assert.equal(
      movesFor(migrations, { command: 'extension' }, 'typescript', earlier, next).size,
      0,
    );
  });
});
