import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { languageIds } from '../../generators/languages/language.js';
import { languages } from '../../generators/languages/languages.js';
import { typescript } from '../../generators/languages/typescript.js';
import { ownTemplates } from '../../generators/package-root.js';
import { checkTemplates } from '../../generators/templates/check.js';
import { emit, recipeFor, substitutions } from '../../generators/templates/emit.js';
import type { Facts, OutputPart, Scope } from '../../generators/templates/layers.js';
import { openTemplates } from '../../generators/templates/load.js';
import { substitute, substituteInPath } from '../../generators/templates/substitute.js';
import { newFolder } from '../../tools/support/folders.js';

/** Templates that are complete, and small. */
const FILES: Record<string, unknown> = {
  'package.json': { dependencies: { left: '1.0.0' }, fetchedOnDemand: { right: '2.0.0' } },
  'support.json': {
    node: { supported: [22], tested: [20, 22], range: '>=20' },
    python: { supported: ['3.12'], tested: ['3.12'], range: '>=3.12' },
    functions: '^4.1.0',
  },
  'layers.json': {
    languages: {
      typescript: {
        names: { HttpTrigger: '{function}' },
        scopes: { app: {}, function: { names: { Base: 'FunctionBase' } } },
        workspace: [{ folder: 'typescript/workspace' }],
        extension: [
          { folder: 'typescript/workspace', when: { standalone: true, member: false } },
          { folder: 'typescript/extension' },
          { folder: 'typescript/function-level', when: { scope: 'function' } },
          { folder: 'typescript/{template}/extension' },
        ],
        'function-app': [
          { folder: 'typescript/pnpm', when: { packageManager: ['pnpm', 'yarn'] } },
          { folder: 'typescript/{template}/app', when: { standalone: false } },
        ],
        parts: [{ folder: 'typescript/parts' }, { folder: 'typescript/{template}/readme' }],
      },
    },
  },
  'typescript/workspace/_gitignore': 'dist/\n',
  'typescript/extension/package.json': '{ "name": <%- json(packageName) %>, "keywords": ["a"] }',
  'typescript/extension/README.md': '# <%- md(packageName) %>\n\n<%- part("what.md") %>\n',
  'typescript/extension/src/result.ts': 'export const base = Base;\n',
  'typescript/function-level/src/base.ts': 'export class Base {}\n',
  'typescript/pnpm/.npmrc': 'x\n',
  'typescript/parts/what.md': 'Nothing.\n',
  'typescript/clock/template.json': {
    summary: 'tells the time',
    description: 'A clock',
    default: true,
    name: 'clock',
    names: { ClockExtension: '{class}', clock: '{file}' },
    expect: [{ status: 200 }],
    options: { seconds: true },
  },
  'typescript/clock/extension/src/clock.ts': 'export class ClockExtension extends Base {}\n',
  'typescript/clock/extension/src/index.ts': "export * from './clock';\n",
  'typescript/clock/extension/package.json':
    '{ "keywords": ["b"], "dependencies": { "left": <%- json(version("left")) %> } }',
  'typescript/clock/app/test/HttpTrigger.test.ts': "request('/api/HttpTrigger');\n",
  'typescript/clock/readme/what.md': 'Tells the time to <%- functionName %>.\n',
};

function templatesWith(changes: Record<string, unknown> = {}) {
  const root = newFolder('templates');
  for (const [path, content] of Object.entries({ ...FILES, ...changes })) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (content === undefined) {
      rmSync(file, { force: true });
    } else {
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
  }
  return openTemplates(root);
}

function changed(path: string, change: (value: any) => void): Record<string, unknown> {
  const value: unknown = structuredClone(FILES[path]);
  change(value);
  return { [path]: value };
}

const typescriptLayers = (change: (layers: any) => void) =>
  changed('layers.json', ({ languages: { typescript: layers } }) => change(layers));
const clock = (change: (template: any) => void) =>
  changed('typescript/clock/template.json', change);

