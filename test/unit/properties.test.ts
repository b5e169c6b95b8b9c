import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { planExtension } from '../../generators/commands/create.js';
import { languages } from '../../generators/languages/languages.js';
import type { NewExtension } from '../../generators/questions/decision.js';
import { questionsOf, readFlags } from '../../generators/questions/flags.js';
import { type CommandId, commandIds } from '../../generators/questions/question.js';
import { Refusal } from '../../generators/refusal.js';
import type { OutputFile } from '../../generators/templates/emit.js';
import { wellFormed } from '../../generators/templates/serialize.js';
import { decided, systemWith, templates, typedAs } from '../support/decided.js';
import { nasty } from '../support/nasty.js';
import {
  type MarkdownNode,
  parseMarkdown,
  parseTypeScript,
  PythonParser,
} from '../support/parsers.js';
import { findPythons } from '../../tools/support/python.js';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const settings = { seed, numRuns: Number(process.env.CASES ?? 200) };
const system = systemWith();
const { cwd } = system;

/** One line, without anything that a terminal could take for an order. */
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]+$/u;

/** The value, or nothing where it is refused; in one line, or else this fails. */
async function refusedOr<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.match(error.message, ONE_LINE);
    return undefined;
  }
}

/** What is typed, read. */
async function given(
  command: CommandId,
  flags: Record<string, string>,
): Promise<Record<string, unknown>> {
  return (await readFlags(typedAs(command, flags), templates)).answers;
}

/** What is decided; nothing where it is refused. */
async function decisionFrom(flags: Record<string, string>): Promise<NewExtension | undefined> {
  return refusedOr(async () => (await decided('app', flags, { cwd })).decision);
}

/** What is nasty and yet accepted, in place of what is refused. */
async function acceptedFor(
  flag: string,
  value: string,
  others: Record<string, string>,
): Promise<string> {
  return (await refusedOr(() => given('app', { ...others, [flag]: value })))
    ? value
    : (ACCEPTED[flag] ?? '');
}

const ACCEPTED: Record<string, string> = {
  name: 'timer',
  description: 'x',
  'function-name': 'HttpTrigger',
};

const names = fc.constantFrom('timer', '@contoso/x', 'http-log', 'a1', 'extension', 'await');

/** Flags with any text wherever one is. */
function flagsFor(language: NewExtension['language']): fc.Arbitrary<Record<string, string>> {
  const choice = (...values: string[]) => fc.constantFrom(...values);
  const own: Record<string, fc.Arbitrary<string>> = language === 'python'
    ? { 'programming-model': choice('v1', 'v2') }
    : { 'functions-range': choice('^4.1.0', '4.x', '>=4.2.0 <4.9 || ~4.10.1', '4.1.0 - 4.3.0') };
  return fc.record({
    language: fc.constant(language),
    template: choice(...templates.templatesIn(language).map(({ id }) => id)),
    scope: choice('app', 'function'),
    ...own,
    'package-manager': choice(...languages[language].packageManagers.names),
    ci: choice('github', 'none'),
    name: fc.oneof(language === 'python' ? choice('timer', 'My_Ext.2', 'import') : names, nasty),
    description: nasty,
    author: nasty,
    email: nasty,
    license: choice('MIT', 'unlicensed', 'Apache-2.0', 'ISC', 'CC0-1.0'),
    repository: fc.oneof(
      choice('', 'owner/repo', 'git@gitlab.com:a/b.git', 'https://example.com:8443/a~b'),
      nasty,
    ),
    'function-name': fc.oneof(
      choice('HttpTrigger', 'app', 'class', 'a--b_-', 'x'.repeat(128)),
      nasty,
    ),
    'function-app': choice('true', 'false'),
  });
}

/** The same flags, without what is refused. */
async function acceptable(flags: Record<string, string>): Promise<Record<string, string>> {
  const { language = 'typescript' } = flags;
  const entries = Object.entries(flags).map(async ([flag, value]) => [
    flag,
    await acceptedFor(flag, value, { language }),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

async function filesOf(decision: NewExtension): Promise<readonly OutputFile[]> {
  return (await planExtension(decision, system, templates)).files;
}

/** What the readmes are with a description that is not nasty. */
async function plainReadmes(decision: NewExtension): Promise<Map<string, string>> {
  const files = await filesOf({ ...decision, description: 'Plain text.' });
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
async function checkFiles(
  answers: NewExtension,
  parsed: Set<string>,
  parse?: Parse,
): Promise<void> {
  const plain = await plainReadmes(answers);
  for (const { path, contents } of await filesOf(answers)) {
    if (/local[-_]host\.(cjs|py)$/.test(path)) {
      continue;
    }
    checkPath(path);
    assert.doesNotMatch(contents, /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u, path);
    if (/^(extension\/)?README\.md$/.test(path)) {
      await checkReadme(path, contents, plain.get(path) ?? '', answers);
    } else if (path === (answers.functionApp ? 'extension/package.json' : 'package.json')) {
      checkPackageJson(JSON.parse(contents), answers);
    } else if (path === (answers.functionApp ? 'extension/pyproject.toml' : 'pyproject.toml')) {
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

function checkPackageJson(packageJson: unknown, answers: NewExtension): void {
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
  { name, description, author, email }: NewExtension,
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
  { description }: NewExtension,
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

  const keysByCommand = commandIds.map(
    (id) =>
      [
        id,
        new Map(
          questionsOf(id).flatMap(({ flag, key, placeholder }) =>
            placeholder ? [[flag, key]] : [],
          ),
        ),
      ] as const,
  );
  for (const [id, keys] of keysByCommand.filter(([, { size }]) => size > 0)) {
    it(`is taken by a flag of ${id} for good, or refused in one line`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...keys.keys()), nasty, async (flag, value) => {
          const form = async (one: string) =>
            (await given(id, { [flag]: one }))[keys.get(flag) ?? ''];
          const taken = await refusedOr(() => form(value));
          if (taken !== undefined) {
            assert.deepEqual(await form(String(taken)), taken, 'its own form is taken as it is');
          }
        }),
        settings,
      );
    });
  }

  it('is a destination or an option, or refused in one line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(nasty, { maxLength: 3 }),
        fc.array(nasty),
        async (positionals, argv) => {
          const options = Object.fromEntries(argv.map((word) => [word.replace(/^-+/, ''), true]));
          const typed = { command: 'app', options, positionals, argv } as const;
          const flags = await refusedOr(() => readFlags(typed, templates));
          assert.ok(flags?.destination === undefined || positionals.length > 0);
        },
      ),
      settings,
    );
  });

  it('makes TypeScript, JSON, YAML and Markdown that say what was typed', async () => {
    const parsed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(flagsFor('typescript'), async (flags) => {
        const answers = await decisionFrom(await acceptable(flags));
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
          const answers = await decisionFrom(await acceptable(flags));
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
