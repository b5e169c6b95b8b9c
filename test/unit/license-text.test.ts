import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import licenses from 'spdx-license-list';
import { licenseText } from '../../generators/commands/license-text.js';

const require = createRequire(import.meta.url);
const spdxText = (id: string) =>
  id === 'UNLICENSED'
    ? undefined
    : (require(`spdx-license-list/licenses/${id}.json`) as { licenseText: string }).licenseText;
const textOf = (id: string, holder = 'Ada $& Example') =>
  licenseText(id, spdxText(id), { year: 2026, holder, work: 'azfunc-extension-timer' });

/** What stands for a year, a name or a date that somebody has to fill in. */
const PLACE = new RegExp(
  [
    /[<[{](?:[^<>[\]{}\n@/]*\b)?(?:year|yyyy|xxxx|jahr|jj|name|owner|holders?|author|organization|product|asset|entities|institution|copyright|licensor|inhaber|insert|enter|dates? of)\b[^<>[\]{}\n@]*[>\]}]/,
    /\((?:\w+Name|YEAR|(?:\w+ )?4-digit-year)\)|copyright (?:\(c\) )? ?year|19yy|_{4,}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** The texts that keep such places, by the reason why they are not for us to fill in. */
const KEPT: Record<string, RegExp> = {
  'notices for source files, in an appendix on how to apply it':
    /^(AGPL-3|L?GPL-\d\.\d(\+|-only|-or-later)?$|GFDL-|Apache-2|ECL-2|ImageMagick$|MulanPSL-|SHL-|D-FSL-|CDL-|EPL-2)/,
  'notices for source files, in an exhibit':
    /^(MPL-1|NPL-|NOSL$|CPAL-|CUA-OPL-|Interbase-|Nokia$|OCCT-PL$|OCLC-|RPSL-|RSCPL$|SGI-B-1|SISSL|SNIA$|SPL-|SugarCRM-|TPL-|gSOAP-)/,
  'what its users write when they name the source':
    /^(FTL|IEC-Code-Components-EULA|NLOD-|OGDL-|OPUBL-|W3C-)/,
  'what those write who change the license itself': /^(AFL-3|OSL-3|NPOSL-3|UCL-1)/,
  'terms that its first licensor chooses': /^(APL-1|LPL-1\.0$|NASA-1)/,
  'no place at all: a rule, a footnote, a definition':
    /^(APSL-2|CAL-1|CC-BY-(NC-)?SA-2\.0-UK|CNRI-Jython|Inner-Net-2)/,
};

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

  it('leaves no place open in any text, but in those where it is for others', () => {
    for (const id of Object.keys(licenses)) {
      const open = PLACE.exec(textOf(id, 'Ada'))?.[0];
      const reasons = Object.keys(KEPT).filter((reason) => KEPT[reason]?.test(id));
      assert.equal(reasons.length, open === undefined ? 0 : 1, `${id}: ${open}, ${reasons.join()}`);
    }
  });

  it('finds the places that it looks for', () => {
    const open = Object.keys(licenses).filter((id) => PLACE.test(spdxText(id) ?? ''));
    const filled = open.filter((id) => !PLACE.test(textOf(id, 'Ada')));
    assert.ok(filled.length >= 30, filled.join());
  });

  for (const [id, pattern] of [
    ['NCSA', /^Developed by: Ada$[^]* the names of Ada, nor /m],
    ['HPND', / the name of Ada not be used [^]*^Ada DISCLAIMS /m],
    ['EPICS', /^Software: azfunc-extension-timer$/m],
    ['BSD-3-Clause-Clear', / the name of Ada nor /],
    ['NTP', / the name Ada not be used /],
    ['Fair', /^Copyright \(c\) 2026 Ada$/m],
    ['ISC', / AND THE AUTHOR DISCLAIMS [^]* SHALL THE AUTHOR BE LIABLE /],
    ['FSL-1.1-MIT', /^## Notice\n\nCopyright \(c\) 2026 Ada$/m],
  ] as const) {
    it(`fills in the terms of ${id}`, () => {
      assert.match(textOf(id, 'Ada'), pattern);
    });
  }

  for (const id of ['X11', 'PostgreSQL', 'OFL-1.1', 'MIT-Modern-Variant']) {
    it(`puts the notice above ${id}, which speaks of one but has no place for it`, () => {
      const spdx = textOf(id).replace(/^.*\n\n/, '');
      assert.equal(textOf(id), `Copyright (c) 2026 Ada $& Example\n\n${spdx}`);
      assert.equal(
        spdx,
        spdxText(id)
          ?.replace(/[^\S\n]+$/gm, '')
          .trim(),
      );
    });
  }

  it('takes any name as it is', () => {
    const holder = `$& $1 $' <owner> [year] \\n\nAda`;
    for (const id of ['MIT', 'NCSA', 'HPND', 'ISC', 'X11']) {
      const parts = textOf(id, 'Ada').split('Ada');
      assert.equal(textOf(id, holder), parts.join(holder), id);
    }
  });

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
