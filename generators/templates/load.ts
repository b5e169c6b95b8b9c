import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LanguageLayers, readLayers } from './layers.js';
import {
  field,
  fields,
  flag,
  type JsonValue,
  list,
  number,
  optional,
  pattern,
  readJson,
  record,
  text,
  wrong,
} from './read-json.js';
import { readPattern } from './substitute.js';

/** A kind of extension: a folder of `templates/<language>/` that has a template.json. */
export interface Template {
  /** Name of its folder. */
  readonly id: string;
  readonly language: string;
  /** One line, for the question and for `--help`. */
  readonly summary: string;
  /** Description of the emitted package unless another one is given. */
  readonly description: string;
  /** Name of the extension unless another one is given. */
  readonly name: string;
  /** Names in its sources, and what they stand for. */
  readonly names: Readonly<Record<string, string>>;
  /** The options with which an app begins, if any. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  /** App settings that the extension reads, with values for local use. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the entry file of the app imports before the extension. */
  readonly imports: readonly string[];
  /** Headers that a request to the sample needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** What shows over HTTP that it works. */
  readonly expect: readonly Expectation[];
}

/** A request to the sample, and what shows that the extension has worked: regular expressions. */
export interface Expectation {
  readonly method: string | undefined;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestBody: string | undefined;
  readonly status: number;
  readonly body: string | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly log: string | undefined;
}

/** A file below `templates/`. */
export interface SourceFile {
  /** Path below its layer's folder, with forward slashes. */
  readonly path: string;
  /** Path below `templates/`. */
  readonly source: string;
}

/** What `templates/support.json` says. */
export interface Support {
  readonly node: {
    /** Majors that get fixes. */
    readonly supported: readonly number[];
    /** Majors that workflows test on. */
    readonly tested: readonly number[];
    /** For `engines`. */
    readonly range: string;
  };
  readonly python: {
    readonly supported: readonly string[];
    /** Versions that are tested where they are installed. */
    readonly tested: readonly string[];
    /** For `requires-python`. */
    readonly range: string;
  };
  /** The peer range for `@azure/functions`. */
  readonly functions: string;
}

/** Gives access to `templates/`. What is read is checked, and read once. */
export interface Templates {
  /** The folder `templates/`. */
  readonly root: string;
  readonly support: Support;
  /**
   * The version range of a package in what is emitted.
   *
   * @throws Error for a package that templates/package.json does not have.
   */
  version(name: string): string;
  layersOf(language: string): LanguageLayers;
  /** The templates of a language: the default one, and the others in alphabetical order. */
  templatesIn(language: string): readonly Template[];
  /** All files below a folder. */
  filesIn(folder: string): readonly SourceFile[];
  textOf(file: SourceFile): string;
  /** Reads ahead what is needed to make an extension in a language. */
  prepare(language: string, template: string | undefined): void;
}

/** What an editor, an interpreter or a package manager leaves in a folder that is worked in. */
const LEFT_BY_TOOLS = new Set(['node_modules', '__pycache__', '.mypy_cache', '.pytest_cache']);

/**
 * Opens a folder of templates.
 *
 * @throws Error that names file and key, for whatever in it is wrong. So do the functions of what is
 *   returned.
 */
export function openTemplates(root: string): Templates {
  const layers = once(() => {
    const json = readJson(join(root, 'layers.json'), 'layers.json');
    fields(json, ['languages']);
    return new Map(
      fields(field(json, 'languages')).map(([language, one]) => [language, () => readLayers(one)]),
    );
  });
  const versions = once(() => readVersions(readJson(join(root, 'package.json'), 'package.json')));
  const support = once(() => readSupport(readJson(join(root, 'support.json'), 'support.json')));
  const texts = perKey((source) => readFileSync(`${root}/${source}`, 'utf8'));
  const templates: Templates = {
    root,
    get support() {
      return support();
    },
    version(name) {
      const version = versions()[name];
      if (version === undefined) {
        throw new Error(`package.json: there is no version of ${name}`);
      }
      return version;
    },
    layersOf: perKey((language) => {
      const read = layers().get(language);
      if (!read) {
        throw new Error(`layers.json: languages.${language} is missing`);
      }
      return read();
    }),
    templatesIn: perKey((language) => readTemplates(root, language)),
    filesIn: perKey((folder) => filesBelow(root, folder)),
    textOf: ({ source }) => texts(source),
    prepare(language, template) {
      const { layers: byPart, readmeParts } = templates.layersOf(language);
      const [first] = templates.templatesIn(language);
      const id = template ?? first?.id ?? '';
      for (const { folder, when } of [...Object.values(byPart).flat(), ...readmeParts]) {
        // What a layer without conditions has is emitted in any case.
        if (Object.keys(when).length === 0) {
          templates.filesIn(folder.replace('{template}', id)).forEach(templates.textOf);
        }
      }
    },
  };
  return templates;
}

