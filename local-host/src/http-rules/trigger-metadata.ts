import { parseQuery } from './query.js';
import { toUpperOrdinal } from '../routing/ordinal.js';

/** A value as the worker receives it. */
export type MetadataValue = { readonly string: string } | { readonly json: string };

export interface HttpMetadataSource {
  readonly params: Readonly<Record<string, string>>;
  /** Parameters of the route that are left out in the path. They hide what has the same name. */
  readonly absentParams?: readonly string[];
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined or empty if there is none, or if its length is not known. */
  readonly body?: Uint8Array | undefined;
}

/**
 * The trigger metadata of an HTTP function. A streaming app takes its headers and the parameters
 * of the route from it, so that `request.params` also hold the query and the members of a JSON
 * body.
 */
export function httpTriggerMetadata({
  params,
  absentParams = [],
  rawQuery,
  headers,
  body,
}: HttpMetadataSource): Record<string, MetadataValue> {
  const query = parseQuery(rawQuery);
  const found = new Map<string, { name: string; value: MetadataValue | undefined }>();
  const set = (name: string, value: MetadataValue | undefined) => {
    const key = toUpperOrdinal(name);
    found.set(key, { name: found.get(key)?.name ?? name, value });
  };
  for (const [name, value] of membersOf(body)) {
    set(name, value);
  }
  for (const [name, value] of Object.entries(query)) {
    if (name.toLowerCase() !== 'code') {
      set(name, { string: value });
    }
  }
  for (const [name, value] of Object.entries(params)) {
    set(name, { string: value });
  }
  for (const name of absentParams) {
    set(name, undefined);
  }
  for (const [name, value] of [['Query', query] as const, ['Headers', headers] as const]) {
    if (!found.has(name.toUpperCase())) {
      set(name, { json: JSON.stringify(value) });
    }
  }
  return Object.fromEntries(
    [...found.values()].flatMap(({ name, value }) => (value ? [[name, value]] : [])),
  );
}

/** The members of a JSON object: numbers and truth values as .NET writes them, no lists. */
function membersOf(body: Uint8Array | undefined): [name: string, value: MetadataValue][] {
  const text = body?.length ? Buffer.from(body).toString().trim() : '';
  if (!/^\{[^]*\}$/.test(text)) {
    return [];
  }
  let parsed: object;
  try {
    parsed = JSON.parse(text) as object;
  } catch {
    return [];
  }
  return Object.entries(parsed).flatMap(([name, value]: [string, unknown]) => {
    if (value === null || Array.isArray(value)) {
      return [];
    }
    const isObject = typeof value === 'object';
    const written = typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
    return [[name, isObject ? { json: JSON.stringify(value) } : { string: written }]];
  });
}
