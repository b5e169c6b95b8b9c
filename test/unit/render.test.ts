import assert from 'node:assert/strict';
import { outputPath, render } from '../../generators/core/render.js';
import { versionOf } from '../../generators/core/versions.js';

describe('render', () => {
  it('never runs EJS that comes from a user', () => {
    const description = '<% throw new Error("run") %><%- 1 + 1 %>';
    assert.equal(
      render({ path: 'a.ts', text: 'x = <%- js(description) %>' }, { description }),
      `x = '${description}'`,
    );
  });

  it('names file and line where a template asks for what is not there', () => {
    assert.throws(
      () => render({ path: 'src/a.ts', text: '\n<%- missing %>' }, {}),
      /src\/a\.ts:2[^]*missing is not defined/,
    );
  });

  it('refuses the tag that escapes HTML', () => {
    assert.throws(
      () => render({ path: 'a.ts', text: '<%= name %>' }, { name: 'a' }),
      /a\.ts has a tag <%=/,
    );
  });

  it('gives files their names', () => {
    assert.equal(outputPath('src/__file__.ts', 'timer-extension', 'F'), 'src/timer-extension.ts');
    assert.equal(outputPath('test/__function__.test.ts', 'x', 'F'), 'test/F.test.ts');
    assert.equal(
      outputPath('__module__/__init__.py', 'x', 'F', 'my_module'),
      'my_module/__init__.py',
    );
    assert.equal(outputPath('tests/test___file__.py', 'x', 'F'), 'tests/test_x.py');
    assert.equal(outputPath('_gitignore', 'x', 'F'), '.gitignore');
  });
});

describe('versions', () => {
  const manifest = { dependencies: { a: '^1.0.0' }, devDependencies: { b: '^2.0.0' } };

  it('looks a version up by name', () => {
    assert.equal(versionOf(manifest, 'a'), '^1.0.0');
    assert.equal(versionOf(manifest, 'b'), '^2.0.0');
  });

  it('throws on a name that it does not know', () => {
    assert.throws(() => versionOf(manifest, 'c'), /no version of c/);
  });
});