function once<Value>(read: () => Value): () => Value {
  let done: { value: Value } | undefined;
  return () => (done ??= { value: read() }).value;
}

function perKey<Value>(read: (key: string) => Value): (key: string) => Value {
  const done = new Map<string, Value>();
  return (key) => {
    const value = done.get(key) ?? read(key);
    done.set(key, value);
    return value;
  };
}

function filesBelow(root: string, folder: string, below = ''): SourceFile[] {
  try {
    return readdirSync(`${root}/${folder}/${below}`, { withFileTypes: true })
      .filter(({ name }) => !LEFT_BY_TOOLS.has(name))
      .flatMap((entry) => {
        const path = `${below}${entry.name}`;
        return entry.isDirectory()
          ? filesBelow(root, folder, `${path}/`)
          : [{ path, source: `${folder}/${path}` }];
      });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new Error(`layers.json: there is no folder ${folder}`, { cause: error })
      : error;
  }
}

function readTemplates(root: string, language: string): Template[] {
  const templates = readdirSync(join(root, language), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((id) => readTemplate(root, language, id) ?? []);
  const [first, ...more] = templates.filter(({ isDefault }) => isDefault);
  if (!first || more.length > 0) {
    throw new Error(
      `${language}/*/template.json: exactly one has to be the default, and ${first ? [first, ...more].map(({ template }) => template.id).join(' and ') : 'none'} is`,
    );
  }
  return [first, ...templates.filter((one) => one !== first)].map(({ template }) => template);
}

function readTemplate(
  root: string,
  language: string,
  id: string,
): { template: Template; isDefault: boolean } | undefined {
  const file = `${language}/${id}/template.json`;
  const path = join(root, file);
  if (!existsSync(path)) {
    return undefined;
  }
  const json = readJson(path, file);
  fields(json, [
    'summary',
    'description',
    'default',
    'name',
    'names',
    'options',
    'settings',
    'app',
    'request',
    'expect',
  ]);
  const [app, request] = [field(json, 'app'), field(json, 'request')];
  const expectations = once(() => list(field(json, 'expect'), readExpectation));
  optional(app, (one) => fields(one, ['imports']));
  optional(request, (one) => fields(one, ['headers']));
  return {
    isDefault: flag(field(json, 'default')),
    template: {
      id,
      language,
      summary: text(field(json, 'summary')),
      description: text(field(json, 'description')),
      name: text(field(json, 'name')),
      names: record(field(json, 'names'), readPattern),
      options: optional(field(json, 'options'), (one) => record(one, ({ value }) => value)),
      settings: record(field(json, 'settings'), text),
      imports: list(field(app, 'imports'), text),
      headers: record(field(request, 'headers'), text),
      // A run does without, and regular expressions take their time.
      get expect() {
        return expectations();
      },
    },
  };
}

function readExpectation(json: JsonValue): Expectation {
  fields(json, [
    'method',
    'query',
    'headers',
    'requestBody',
    'status',
    'body',
    'responseHeaders',
    'log',
  ]);
  return {
    method: optional(field(json, 'method'), text),
    query: optional(field(json, 'query'), text) ?? '',
    headers: record(field(json, 'headers'), text),
    requestBody: optional(field(json, 'requestBody'), text),
    status: number(field(json, 'status')),
    body: optional(field(json, 'body'), pattern),
    responseHeaders: record(field(json, 'responseHeaders'), pattern),
    log: optional(field(json, 'log'), pattern),
  };
}

function readVersions(json: JsonValue): Record<string, string> {
  return Object.assign(
    {},
    ...['dependencies', 'devDependencies', 'fetchedOnDemand'].map((key) =>
      record(field(json, key), text),
    ),
  ) as Record<string, string>;
}

function readSupport(json: JsonValue): Support {
  fields(json, ['node', 'python', 'functions']);
  const [node, python] = [field(json, 'node'), field(json, 'python')];
  fields(node, ['supported', 'tested', 'range']);
  fields(python, ['supported', 'tested', 'range']);
  const supported = list(field(node, 'supported'), number);
  if (supported.length === 0) {
    throw wrong(field(node, 'supported'), 'is empty');
  }
  return {
    node: {
      supported,
      tested: list(field(node, 'tested'), number),
      range: text(field(node, 'range')),
    },
    python: {
      supported: list(field(python, 'supported'), text),
      tested: list(field(python, 'tested'), text),
      range: text(field(python, 'range')),
    },
    functions: text(field(json, 'functions')),
  };
}
