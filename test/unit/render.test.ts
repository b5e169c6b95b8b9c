import assert from 'node:assert/strict';
import { render } from '../../generators/templates/render.js';
import { templates } from '../support/decided.js';

describe('render', () => {
  it('never runs EJS that comes from a user', () => {
    const description = '<% throw new Error("run") %><%- 1 + 1 %>';
    assert.equal(
      render('a.md', 'x = <%- js(description) %>', { description }),
      `x = '${description}'`,
    );
  });

  it('names file and line where a document asks for what the view does not have', () => {
    assert.throws(
      () => render('src/a.md', '\n<%- missing %>', {}),
      /src\/a\.md:2[^]*missing is not defined/,
    );
  });

  it('refuses the tag that escapes HTML', () => {
    assert.throws(() => render('a.md', '<%= name %>', { name: 'a' }), /a\.md has a tag <%=/);
  });
});

describe('versions', () => {
  it('are looked up by name', () => {
    assert.match(templates.version('@azure/functions'), /^\^4/);
    assert.match(templates.version('publint'), /^\d/);
  });

  it('throw for a name that is not known', () => {
    assert.throws(() => templates.version('c'), /version of c/);
  });
});
