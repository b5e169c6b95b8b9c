import assert from 'node:assert/strict';
import licenses from 'spdx-license-list';
import { licenseText } from '../../generators/core/license-text.js';
import { readSources } from '../../generators/sources.js';

const { spdxText } = readSources();
const textOf = (id: string, holder = 'Ada $& Example') =>
  licenseText(id, spdxText(id), { year: 2026, holder });

describe('license text', () => {
  for (const id of [
    'MIT',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    '0BSD',
    'MIT-0',
    'NCSA',
    'UPL-1.0',
  ]) {
    it(`names year and holder in ${id}`, () => {
      const text = textOf(id);
      assert.match(text, /^Copyright \(c\) 2026 Ada \$& Example$/m);
      assert.doesNotMatch(text, /<year>|<owner>|<copyright|YEAR|Internet Systems/i);
    });
  }

  for (const id of ['Apache-2.0', 'GPL-3.0-only', 'MPL-2.0', 'Artistic-2.0', 'Unlicense']) {
    it(`leaves ${id} as it is, which has no notice of its own`, () => {
      assert.equal(
        textOf(id),
        spdxText(id)
          ?.replace(/[^\S\n]+$/gm, '')
          .trim(),
      );
    });
  }

  it('reserves all rights where there is no license', () => {
    assert.equal(textOf('UNLICENSED', 'Ada'), 'Copyright (c) 2026 Ada. All rights reserved.');
  });

  it('has a text for every id that can be chosen', () => {
    for (const id of Object.keys(licenses)) {
      assert.ok(textOf(id).length > 20, id);
    }
  });
});
