import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { copyPackage, type PackageCopy } from '../support/package-copy.js';
import { type Language, templatesOf } from '../support/templates.js';

const QUICK = ['--yes', '--skip-install', '--no-git'];

/** Adds the template "audit" as who writes one begins: with a copy of "blank" and other names. */
function addTemplate({ templates }: PackageCopy, language: Language): void {
  const from = join(templates, language, 'blank');
  const renamed = (text: string) => text.replaceAll('blank', 'audit').replaceAll('Blank', 'Audit');
  for (const file of filesIn(from)) {
    const path = join(templates, language, 'audit', renamed(file));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, renamed(read(from, file)));
  }
}

describe('a template that is added', () => {
  for (const [language, name, extension] of [
    ['typescript', 'azfunc-extension-audit', 'src/audit.ts'],
    ['python', 'python-worker-extension-audit', 'src/python_worker_extension_audit/extension.py'],
  ] as const) {
    for (const scope of ['app', 'function']) {
      it(`is one folder in ${language}, and nothing else: scope ${scope}`, async () => {
        const copy = copyPackage();
        addTemplate(copy, language);
        const cwd = newFolder();
        const args = [`--language=${language}`, '--template=audit', `--scope=${scope}`];
        const { exitCode, all } = await copy.cli([...args, ...QUICK], { cwd });
        assert.equal(exitCode, 0, all);
        const folder = join(cwd, name);
        assert.match(read(folder, 'extension', extension), /class AuditExtension\b/);
        for (const file of filesIn(folder).filter((one) => !/local[-_]host/.test(one))) {
          assert.doesNotMatch(`${file}\n${read(folder, file)}`, /blank(?! line)|Blank/, file);
        }
      });
    }
  }

  it('is offered, in the order of the alphabet', async () => {
    const copy = copyPackage();
    addTemplate(copy, 'typescript');
    const { all } = await copy.cli(['--help'], { cwd: newFolder() });
    const listed = /^Templates:\n((?: {2}\S+ {2,}.*\n)+)/m.exec(all)?.[1] ?? '';
    const ids = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, id]) => id);
    const [first, ...others] = templatesOf('typescript').map(({ id }) => id);
    assert.deepEqual(ids, [first, ...[...others, 'audit'].sort()]);
  });
});
