import { fields, type JsonValue, field, flag, list, oneOf, optional, record, text, wrong } from './read-json.js';
import { readPattern } from './substitute.js';

/** The parts of the output. */
export const outputParts = ['workspace', 'extension', 'function-app'] as const;

export type OutputPart = (typeof outputParts)[number];

/** Where an extension acts: on every function of an app, or on the functions that it is created for. */
export const scopes = ['app', 'function'] as const;

export type Scope = (typeof scopes)[number];

/** What can be said in `when`, with the values that there are. */
const CONDITIONS = {
  scope: scopes,
  packageManager: ['npm', 'pnpm', 'yarn', 'pip', 'uv'],
  ci: ['github', 'none'],
  weeklyUpdate: [true, false],
  programmingModel: ['v1', 'v2'],
  trigger: ['http', 'timer', 'queue'],
  /** Whether an app takes the extension from its folder wheels/. */
  wheels: [true, false],
  /** Whether the part is the whole output. */
  standalone: [true, false],
  /** Whether it becomes a member of a workspace that exists. */
  member: [true, false],
} as const;

type Condition = keyof typeof CONDITIONS;

/** What is true of an output. A condition on a fact that it does not have is not met. */
export type Facts = { readonly [Name in Condition]?: (typeof CONDITIONS)[Name][number] };

/** A folder of `templates/`, and when it is used. */
export interface Layer {
  /** Path below `templates/`. `{template}` stands for the id of the template. */
  readonly folder: string;
  readonly when: Readonly<Record<string, readonly (string | boolean)[]>>;
}

/** What layers.json says of a language. */
export interface LanguageLayers {
  /** Names in the layers' sources, and what they stand for. */
  readonly names: Readonly<Record<string, string>>;
  /** Names that are others at a scope. */
  readonly scopes: Readonly<Record<Scope, Readonly<Record<string, string>>>>;
  /** For each part of the output what is laid over what. The later one wins. */
  readonly layers: Readonly<Record<OutputPart, readonly Layer[]>>;
  /** Where the parts of readmes are. The later one wins. */
  readonly readmeParts: readonly Layer[];
  /** The folder with the functions that `:function` adds. */
  readonly functions: string | undefined;
}

/** Reads what layers.json says of a language. */
export function readLayers(json: JsonValue): LanguageLayers {
  fields(json, ['names', 'scopes', ...outputParts, 'parts', 'functions']);
  const byScope = field(json, 'scopes');
  fields(byScope, scopes);
  const namesAt = (scope: Scope) => {
    const one = field(byScope, scope);
    fields(one, ['names']);
    return record(field(one, 'names'), readPattern);
  };
  const layersOf = (part: OutputPart) => {
    const layers = list(field(json, part), readLayer);
    if (layers.length === 0) {
      throw wrong(field(json, part), 'has no layers');
    }
    return layers;
  };
  return {
    names: record(field(json, 'names'), readPattern),
    scopes: { app: namesAt('app'), function: namesAt('function') },
    layers: {
      workspace: layersOf('workspace'),
      extension: layersOf('extension'),
      'function-app': layersOf('function-app'),
    },
    readmeParts: list(field(json, 'parts'), readLayer),
    functions: optional(field(json, 'functions'), text),
  };
}

function readLayer(json: JsonValue): Layer {
  fields(json, ['folder', 'when']);
  const folder = text(field(json, 'folder'));
  if (/[{}]/.test(folder.replace('{template}', ''))) {
    throw wrong(field(json, 'folder'), 'has a placeholder other than {template}');
  }
  const when = field(json, 'when');
  const conditions = when.value === undefined ? [] : fields(when, Object.keys(CONDITIONS));
  return {
    folder,
    when: Object.fromEntries(
      conditions.map(([name, value]) => [name, readValues(value, CONDITIONS[name as Condition])]),
    ),
  };
}

function readValues(
  json: JsonValue,
  possible: readonly (string | boolean)[],
): (string | boolean)[] {
  const read = (one: JsonValue): string | boolean =>
    typeof possible[0] === 'boolean' ? flag(one) : oneOf(one, possible as readonly string[]);
  return Array.isArray(json.value) ? list(json, read) : [read(json)];
}

/** A folder of `templates/` that applies. */
export interface LayerFolder {
  /** Path below `templates/`. */
  folder: string;
  /** Whether it is one of the template, as opposed to one that templates share. */
  isTemplate: boolean;
}

/**
 * The folders of the layers that apply, in their order.
 *
 * @param template Id of the template; none for an app whose extension exists. Then no layer of a
 *   template applies.
 */
export function foldersFor(
  layers: readonly Layer[],
  facts: Facts,
  template: string | undefined,
): LayerFolder[] {
  return layers.flatMap((layer): LayerFolder[] => {
    const isTemplate = layer.folder.includes('{template}');
    return applies(layer, facts) && (!isTemplate || template !== undefined)
      ? [{ folder: layer.folder.replace('{template}', template ?? ''), isTemplate }]
      : [];
  });
}

function applies({ when }: Layer, facts: Facts): boolean {
  return Object.entries(when).every(([name, values]) => {
    const fact = facts[name as Condition];
    return fact !== undefined && values.includes(fact);
  });
}
