/** A stretch of source code of one kind. `text` is all that a language does not read as code: comments, patterns. */
export interface Segment {
  kind: 'code' | 'string' | 'text';
  text: string;
}

/** Splits source code into code, strings and the rest. */
export type Segmenter = (source: string) => Segment[];

/** After these, a slash in JavaScript begins a regular expression and does not divide. */
const BEFORE_PATTERN =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|throw|await|yield|else|do))\s*$/;

/** TypeScript and JavaScript. */
export const scriptSegments: Segmenter = (source) => {
  const segments: Segment[] = [];
  /** For each template literal that is open, how many braces are open in its expression. */
  const open: number[] = [];
  let code = '';
  let index = 0;
  const take = (kind: Segment['kind'], pattern: RegExp): boolean => {
    pattern.lastIndex = index;
    const [text] = pattern.exec(source) ?? [];
    if (text === undefined) {
      return false;
    }
    index += text.length;
    if (kind !== 'code') {
      segments.push({ kind, text });
    } else if (segments.at(-1)?.kind === 'code') {
      segments[segments.length - 1] = { kind, text: `${segments.at(-1)?.text}${text}` };
    } else {
      segments.push({ kind, text });
    }
    code = kind === 'code' ? text : kind === 'string' ? "''" : code;
    return true;
  };
  while (index < source.length) {
    const brace = source[index];
    if (brace === '{' || brace === '}') {
      const depth = open.pop();
      if (brace === '}' && depth === 0) {
        take('text', /\}(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y);
        if (segments.at(-1)?.text.endsWith('${')) {
          open.push(0);
        }
        continue;
      }
      if (depth !== undefined) {
        open.push(depth + (brace === '{' ? 1 : -1));
      }
      take('code', /[{}]/y);
    } else if (source[index] === '`') {
      if (!take('text', /`(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y)) {
        take('text', /[^]*/y);
      } else if (segments.at(-1)?.text.endsWith('${')) {
        open.push(0);
        code = '(';
      }
    } else if (
      !take('text', /\/\/.*|\/\*[^]*?\*\//y) &&
      !take('string', /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y) &&
      !(
        source[index] === '/' &&
        BEFORE_PATTERN.test(code) &&
        take('text', /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y)
      )
    ) {
      take('code', /[^'"`/{}]+|[^]/y);
    }
  }
  return segments;
};

/** Python. */
export const pythonSegments: Segmenter = (source) => {
  const pattern =
    /(#.*)|("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')|[^#"']+|[^]/g;
  return [...source.matchAll(pattern)].map(([text, comment, string]) => ({
    kind: comment !== undefined ? 'text' : string !== undefined ? 'string' : 'code',
    text,
  }));
};
