import assert from 'node:assert/strict';
import { importsModule, withImport } from '../../generators/writing/python-edits.js';

const added = 'import added';

describe('an import that is added to Python', () => {
  for (const [what, before, after] of [
    ['an empty file', '', `${added}\n`],
    [
      'imports',
      'import a\nfrom b import c\n\nd = 1\n',
      `import a\nfrom b import c\n${added}\n\nd = 1\n`,
    ],
    ['imports without an end of line', 'import a', `import a\n${added}`],
    [
      'imports in several lines, with comments',
      'from a import (\n    b,  # )\n    c,\n)\nimport \\\n    d\n\n\nx = (1,\n2)\nimport late\n',
      `from a import (\n    b,  # )\n    c,\n)\nimport \\\n    d\n${added}\n\n\nx = (1,\n2)\nimport late\n`,
    ],
    [
      'a docstring, comments and a future',
      '#!/usr/bin/env python\n"""It\'s\n\nimport this\n"""\n\nfrom __future__ import annotations\n\n# why\nx = 1\n',
      `#!/usr/bin/env python\n"""It's\n\nimport this\n"""\n\nfrom __future__ import annotations\n${added}\n\n# why\nx = 1\n`,
    ],
    ['a docstring alone', '"""Says."""\nx = 1\n', `"""Says."""\n${added}\nx = 1\n`],
    ['no imports', '# comment\nx = 1\nimport late\n', `# comment\n${added}\nx = 1\nimport late\n`],
    [
      'an import that may fail',
      'import a\ntry:\n    import b\nexcept ImportError:\n    b = None\n',
      `import a\n${added}\ntry:\n    import b\nexcept ImportError:\n    b = None\n`,
    ],
    ['Windows', '\uFEFFimport a\r\nx = 1\r\n', `\uFEFFimport a\r\n${added}\r\nx = 1\r\n`],
    ['a byte order mark', '\uFEFFx = 1\n', `\uFEFF${added}\nx = 1\n`],
  ] as const) {
    it(`stands right in a source with ${what}`, () => {
      assert.equal(withImport(before, added), after);
    });
  }

  for (const [source, isThere] of [
    ['import added  # noqa: F401\n', true],
    ['import a\nif x:\n    import added\n', true],
    ['from added import install\n', true],
    ['import added.more\n', false],
    ['import added_too\n', false],
    ['"""\nimport added\n"""\n', false],
    ['# import added\n', false],
  ] as const) {
    it(`is ${isThere ? '' : 'not '}found in ${JSON.stringify(source)}`, () => {
      assert.equal(importsModule(source, 'added'), isThere);
    });
  }
});