describe('templates', () => {
  it('can be read, and are complete', () => {
    const templates = templatesWith();
    checkTemplates(templates, ['typescript']);
    assert.equal(templates.version('right'), '2.0.0');
    assert.deepEqual(templates.support.node.tested, [20, 22]);
    assert.deepEqual(templates.templatesIn('typescript')[0]?.options, { seconds: true });
  });

  it('are complete in this package', () => {
    checkTemplates(ownTemplates(), languageIds);
  });

  for (const [what, changes, message] of [
    ['JSON that cannot be read', { 'layers.json': '{' }, /^layers\.json: /],
    [
      'a language that is missing',
      { 'layers.json': { languages: {} } },
      /^layers\.json: languages\.typescript is missing$/,
    ],
    [
      'an unknown key in layers.json',
      typescriptLayers((one) => (one.extra = [])),
      /^layers\.json: languages\.typescript\.extra is unknown/,
    ],
    [
      'a part without layers',
      typescriptLayers((one) => (one.workspace = [])),
      /^layers\.json: languages\.typescript\.workspace has no layers$/,
    ],
    [
      'an unknown condition',
      typescriptLayers((one) => (one.extension[0].when = { moon: 'full' })),
      /^layers\.json: languages\.typescript\.extension\[0\]\.when\.moon is unknown/,
    ],
    [
      'an unknown value of a condition',
      typescriptLayers((one) => (one.extension[0].when = { scope: 'all' })),
      /^layers\.json: languages\.typescript\.extension\[0\]\.when\.scope is not one of: app, function$/,
    ],
    [
      'a folder that is not there',
      typescriptLayers((one) => one.extension.push({ folder: 'typescript/none' })),
      /^layers\.json: there is no folder typescript\/none$/,
    ],
    [
      'a folder that is not used',
      { 'typescript/unused/a.ts': '' },
      /^typescript\/unused has no template\.json, and layers\.json does not name it$/,
    ],
    [
      'an unknown placeholder in a folder',
      typescriptLayers((one) => one.extension.push({ folder: 'typescript/{language}' })),
      /^layers\.json: languages\.typescript\.extension\[4\]\.folder has a placeholder/,
    ],
    [
      'a name of a layer that occurs nowhere',
      typescriptLayers((one) => (one.names.Nowhere = '{class}')),
      /^layers\.json: languages\.typescript\.names\.Nowhere occurs in no file$/,
    ],
    [
      'a name of a scope that occurs nowhere',
      typescriptLayers((one) => (one.scopes.function.names.Nowhere = 'X')),
      /^layers\.json: languages\.typescript\.scopes\.function\.names\.Nowhere occurs in no file$/,
    ],
    [
      'an unknown key in template.json',
      clock((one) => (one.extra = 1)),
      /^typescript\/clock\/template\.json: extra is unknown/,
    ],
    [
      'a key that is missing',
      clock((one) => delete one.summary),
      /^typescript\/clock\/template\.json: summary is missing$/,
    ],
    [
      'a value of another type',
      clock((one) => (one.names = [])),
      /^typescript\/clock\/template\.json: names is not an object$/,
    ],
    [
      'a name that stands for nothing',
      clock((one) => (one.names.ClockExtension = '{klass}')),
      /^typescript\/clock\/template\.json: names\.ClockExtension has \{klass\}, which stands for nothing$/,
    ],
    [
      'a name that occurs nowhere',
      clock((one) => (one.names.Nowhere = '{class}')),
      /^typescript\/clock\/template\.json: names\.Nowhere occurs in no file$/,
    ],
    [
      'a template that nothing shows to work',
      clock((one) => delete one.expect),
      /^typescript\/clock\/template\.json: expect has nothing that shows that it works$/,
    ],
    [
      'an expectation without a status',
      clock((one) => (one.expect = [{}])),
      /^typescript\/clock\/template\.json: expect\[0\]\.status is missing$/,
    ],
    [
      'an expectation that is no pattern',
      clock((one) => (one.expect = [{ status: 200, body: '(' }])),
      /^typescript\/clock\/template\.json: expect\[0\]\.body is not a regular expression/,
    ],
    [
      'no default',
      clock((one) => delete one.default),
      /^typescript\/\*\/template\.json: exactly one has to be the default, and none is$/,
    ],
    [
      'a folder of a template that is missing',
      { 'typescript/clock/readme/what.md': undefined },
      /^layers\.json: there is no folder typescript\/clock\/readme$/,
    ],
  ] as const) {
    it(`are refused for ${what}`, () => {
      const templates = templatesWith(changes);
      if ('typescript/clock/readme/what.md' in changes) {
        rmSync(join(templates.root, 'typescript/clock/readme'), { recursive: true });
      }
      assert.throws(() => checkTemplates(templates, ['typescript']), { message });
    });
  }
});

