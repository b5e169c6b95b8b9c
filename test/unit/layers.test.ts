import assert from 'node:assert/strict';
import { layered } from '../../generators/core/layers.js';

describe('layers', () => {
  it('let the later of two files count', () => {
    const files = layered([
      { path: 'a.ts', contents: 'below' },
      { path: 'b.ts', contents: 'b' },
      { path: 'a.ts', contents: 'above' },
    ]);
    assert.deepEqual(files, [
      { path: 'a.ts', contents: 'above' },
      { path: 'b.ts', contents: 'b' },
    ]);
  });

  it('add the fields of a package.json to those below, with dependencies in order', () => {
    const [file, ...others] = layered([
      {
        path: 'x/package.json',
        contents: '{"name":"a","keywords":["one"],"dependencies":{"c":"1"},"main":"a.js"}',
      },
      {
        path: 'x/package.json',
        contents: '{"keywords":["two"],"dependencies":{"b":"2","@a/a":"3"},"main":"b.js"}',
      },
    ]);
    assert.deepEqual(others, []);
    assert.equal(
      file?.contents,
      `${JSON.stringify(
        {
          name: 'a',
          keywords: ['one', 'two'],
          dependencies: { '@a/a': '3', b: '2', c: '1' },
          main: 'b.js',
        },
        null,
        2,
      )}\n`,
    );
  });

  it('format package.json, and only that', () => {
    const contents = '{"a":[1]}';
    assert.deepEqual(
      layered([
        { path: 'package.json', contents },
        { path: 'tsconfig.json', contents },
      ]).map((file) => file.contents),
      ['{\n  "a": [\n    1\n  ]\n}\n', contents],
    );
  });
});
