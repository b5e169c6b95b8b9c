import ejs from 'ejs';
import { js, json, md, py, toml } from './serialize.js';

/** A template: text with EJS tags. */
export interface TemplateFile {
  /** Path with forward slashes. */
  path: string;
  text: string;
}

/** A file to write. */
export interface OutputFile {
  /** Path below the destination, with forward slashes. */
  path: string;
  contents: string;
  /** Whether this changes a file of the user's, and keeps what is in it. */
  isEdit?: boolean;
}

/**
 * Renders a template. Text that a user has typed goes through one of the serializers `js`, `json`,
 * `md`, `py` and `toml`; EJS's own escaping is for HTML only, and a template that uses it is refused.
 *
 * @throws Error with file and line, if the template asks for what the view does not have.
 */
export function render({ path, text }: TemplateFile, view: object): string {
  if (text.includes('<%=')) {
    throw new Error(`${path} has a tag <%=. Use <%- with a serializer.`);
  }
  if (!text.includes('<%')) {
    return text;
  }
  const data = { ...view, js, json, md, py, toml };
  try {
    return ejs.render(text, data, { compileDebug: false });
  } catch {
    // Once more, for an error that names file and line: to keep track of them takes time.
    return ejs.render(text, data, { filename: path });
  }
}

/**
 * Where the output of a template goes. `__file__` and `__function__` stand for the names of the
 * extension's file and of the function, `__module__` for that of a module in Python, `_gitignore` for
 * `.gitignore`, which npm would not put into a package.
 */
export function outputPath(
  path: string,
  fileName: string,
  functionName: string,
  moduleName = '',
): string {
  return path
    .replace('__file__', fileName)
    .replace('__module__', moduleName)
    .replace('__function__', functionName)
    .replace(/(^|\/)_gitignore$/, '$1.gitignore');
}
