import { isSeq, parseDocument } from 'yaml';
import { eolOf } from './text-edits.js';

/** Adds a text to a list in YAML. Everything else stays as it is: comments, order and format. */
export function withItem(text: string, path: readonly string[], value: string): string {
  const list = parseDocument(text).getIn(path);
  const last = isSeq(list) ? list.items.at(-1) : undefined;
  const range = (last as { range?: [number, number, number] } | undefined)?.range;
  if (!isSeq(list) || !range) {
    throw new Error(`There is no list to add to at ${path.join('.')}.`);
  }
  const item = JSON.stringify(value);
  if (list.flow) {
    return `${text.slice(0, range[1])}, ${item}${text.slice(range[1])}`;
  }
  const lineStart = text.lastIndexOf('\n', range[0]) + 1;
  const [indentation = ''] = /^[ \t]*/.exec(text.slice(lineStart)) ?? [];
  const lineEnd = text.indexOf('\n', range[1]);
  const eol = eolOf(text);
  return lineEnd < 0
    ? `${text}${eol}${indentation}- ${item}${eol}`
    : `${text.slice(0, lineEnd + 1)}${indentation}- ${item}${eol}${text.slice(lineEnd + 1)}`;
}
