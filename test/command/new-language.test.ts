import assert from 'node:assert/strict';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplates } from '../../generators/templates/check.js';
import { openTemplates } from '../../generators/templates/load.js';
import { read, root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { run } from '../../tools/support/processes.js';

describe('a language that is added', () => {
  let copy: string;
  const replace = (file: string, from: string, to: string) => {
    const text = read(copy, file);
    assert.ok(text.includes(from), file);
    writeFileSync(join(copy, file), text.replace(from, to));
  };
  /** What the compiler says, by file. */
  const mistakes = async (): Promise<[file: string, message: string][]> => {
    const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: copy });
    return [...String(stdout).matchAll(/^(generators\S+)\(.*?\): error \S+ (.*)$/gm)].map(
      ([, file = '', message = '']) => [file, message],
    );
  };

  before(() => {
    copy = newFolder('language');
    for (const name of ['generators', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    replace('generators/languages/language.ts', "'python'] as const", "'python', 'ruby'] as const");
  });

  it('is asked for by the compiler, and then each thing that it has to say', async () => {
    const [entry, ...others] = await mistakes();
    assert.deepEqual(others, []);
    assert.equal(entry?.[0], 'generators/languages/languages.ts');
    assert.match(entry[1], /^Property 'ruby' is missing/);

    replace(
      'generators/languages/languages.ts',
      '{ typescript, python }',
      '{ typescript, python, ruby }',
    );
    replace(
      'generators/languages/languages.ts',
      'import { typescript',
      "import { ruby } from './ruby.js';\nimport { typescript",
    );
    writeFileSync(
      join(copy, 'generators/languages/ruby.ts'),
      "import type { Language } from './language.js';\n\nexport const ruby: Language<'ruby'> = { id: 'ruby' };\n",
    );
    const [incomplete, ...more] = await mistakes();
    assert.deepEqual(more, []);
    assert.equal(incomplete?.[0], 'generators/languages/ruby.ts');
    assert.match(incomplete[1], /is missing the following properties .*: title, /);
  });

  it('is asked for in layers.json by the build', () => {
    assert.throws(() => checkTemplates(openTemplates(join(root, 'templates')), ['ruby']), {
      message: 'layers.json: languages.ruby is missing',
    });
  });
});