function emitted(
  part: OutputPart,
  facts: Facts & { scope: Scope },
  { file = 'audit', functionName = 'HttpTrigger' } = {},
) {
  const templates = templatesWith();
  const recipe = recipeFor({
    templates,
    language: 'typescript',
    code: typescript.code,
    template:
      facts.standalone && part === 'function-app'
        ? undefined
        : templates.templatesIn('typescript')[0],
    facts,
    fileNames: [file, `${file}-extension`],
    names: {
      class: 'AuditExtension',
      stem: 'Audit',
      package: 'audit',
      module: 'audit',
      function: functionName,
      identifier: functionName,
    },
  });
  const view = {
    packageName: 'audit',
    functionName,
    version: (name: string) => templates.version(name),
  };
  return Object.fromEntries(emit(part, recipe, view).map(({ path, contents }) => [path, contents]));
}

describe('emission', () => {
  it('lays layers over each other, substitutes names in code and renders documents', () => {
    assert.deepEqual(emitted('extension', { scope: 'app', standalone: false, member: false }), {
      'package.json':
        '{\n  "name": "audit",\n  "keywords": [\n    "a",\n    "b"\n  ],\n  "dependencies": {\n    "left": "1.0.0"\n  }\n}\n',
      'README.md': '# audit\n\nTells the time to HttpTrigger.\n',
      'src/result.ts': 'export const base = Base;\n',
      'src/audit.ts': 'export class AuditExtension extends Base {}\n',
      'src/index.ts': "export * from './audit';\n",
    });
  });

  it('takes layers by what is true of the output', () => {
    const files = emitted('extension', { scope: 'function', standalone: true, member: false });
    assert.equal(files['.gitignore'], 'dist/\n');
    assert.equal(files['src/base.ts'], 'export class FunctionBase {}\n');
    assert.equal(files['src/audit.ts'], 'export class AuditExtension extends FunctionBase {}\n');
  });

  it('meets no condition on what the output does not have', () => {
    assert.deepEqual(emitted('function-app', { scope: 'app', standalone: true }), {});
    assert.deepEqual(
      Object.keys(
        emitted('function-app', { scope: 'app', standalone: true, packageManager: 'yarn' }),
      ),
      ['.npmrc'],
    );
  });

  it('replaces the name of a function in file names and in text', () => {
    assert.deepEqual(
      emitted('function-app', { scope: 'app', standalone: false }, { functionName: 'get-orders' }),
      { 'test/get-orders.test.ts': "request('/api/get-orders');\n" },
    );
  });

  for (const file of ['index', 'result', 'Result']) {
    it(`gives the main file another name than that of another file: ${file}`, () => {
      const files = emitted('extension', { scope: 'app', standalone: false }, { file });
      assert.equal(files['src/index.ts'], `export * from './${file}-extension';\n`);
      assert.ok(files[`src/${file}-extension.ts`]);
      assert.ok(files['src/result.ts']);
    });
  }
});

describe('the templates of this package', () => {
  for (const id of languageIds) {
    it(`are the same with their own names: ${id}`, () => {
      const templates = ownTemplates();
      const language = languages[id];
      for (const template of templates.templatesIn(id)) {
        const declared = Object.entries({ ...templates.layersOf(id).names, ...template.names });
        const own = (placeholder: string): string =>
          declared.findLast(([, pattern]) => pattern === `{${placeholder}}`)?.[0] ?? '';
        const className = own('class');
        const recipe = recipeFor({
          templates,
          language: id,
          code: language.code,
          template,
          facts: { scope: 'app' },
          fileNames: [template.name.replaceAll('-', id === 'python' ? '_' : '-')],
          names: {
            class: className,
            stem: className.replace(/Extension$/, ''),
            package: own('package'),
            module: own('module'),
            function: own('function'),
            identifier: language.toIdentifier(own('function'), className),
          },
        });
        const rules = substitutions(recipe, true);
        for (const folder of ['extension', 'app']) {
          for (const file of templates.filesIn(`${id}/${template.id}/${folder}`)) {
            assert.equal(substituteInPath(file.path, rules), file.path);
            if (language.code.files.test(file.path)) {
              const source = templates.textOf(file);
              assert.equal(substitute(source, rules, language.code.segments), source, file.source);
              const segments = language.code.segments(source).map(({ text }) => text);
              assert.equal(segments.join(''), source, file.source);
            }
          }
        }
      }
    });
  }
});
