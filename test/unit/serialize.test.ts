import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { js, json, md, py, shell, toml } from '../../generators/templates/serialize.js';

const NASTY = [
  'plain',
  `it's "quoted" \`and\` \\ back\\slashed`,
  '${process.exit()} <%= x %> </script> */',
  'two\nlines\u2028and\u2029more\u0000',
  'é 😀 \ud800',
];

describe('serialize', () => {
  for (const text of NASTY) {
    it(`keeps ${JSON.stringify(text)} in JavaScript and JSON`, () => {
      assert.equal(runInNewContext(js(text)), text);
      assert.equal(js(text).split('\n').length, 1);
      assert.equal(JSON.parse(json(text)), text);
    });
  }

  for (const text of NASTY) {
    // Where a string has no other quotes, its literals in Python and in TOML are also ones of JSON.
    it(`keeps ${JSON.stringify(text)} in Python and TOML, in one line`, () => {
      const literal = py(text);
      assert.equal(runInNewContext(literal), text);
      assert.doesNotMatch(literal, /\p{Cc}/u);
      assert.equal(JSON.parse(toml(text)), text.replace('\ud800', '\ufffd'));
      assert.doesNotMatch(toml(text), /\p{Cc}|\\ud8/u);
    });
  }

  it('writes Python as its formatters do', () => {
    assert.equal(py('HttpTrigger'), '"HttpTrigger"');
    assert.equal(py('say "hello"'), `'say "hello"'`);
    assert.equal(py(`it's "here"`), `"it's \\"here\\""`);
    assert.equal(
      py({ a: true, b: [false, null, 1.5], c: {} }),
      '{"a": True, "b": [False, None, 1.5], "c": {}}',
    );
  });

  it('leaves no control character in TOML', () => {
    assert.equal(toml('a\u007f\u0000"\\'), '"a\\u007f\\u0000\\"\\\\"');
  });

  it('uses single quotes, as the emitted code does', () => {
    assert.equal(js('HttpTrigger'), "'HttpTrigger'");
    assert.equal(js({ a: true, 'b-c': ['x', 1, null] }), "{ a: true, 'b-c': ['x', 1, null] }");
  });

  it('keeps values of every kind in JavaScript', () => {
    const value = {
      texts: NASTY,
      nested: { deeper: [{}, [], { a: -1.5e3, b: false, c: null }] },
      ['__proto__']: { polluted: true },
      constructor: 'x',
      'a"b': 1,
      "it's": 2,
      '': 3,
    };
    const kept = runInNewContext(`(${js(value)})`) as typeof value;
    assert.equal(JSON.stringify(kept), JSON.stringify(value));
    assert.equal((kept as { polluted?: boolean }).polluted, undefined);
  });

  it('escapes what Markdown would take for markup', () => {
    assert.equal(md('a `b` *c* [d](e) <f>'), 'a \\`b\\` \\*c\\* \\[d\\](e) \\<f\\>');
    assert.equal(md('# not a heading'), '\\# not a heading');
    assert.equal(md('1. not a list'), '1\\. not a list');
    assert.equal(md('3-way, for $x$'), '3-way, for \\$x\\$');
    assert.equal(
      md('see https://example.com/a_b, [or] http://x'),
      'see <https://example.com/a_b>, \\[or\\] <http://x>',
    );
    assert.equal(md('one\n\n```\ntwo'), 'one \\`\\`\\` two');
    assert.equal(md('azfunc-extension-timer'), 'azfunc-extension-timer');
  });

  it('quotes paths for a shell where they need it', () => {
    assert.equal(shell('azfunc-extension-timer'), 'azfunc-extension-timer');
    assert.equal(shell('../@a/b_c'), '../@a/b_c');
    assert.equal(shell('my folder'), '"my folder"');
    assert.equal(shell('-a'), './-a');
    assert.equal(shell('a$b"c'), '"a\\$b\\"c"');
  });
});
