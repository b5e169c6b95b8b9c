import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { python } from '../../generators/languages/python.js';
import { typescript } from '../../generators/languages/typescript.js';
import { hashOf } from '../../generators/record.js';
import { systemProcesses } from '../../generators/system.js';
import { mergeJson } from '../../generators/updating/merge-json.js';
import { fateOf, type FileFate, type MergeContext } from '../../generators/updating/three-way.js';
import { newFolder } from '../../tools/support/folders.js';
import { systemWith } from '../support/decided.js';
import { goldenFiles, goldenText } from '../support/templates.js';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** They are replaced as a whole, or not at all. */
const tools = new RegExp(`${typescript.tools.source}|${python.tools.source}`);

/** Outputs that are kept, as what a generator has made. */
const outputs = ['typescript-timer-app', 'python-timer-app'].flatMap((name) =>
  goldenFiles(name)
    .filter((file) => !tools.test(file) && !file.endsWith('.azfunc-extension.json'))
    .map((file) => ({ path: file, text: goldenText(name, file) })),
);

/** A change of some lines: what is inserted, deleted and replaced where. */
interface Edits {
  inserted: [at: number, line: string][];
  deleted: number[];
}

const lines = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });

const edits = (mark: string): fc.Arbitrary<Edits> =>
  fc.record({
    inserted: fc.array(
      fc.tuple(
        fc.nat(400),
        lines.map((line) => `${mark} ${line}`),
      ),
      {
        maxLength: 4,
      },
    ),
    deleted: fc.array(fc.nat(400), { maxLength: 3 }),
  });

function edited(text: string, { inserted, deleted }: Edits): string {
  const result = text.split('\n');
  for (const at of deleted) {
    result.splice(at % result.length, 1);
  }
  for (const [at, line] of inserted) {
    result.splice(at % (result.length + 1), 0, line);
  }
  return result.join('\n');
}

const root = newFolder('update');
const system = { ...systemWith(), processes: systemProcesses(process.env) };

/** What becomes of a file, by its three states. */
async function fate(
  path: string,
  states: { base: string; ours: string; theirs: string; isKnown?: boolean },
  favour?: MergeContext['favour'],
): Promise<FileFate> {
  const { base, ours, theirs, isKnown = true } = states;
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ours);
  try {
    return await fateOf(
      { path, movedFrom: undefined, oldHash: hashOf(base), oldPath: path, theirs },
      {
        root,
        oldOutput: async () => (isKnown ? { contents: base, source: 'git' } : undefined),
        favour,
        tools,
        version: 'new',
        system,
      },
    );
  } finally {
    rmSync(file);
  }
}

describe(`update of what was edited at random, with SEED=${seed}`, function () {
  this.timeout(240_000);
  const files = fc.constantFrom(...outputs);
  const textFiles = fc.constantFrom(...outputs.filter(({ path }) => !/\.(json|toml)$/.test(path)));

  it('is the identity where the generator has nothing new', async () => {
    const property = fc.asyncProperty(files, edits('mine'), async ({ path, text }, own) => {
      const ours = edited(text, own);
      const { fate: what, contents } = await fate(path, { base: text, ours, theirs: text });
      assert.equal(contents, undefined);
      assert.ok(what === 'same' || what === 'kept', what);
    });
    await fc.assert(property, { seed, numRuns: 300 });
  });

  it('takes all that is new where the owner has changed nothing', async () => {
    const property = fc.asyncProperty(files, edits('new'), async ({ path, text }, theirs) => {
      const next = edited(text, theirs);
      const { contents = text } = await fate(path, { base: text, ours: text, theirs: next });
      assert.equal(contents, next);
    });
    await fc.assert(property, { seed, numRuns: 300 });
  });

  it('loses no line that the owner has written, and none that is new', async () => {
    const property = fc.asyncProperty(
      textFiles,
      edits('mine'),
      edits('new'),
      fc.boolean(),
      async ({ path, text }, own, theirs, isKnown) => {
        const ours = edited(text, own);
        const next = edited(text, theirs);
        const { fate: what, contents = ours } = await fate(path, {
          base: text,
          ours,
          theirs: next,
          isKnown,
        });
        const left = contents.split('\n');
        for (const line of [...added(text, ours), ...added(text, next)]) {
          assert.ok(left.includes(line), `${JSON.stringify(line)} is lost: ${what}`);
        }
      },
    );
    await fc.assert(property, { seed, numRuns: 60 });
  });

  it('changes nothing when it runs again', async () => {
    const property = fc.asyncProperty(
      files,
      edits('mine'),
      edits('new'),
      async ({ path, text }, own, theirs) => {
        const ours = edited(text, own);
        const next = edited(text, theirs);
        const { contents = ours } = await fate(path, { base: text, ours, theirs: next });
        const again = await fate(path, { base: next, ours: contents, theirs: next });
        assert.equal(again.contents, undefined);
      },
    );
    await fc.assert(property, { seed, numRuns: 60 });
  });

  it('loses no field of JSON, and breaks none', async () => {
    const plain = { noNullPrototype: true };
    const values = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd', 'scripts', 'files', 'constructor'),
      fc.oneof(
        fc.constantFrom('x', 'y', '^1.0.0', '^1.2.0', 1, true, null),
        fc.array(fc.constantFrom('p', 'q', 'r'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('m', 'n'), fc.constantFrom('1', '2', '3'), plain),
      ),
      plain,
    );
    const property = fc.property(values, values, values, (base, ours, theirs) => {
      const text = JSON.stringify(ours, null, 2);
      const merge = (old: object) =>
        mergeJson('x.json', JSON.stringify(old), text, JSON.stringify(theirs), undefined);
      const merged = merge(base);
      assert.ok(merged);
      const result = JSON.parse(merged.text) as Record<string, unknown>;
      for (const [key, value] of Object.entries(ours)) {
        // The order of fields is no change.
        if (!isDeepStrictEqual(value, base[key])) {
          assert.ok(Object.hasOwn(result, key), key);
        }
      }
      for (const key of Object.keys(theirs)) {
        assert.ok(Object.hasOwn(result, key) || Object.hasOwn(base, key), key);
      }
      assert.equal(merge(theirs)?.text, text);
    });
    fc.assert(property, { seed, numRuns: 2000 });
  });
});

/** Lines that a text has and its base has not. */
function added(base: string, text: string): string[] {
  const before = new Set(base.split('\n'));
  return text.split('\n').filter((line) => !before.has(line));
}
