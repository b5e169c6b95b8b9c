import assert from 'node:assert/strict';
import { join } from 'node:path';
import { helpFor } from '../../generators/questions/help.js';
import { templates } from '../support/decided.js';
import { goldenFiles } from '../support/templates.js';
import { filesIn, read, readJson, root } from '../../tools/support/files.js';

describe('README', () => {
  const readme = read(root, 'README.md');

  it('shows the help as it is', () => {
    const shown = /<!-- help of app -->\n\n```\n([^]*?)\n```\n\n<!-- end -->/.exec(readme)?.[1];
    assert.equal(shown, helpFor('app', 'yo azfunc-extension', templates));
  });

  it('shows every file of the workspace outside of its folders of tests and of the local host', () => {
    const files = goldenFiles('typescript-timer-app').filter(
      (file) => !/\.vscode|\/test\/|local-host/.test(file),
    );
    for (const file of files) {
      assert.ok(readme.includes(file.split('/').at(-1) ?? ''), file);
    }
  });
});

describe('CONTRIBUTING', () => {
  it('has a reason for each library that the generators import', () => {
    const [, section = ''] = read(root, 'CONTRIBUTING.md').split('## Dependencies\n');
    const reasoned = [...section.matchAll(/^- (`.*`):/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    const imported = filesIn(join(root, 'generators')).flatMap((file) =>
      [
        ...read(root, 'generators', file).matchAll(
          /^(?:import (?!type\b).*|} )from '((?:@[^/']+\/)?[^./'][^/':]*)(?:\/[^']*)?';|await import\('(@?[^.'][^']*)'\)|require\(`([^/]+)/gm,
        ),
      ].flatMap(([, ...names]) =>
        names
          .filter((name) => name !== undefined)
          .map((name) => name.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1')),
      ),
    );
    assert.deepEqual(reasoned.sort(), [...new Set(imported)].sort());
    const { dependencies } = readJson(root, 'package.json');
    assert.deepEqual(Object.keys(dependencies), ['spdx-license-list']);
  });
});
