import { applyEdits, findNodeAtLocation, modify, type Node, parseTree } from 'jsonc-parser';
import { eolOf } from './text-edits.js';

/*
 * Changes to JSON files of the user's. Everything else stays as it is: comments, order and format.
 */

/** Adds a field to an object in JSON with comments, at its end. */
export function withSetting(text: string, object: string, key: string, value: string): string {
  const last = lastPropertyOf(text, object);
  const end = last ? last.offset + last.length : 0;
  const lineBreak = text.indexOf('\n', end);
  const [, comma, comment] =
    /^(\s*,)?(\s*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/))?\s*$/.exec(
      text.slice(end, Math.max(end, lineBreak)),
    ) ?? [];
  if (!last || comment === undefined) {
    return withField(text, [object, key], value);
  }
  // jsonc-parser would put the new field between the last one and the comment on it.
  const lineStart = text.lastIndexOf('\n', last.offset) + 1;
  const [indentation = ''] = /^[ \t]*/.exec(text.slice(lineStart)) ?? [];
  const eol = text[lineBreak - 1] === '\r' ? '\r\n' : '\n';
  return [
    text.slice(0, end),
    comma ? '' : ',',
    text.slice(end, lineBreak + 1),
    `${indentation}${JSON.stringify(key)}: ${JSON.stringify(value)}${comma ? ',' : ''}${eol}`,
    text.slice(lineBreak + 1),
  ].join('');
}

/** Adds a dependency to a package.json, at its place in the alphabet, or changes it. */
export function withDependency(text: string, name: string, range: string): string {
  return withField(text, ['dependencies', name], range, placeOf(name));
}

/** Where a name belongs among names in alphabetical order. */
export function placeOf(name: string): (names: string[]) => number {
  return (names) => {
    const index = names.findIndex((one) => one.localeCompare(name, 'en') > 0);
    return index < 0 ? names.length : index;
  };
}

/** Sets a field of JSON, or for the index -1 adds to a list. */
export function withField(
  text: string,
  path: (string | number)[],
  value: unknown,
  getInsertionIndex?: (names: string[]) => number,
): string {
  const [indentation = '  '] = /^[ \t]+(?=")/m.exec(text) ?? [];
  const edits = modify(text, path, value, {
    formattingOptions: {
      insertSpaces: !indentation.includes('\t'),
      tabSize: indentation.length,
      eol: eolOf(text),
    },
    ...(getInsertionIndex && { getInsertionIndex }),
  });
  return applyEdits(text, edits);
}

/** Removes a field of JSON with comments, and with it the comment in its line. */
export function withoutField(text: string, path: (string | number)[]): string {
  const property = nodeAt(text, path)?.parent;
  const siblings = property?.parent?.children ?? [];
  if (!property) {
    return text;
  }
  const end = property.offset + property.length;
  const lineStart = text.lastIndexOf('\n', property.offset) + 1;
  const lineBreak = text.indexOf('\n', end);
  const rest = /^\s*(,)?\s*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/)?\s*$/.exec(text.slice(end, lineBreak));
  if (!rest || lineBreak < 0 || text.slice(lineStart, property.offset).trim() !== '') {
    return withField(text, path, undefined);
  }
  // jsonc-parser would take the comment on the field before with it.
  const before = siblings[siblings.indexOf(property) - 1];
  const beforeEnd = before ? before.offset + before.length : lineStart;
  const isLast = rest[1] === undefined && property === siblings.at(-1);
  const between = text.slice(beforeEnd, lineStart);
  return [
    text.slice(0, beforeEnd),
    isLast ? between.replace(/^(\s*),/, '$1') : between,
    text.slice(lineBreak + 1),
  ].join('');
}

/** The value at a path of JSON with comments. */
export function valueAt(text: string, path: (string | number)[]): unknown {
  return nodeAt(text, path)?.value;
}

function lastPropertyOf(text: string, object: string): Node | undefined {
  return nodeAt(text, [object])?.children?.at(-1);
}

function nodeAt(text: string, path: (string | number)[]): Node | undefined {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  return tree && findNodeAtLocation(tree, path);
}
