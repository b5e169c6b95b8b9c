import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../generators/refusal.js';
import { commit } from '../../generators/writing/write.js';
import { newFolder } from '../../tools/support/folders.js';
import { treeOf } from '../support/trees.js';

describe('commit', () => {
  const folder = () => {
    const root = newFolder();
    mkdirSync(join(root, 'sub'));
    writeFileSync(join(root, 'a'), 'old');
    writeFileSync(join(root, 'sub/gone'), 'gone');
    writeFileSync(join(root, 'sub/moved'), Buffer.from([0, 255]));
    return root;
  };
  const files = [
    { path: 'a', contents: 'new' },
    { path: 'b/c', contents: 'new' },
  ];

  it('writes, removes and moves, and leaves no empty folder', () => {
    const root = folder();
    commit(root, files, { removals: ['sub/gone'], moves: [['sub/moved', 'd/moved']] });
    assert.deepEqual(Object.keys(treeOf(root)), ['a', 'b', 'b/c', 'd', 'd/moved']);
    assert.equal(readFileSync(join(root, 'a'), 'utf8'), 'new');
    assert.deepEqual(readFileSync(join(root, 'd/moved')), Buffer.from([0, 255]));
    assert.ok(!existsSync(join(root, 'sub')));
  });

  for (const others of [
    { removals: ['sub/gone', 'missing'] },
    { removals: ['sub/gone'], moves: [['missing', 'd/e']] },
    {
      moves: [
        ['sub/moved', 'd/moved'],
        ['missing', 'f'],
      ],
    },
  ] as const) {
    it(`changes nothing if something fails: ${JSON.stringify(others)}`, () => {
      const root = folder();
      const before = treeOf(root);
      assert.throws(
        () => commit(root, files, others),
        (error) =>
          error instanceof Refusal && error.message.startsWith('Nothing was written. ENOENT'),
      );
      assert.deepEqual(treeOf(root), before);
    });
  }
});
