import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { type Case, cases } from '../../tools/golden/cases.js';
import { difference, golden, makeGolden, whyNot } from '../../tools/golden/golden.js';
import { filesIn, read, readJson } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';
import { copyPackage } from '../support/package-copy.js';
import { templatesOf, type Language } from '../support/templates.js';

describe('golden/', () => {
  for (const one of cases) {
    it(`has ${one.name} byte for byte; "npm run golden" renews it`, async function () {
      await skipWithout(this, one);
      const made = join(newFolder('made'), one.name);
      await makeGolden(one, made);
      const changes = await difference(one.name, made);
      if (changes !== '') {
        assert.fail(changes);
      }
    });
  }

  it('has nothing else', () => {
    assert.deepEqual(readdirSync(golden).sort(), cases.map(({ name }) => name).sort());
  });

  it('has every layer, but for those of templates', async function () {
    for (const one of cases) {
      await skipWithout(this, one);
    }
    const { program, templates } = copyPackage();
    const marks = new Map<string, string>();
    // A template is one folder, and nothing else: all of them are made and run by other tests.
    const isOfTemplate = (folder: string) =>
      existsSync(join(templates, folder, '../template.json'));
    for (const { folder, isReadme } of layersIn(templates)) {
      if (isOfTemplate(folder)) {
        continue;
      }
      const mark = `layer-${marks.size}-marked`;
      marks.set(mark, folder);
      if (isReadme) {
        filesIn(join(templates, folder)).forEach((file) =>
          appendFileSync(join(templates, folder, file), `\n${mark}\n`),
        );
      } else {
        writeFileSync(join(templates, folder, `${mark}.txt`), `${mark}\n`);
      }
    }
    const made = newFolder('marked');
    for (const one of cases) {
      await makeGolden(one, join(made, one.name), { program });
    }
    const output = filesIn(made)
      .map((file) => read(made, file))
      .join('\n');
    const missing = [...marks].filter(([mark]) => !output.includes(`${mark}\n`));
    assert.deepEqual(
      missing.map(([, folder]) => folder),
      [],
    );
  });
});

/** Skips a test that needs what this machine does not have. */
async function skipWithout(test: Context, one: Case): Promise<void> {
  const reason = await whyNot(one);
  if (reason !== undefined) {
    assert.ok(process.env.REQUIRE_PYTHON !== '1', reason);
    test.test!.title += ` (${reason})`;
    test.skip();
  }
}

interface LayerFolder {
  folder: string;
  /** Whether its files are parts of readmes. */
  isReadme: boolean;
}

/** The folders that layers.json names, each once. */
function layersIn(templates: string): LayerFolder[] {
  const { languages } = readJson(templates, 'layers.json') as {
    languages: Record<Language, Record<string, unknown>>;
  };
  const folders = new Map<string, LayerFolder>();
  for (const [language, parts] of Object.entries(languages)) {
    for (const [part, layers] of Object.entries(parts)) {
      for (const { folder } of Array.isArray(layers) ? (layers as { folder: string }[]) : []) {
        for (const { id } of templatesOf(language as Language)) {
          const name = folder.replace('{template}', id);
          folders.set(name, { folder: name, isReadme: part === 'parts' });
        }
      }
    }
  }
  return [...folders.values()];
}
