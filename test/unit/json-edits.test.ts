import assert from 'node:assert/strict';
import {
  valueAt,
  withDependency,
  withField,
  withSetting,
} from '../../generators/writing/json-edits.js';

describe('edits', () => {
  describe('of settings', () => {
    const added = (text: string) => withSetting(text, 'Values', 'NEW', '1');

    for (const [what, before, after] of [
      [
        'keep the comment on the last one',
        '{\n  // top\n  "Values": {\n    "A": "1", // a\n    "B": "2" // b\n  }\n}\n',
        '{\n  // top\n  "Values": {\n    "A": "1", // a\n    "B": "2", // b\n    "NEW": "1"\n  }\n}\n',
      ],
      [
        'keep trailing commas',
        '{\n\t"Values": {\n\t\t"B": "2", /* b */\n\t},\n}',
        '{\n\t"Values": {\n\t\t"B": "2", /* b */\n\t\t"NEW": "1",\n\t},\n}',
      ],
      [
        'keep line breaks of Windows',
        '{\r\n    "Values": {\r\n        "A": "1"\r\n    }\r\n}\r\n',
        '{\r\n    "Values": {\r\n        "A": "1",\r\n        "NEW": "1"\r\n    }\r\n}\r\n',
      ],
      [
        'keep the other fields and their order',
        '{\n  "Values": {\n    "Z": "1"\n  },\n  "IsEncrypted": false\n}',
        '{\n  "Values": {\n    "Z": "1",\n    "NEW": "1"\n  },\n  "IsEncrypted": false\n}',
      ],
      ['begin the object', '{\n  "Values": {}\n}', '{\n  "Values": {\n    "NEW": "1"\n  }\n}'],
      ['make the object', '{}', '{\n  "Values": {\n    "NEW": "1"\n  }\n}'],
    ] as const) {
      it(what, () => assert.equal(added(before), after));
    }

    for (const text of [
      '{"Values":{"A":"1"}}',
      '\uFEFF{"Values":{"A":"1"}} // end\n',
      '{\n  "Values": {\n    "A": "1" /* begins\n and ends */\n  }\n}',
      '{\n  "Values": {\n    "A": "1"\n    // "B": "2"\n  }\n}',
      '{ "Values": { "A": "1" /* a */ }\n}',
    ]) {
      it(`are there, and all else too, in ${JSON.stringify(text)}`, () => {
        const edited = added(text);
        assert.equal(valueAt(edited, ['Values', 'A']), '1');
        assert.equal(valueAt(edited, ['Values', 'NEW']), '1');
        for (const comment of text.match(/\/\/.*|\/\*[^]*\*\//g) ?? []) {
          assert.ok(edited.includes(comment), edited);
        }
      });
    }
  });

  it('of dependencies go to their place in the alphabet, or change what is there', () => {
    const text = '{\n  "dependencies": {\n    "a": "1",\n    "c": "1"\n  }\n}\n';
    assert.equal(
      withDependency(text, 'b', '2'),
      '{\n  "dependencies": {\n    "a": "1",\n    "b": "2",\n    "c": "1"\n  }\n}\n',
    );
    assert.equal(
      withDependency(text, 'd', '2'),
      '{\n  "dependencies": {\n    "a": "1",\n    "c": "1",\n    "d": "2"\n  }\n}\n',
    );
    assert.equal(withDependency(text, 'c', '2'), text.replace('"c": "1"', '"c": "2"'));
    assert.equal(withDependency(text, 'c', '1'), text);
    assert.equal(withDependency('{}', 'b', '2'), '{\n  "dependencies": {\n    "b": "2"\n  }\n}');
  });

  it('of a list add to its end', () => {
    assert.equal(
      withField('{\n  "workspaces": ["a"]\n}', ['workspaces', -1], 'b'),
      '{\n  "workspaces": [\n    "a",\n    "b"\n  ]\n}',
    );
    assert.equal(
      withField('{\n  "workspaces": [\n    "a"\n  ]\n}', ['workspaces', -1], 'b'),
      '{\n  "workspaces": [\n    "a",\n    "b"\n  ]\n}',
    );
  });
});
