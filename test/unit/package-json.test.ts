import assert from 'node:assert/strict';
import {
  applyChanges,
  changesBetween,
  type Fields,
  formatted,
} from '../../generators/templates/package-json.js';
import { laidOver } from '../../generators/writing/merge.js';

function merged(lower: Fields, upper: Fields): Fields {
  applyChanges(lower, changesBetween(lower, upper));
  return lower;
}

describe('one package.json over another', () => {
  it('adds what is missing, changes what differs, and keeps the rest', () => {
    assert.deepEqual(
      merged(
        { name: 'a', main: 'a.js', scripts: { test: 'x', build: 'y' } },
        { main: 'b.js', scripts: { build: 'z', start: 's' } },
      ),
      { name: 'a', main: 'b.js', scripts: { test: 'x', build: 'z', start: 's' } },
    );
  });

  it('adds items of lists that are not there', () => {
    assert.deepEqual(merged({ keywords: ['a', 'b'] }, { keywords: ['b', 'c'] }), {
      keywords: ['a', 'b', 'c'],
    });
  });

  it('takes a value of another type as it is', () => {
    assert.deepEqual(merged({ author: 'a', files: ['x'] }, { author: { name: 'b' }, files: 'y' }), {
      author: { name: 'b' },
      files: 'y',
    });
  });

  it('is formatted as npm does, with dependencies in alphabetical order', () => {
    assert.equal(
      formatted({ name: 'a', dependencies: { c: '1', '@b/b': '2' } }),
      '{\n  "name": "a",\n  "dependencies": {\n    "@b/b": "2",\n    "c": "1"\n  }\n}\n',
    );
  });

  it('keeps the format and the version of the user’s', () => {
    const own =
      '{\n    "name": "a",\n    "version": "2.0.0",\n    "dependencies": { "b": "1", "d": "1" }\n}\n';
    const emitted = '{"name":"a","version":"0.1.0","dependencies":{"c":"2","b":"1"}}';
    const result = laidOver(own, emitted);
    assert.deepEqual(JSON.parse(result), {
      name: 'a',
      version: '2.0.0',
      dependencies: { b: '1', c: '2', d: '1' },
    });
    assert.ok(result.indexOf('"c"') < result.indexOf('"d"'));
    assert.match(result, /^ {4}"name"/m);
    assert.equal(laidOver(result, emitted), result);
  });
});
