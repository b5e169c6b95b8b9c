import assert from 'node:assert/strict';
import { laidOver } from '../../generators/writing/merge.js';

const emitted = JSON.stringify({
  name: 'timer',
  version: '0.1.0',
  keywords: ['azure'],
  scripts: { build: 'tsc' },
  dependencies: { b: '^1.0.0' },
});

describe('own fields', () => {
  it('are kept as they stand, and so is the version', () => {
    const there = `{
\t"version": "2.0.0",
\t"scripts": { "mine": "x", "build": "tsc" },
\t"keywords": ["mine", "azure"], "name": "timer",
\t"dependencies": { "a": "1.0.0", "b": "^1.0.0" },
\t"private": true
}`;
    assert.equal(laidOver(there, emitted), there);
  });

  it('are kept where others are added or changed', () => {
    const there = {
      name: 'other',
      keywords: ['mine'],
      scripts: { build: 'mine', mine: 'x' },
      dependencies: { a: '1.0.0', c: '1.0.0' },
    };
    const kept = laidOver(`${JSON.stringify(there, null, 4)}\n`, emitted);
    assert.equal(
      kept,
      `${JSON.stringify(
        {
          name: 'timer',
          keywords: ['mine', 'azure'],
          scripts: { build: 'tsc', mine: 'x' },
          dependencies: { a: '1.0.0', b: '^1.0.0', c: '1.0.0' },
          version: '0.1.0',
        },
        null,
        4,
      )}\n`,
    );
  });

  it('are none where there is no object', () => {
    for (const there of ['', '{', '[]', 'null', '"x"']) {
      assert.equal(laidOver(there, emitted), emitted);
    }
  });
});
