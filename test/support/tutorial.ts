import assert from 'node:assert/strict';

/** Languages of what is quoted from a file. */
const EXCERPTS = ['ts', 'py', 'json', 'md'];

/**
 * What is between fences in a tutorial. `sh` is run, `text` is what that has printed, `diff` is to be
 * done to a file, and all else is in a file.
 */
export interface Step {
  kind: 'sh' | 'text' | 'diff' | 'excerpt';
  text: string;
  /** The file that the line above names, of a step that is about one; relative to the current folder. */
  file?: string;
}

/** @throws Error if a fence has another language, or if nothing names the file that it is about. */
export function stepsIn(markdown: string): Step[] {
  return [...markdown.matchAll(/^(.*)\n+^```(.*)\n([^]*?)^```$/gm)].map(
    ([, above = '', language = '', text = '']) => {
      const kind = EXCERPTS.includes(language) ? 'excerpt' : language;
      assert.ok(kind === 'sh' || kind === 'text' || kind === 'diff' || kind === 'excerpt', kind);
      if (kind === 'sh' || kind === 'text') {
        return { kind, text };
      }
      const file = /`([^`]+)`[^`]*:$/.exec(above)?.[1];
      assert.ok(file, `No file is named above:\n${text}`);
      return { kind, text, file };
    },
  );
}

/** Whether a text has all lines of an excerpt, in order and whole, with gaps only where it has `…`. */
export function hasExcerpt(
  text: string,
  excerpt: string,
  normalize: (line: string) => string,
): boolean {
  const lines = (one: string) =>
    `\n${one
      .trim()
      .split('\n')
      .map((line) => normalize(line.trim()))
      .join('\n')}\n`;
  let rest = lines(text);
  return excerpt
    .split(/^…$/m)
    .map(lines)
    .every((part) => {
      const position = rest.indexOf(part);
      rest = rest.slice(position + part.length - 1);
      return position >= 0;
    });
}

/**
 * Does to a text what a diff says.
 *
 * @throws Error if what is to be changed is not there exactly once.
 */
export function patched(text: string, diff: string): string {
  const side = (sign: string) =>
    diff
      .split(/^/m)
      .filter((line) => line.startsWith(' ') || line.startsWith(sign) || line === '\n')
      .map((line) => (line === '\n' ? line : line.slice(1)))
      .join('');
  const [before = '', after, ...others] = text.split(side('-'));
  assert.ok(after !== undefined && others.length === 0, `This does not fit:\n${diff}`);
  return before + side('+') + after;
}
