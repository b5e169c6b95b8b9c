import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import type { Answers } from '../../generators/core/answers.js';
import { templatesIn } from '../../generators/core/catalogue.js';
import { readFlags } from '../../generators/core/flags.js';
import { packageManagers } from '../../generators/core/package-manager.js';
import { type GeneratorId, generatorIds, parametersOf } from '../../generators/core/parameters.js';
import { plan, type Room, type Sources } from '../../generators/core/plan.js';
import { complete } from '../../generators/core/questions.js';
import { Refusal } from '../../generators/core/refusal.js';
import type { OutputFile, TemplateFile } from '../../generators/core/render.js';
import { wellFormed } from '../../generators/core/serialize.js';
import { readSources } from '../../generators/sources.js';
import { known } from '../support/known.js';
import { nasty } from '../support/nasty.js';
import {
  type MarkdownNode,
  parseMarkdown,
  parseTypeScript,
  PythonParser,
} from '../support/parsers.js';
import { findPythons } from '../support/python.js';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const settings = { seed, numRuns: 500 };
const onDisk = readSources();
const read = new Map<string, TemplateFile[]>();

/** They are read once. */
const sources: Sources = {
  ...onDisk,
  filesIn(folder) {
    const files = read.get(folder) ?? onDisk.filesIn(folder);
    read.set(folder, files);
    return files;
  },
};

/** One line, without anything that a terminal could take for an order. */
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]+$/u;

/** The value, or nothing where it is refused; in one line, or else this fails. */
function refusedOr<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.match(error.message, ONE_LINE);
    return undefined;
  }
}

/** What is typed, read. */
function given(id: GeneratorId, flags: Record<string, string>): Partial<Answers> {
  const argv = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  return readFlags(id, flags, [], argv).given;
}

/** All answers; none where they are refused. */
function answersFrom(id: GeneratorId, flags: Record<string, string>): Answers | undefined {
  return refusedOr(() => complete(known(given(id, flags), {}, id)));
}

/** What is nasty and yet accepted, in place of what is refused. */
function acceptedFor(flag: string, others: Record<string, string>): fc.Arbitrary<string> {
  return nasty.map((value) => {
    return refusedOr(() => given('app', { ...others, [flag]: value }))
      ? value
      : (ACCEPTED[flag] ?? '');
  });
}

const ACCEPTED: Record<string, string> = {
  name: 'timer',
  description: 'x',
  'function-name': 'HttpTrigger',
};

const names = fc.constantFrom('timer', '@contoso/x', 'http-log', 'a1', 'extension', 'await');

/** Flags that are accepted, with any text wherever one is. */
function flagsFor(language: Answers['language']): fc.Arbitrary<Record<string, string>> {
  const choice = (...values: string[]) => fc.constantFrom(...values);
  const own: Record<string, fc.Arbitrary<string>> = language === 'python'
    ? { 'programming-model': choice('v1', 'v2') }
    : {
        'functions-range': choice('^4.1.0', '4.x', '>=4.2.0 <4.9 || ~4.10.1', '4.1.0 - 4.3.0'),
        'package-manager': choice(...packageManagers),
        ci: choice('github', 'none'),
      };
  return fc.record({
    language: fc.constant(language),
    template: choice(...templatesIn(language)),
    scope: choice('app', 'function'),
    ...own,
    name: fc.oneof(
      language === 'python' ? choice('timer', 'My_Ext.2', 'import') : names,
      acceptedFor('name', { language }),
    ),
    description: acceptedFor('description', {}),
    author: nasty,
    email: acceptedFor('email', {}),
    license: choice('MIT', 'unlicensed', 'Apache-2.0', 'ISC', 'CC0-1.0'),
    repository: fc.oneof(
      choice('', 'owner/repo', 'git@gitlab.com:a/b.git', 'https://example.com:8443/a~b'),
      acceptedFor('repository', {}),
    ),
    'function-name': fc.oneof(
      choice('HttpTrigger', 'app', 'class', 'a--b_-', 'x'.repeat(128)),
      acceptedFor('function-name', {}),
    ),
    'function-app': choice('true', 'false'),
  });
}

function filesOf(answers: Answers, from = sources): OutputFile[] {
  const rooms: Room[] = answers.functionApp
    ? ['workspace', 'extension', 'function-app']
    : ['extension'];
  return rooms.flatMap((room) => plan(room, answers, from, { alone: !answers.functionApp }));
}

const markdown: Sources = {
  ...sources,
  filesIn: (folder) =>
    folder === 'functions'
      ? sources.filesIn(folder)
      : sources.filesIn(folder).filter(({ path }) => /\.(md|yml)$/.test(path)),
};

/** What the readmes are with a description that is not nasty. */
function plainReadmes(answers: Answers): Map<string, string> {
  const files = filesOf({ ...answers, description: 'Plain text.' }, markdown);
  return new Map(files.map(({ path, contents }) => [path, contents]));
}

/** The same for all who read it: on every system, and nowhere else. */
function checkPath(path: string): void {
  for (const part of path.split('/')) {
    assert.match(part, /^[\w.@-]{1,255}$/, path);
    assert.doesNotMatch(part, /\.$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i, path);
  }
}

/** Its form without its texts: what is in a fence stays there, and nothing else gets in. */
function formOf(node: MarkdownNode): unknown {
  return [
    node.type,
    node.depth,
    ...(node.type === 'paragraph' ? [] : (node.children ?? []).map(formOf)),
  ];
}

/** What a reader sees. */
function textOf({ type, value = '', children = [] }: MarkdownNode): string {
  return type === 'html' ? '' : value + children.map(textOf).join('');
}

/** A parser of what JavaScript has no parser for at hand. */
type Parse = (path: string, text: string) => Promise<unknown>;

interface Pyproject {
  project: { name: string; description: string; authors?: object[] };
}

/** Holds all files against what was typed. Those that were parsed before are not parsed again. */
async function checkFiles(answers: Answers, parsed: Set<string>, parse?: Parse): Promise<void> {
  const plain = plainReadmes(answers);
  for (const { path, contents } of filesOf(answers)) {
    checkPath(path);
    assert.doesNotMatch(contents, /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u, path);
    if (/^(extension\/)?README\.md$/.test(path)) {
      await checkReadme(path, contents, plain.get(path) ?? '', answers);
    } else if (path === (answers.functionApp ? 'extension/package.json' : 'package.json')) {
      checkPackageJson(JSON.parse(contents), answers);
    } else if (path.endsWith('/pyproject.toml') || path === 'pyproject.toml') {
      checkPyproject((await parse!(path, contents)) as Pyproject, answers);
    } else if (!parsed.has(contents)) {
      parsed.add(contents);
      await parseFile(path, contents, parse);
    }
  }
  assert.ok(!('executed' in globalThis));
}

async function parseFile(path: string, contents: string, parse?: Parse): Promise<void> {
  if (/\.([cm]?ts|mjs)$/.test(path)) {
    await parseTypeScript(path, contents);
  } else if (path.endsWith('.json')) {
    JSON.parse(contents);
  } else if (/\.ya?ml$/.test(path)) {
    parseYaml(contents);
  } else if (path.endsWith('.py')) {
    await parse!(path, contents);
  }
}

function checkPackageJson(packageJson: unknown, answers: Answers): void {
  const { name, description, author } = packageJson as Record<string, unknown>;
  const { email } = answers;
  assert.equal(name, answers.name);
  assert.equal(description, answers.description);
  assert.deepEqual(
    author,
    answers.author || email
      ? { name: answers.author || email, ...(email && { email }) }
      : undefined,
  );
}

function checkPyproject(
  { project }: Pyproject,
  { name, description, author, email }: Answers,
): void {
  assert.equal(project.name, name);
  assert.equal(project.description, wellFormed(description));
  const expected = {
    ...(author && { name: wellFormed(author) }),
    ...(email && { email: wellFormed(email) }),
  };
  assert.deepEqual(project.authors, author || email ? [expected] : undefined);
}

/** It has the form that it has with another description, and says what was typed. */
async function checkReadme(
  path: string,
  contents: string,
  plain: string,
  { description }: Answers,
): Promise<void> {
  // What is below the first heading would take minutes to parse, so it is compared only.
  const [head = '', ...rest] = contents.split('\n## ');
  const [plainHead = '', ...plainRest] = plain.split('\n## ');
  assert.deepEqual(rest, plainRest, path);
  const tree = await parseMarkdown(head);
  assert.deepEqual(formOf(tree), formOf(await parseMarkdown(plainHead)), path);
  const sentence = description.replace(/[^.!?]$/, '$&.');
  assert.equal(textOf(tree.children?.[1] ?? { type: '' }), sentence);
}

describe(`any text (${settings.numRuns} cases each; SEED=${seed} repeats them)`, function () {
  this.timeout(120_000);

  for (const id of generatorIds) {
    it(`is taken by a flag of ${id} for good, or refused in one line`, () => {
      const keys = new Map(
        parametersOf(id).flatMap(({ flag, key, placeholder }) =>
          placeholder ? [[flag, key]] : [],
        ),
      );
      fc.assert(
        fc.property(fc.constantFrom(...keys.keys()), nasty, (flag, value) => {
          const key = keys.get(flag)!;
          const form = (one: string) => given(id, { [flag]: one })[key];
          const taken = refusedOr(() => form(value));
          if (taken !== undefined) {
            assert.equal(form(String(taken)), taken, 'its own form is taken as it is');
            assert.equal(answersFrom(id, { [flag]: value })?.[key] ?? taken, taken);
          }
        }),
        settings,
      );
    });
  }

  it('is a destination or an option, or refused in one line', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 3 }), fc.array(nasty), (positionals, argv) => {
        const options = Object.fromEntries(argv.map((word) => [word.replace(/^-+/, ''), true]));
        const flags = refusedOr(() => readFlags('app', options, positionals, argv));
        assert.ok(flags?.given.destination === undefined || positionals.length > 0);
      }),
      settings,
    );
  });

  it('makes TypeScript, JSON, YAML and Markdown that say what was typed', async () => {
    const parsed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(flagsFor('typescript'), async (flags) => {
        const answers = answersFrom('app', flags);
        assert.ok(answers);
        await checkFiles(answers, parsed);
      }),
      settings,
    );
  });

  it('makes Python, TOML, JSON and Markdown that say what was typed', async function () {
    const pythons = await findPythons();
    const python = pythons.get('3.12') ?? pythons.get('3.11');
    if (python === undefined) {
      assert.ok(process.env.REQUIRE_PYTHON !== '1', 'There is no Python 3.11 or 3.12.');
      this.test!.title += ' (there is no Python 3.11 or 3.12)';
      this.skip();
    }
    const parser = new PythonParser(python);
    const parsed = new Set<string>();
    try {
      await fc.assert(
        fc.asyncProperty(flagsFor('python'), async (flags) => {
          const answers = answersFrom('app', flags);
          assert.ok(answers);
          await checkFiles(answers, parsed, (path, text) => parser.parse(path, text));
        }),
        settings,
      );
    } finally {
      parser.close();
    }
  });
});
