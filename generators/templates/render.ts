import ejs from 'ejs';
import { js, json, md, py, toml } from './serialize.js';

const SERIALIZERS = { js, json, md, py, toml };

/**
 * Renders a document with EJS tags. Text that a user has typed goes through one of the serializers
 * `js`, `json`, `md`, `py` and `toml`; EJS's own escaping is for HTML only, and a document that uses it is
 * refused.
 *
 * @param source The path of the document, for errors.
 * @throws Error with file and line, if the document asks for what the view does not have.
 */
export function render(source: string, text: string, view: object): string {
  if (!text.includes('<%')) {
    return text;
  }
  if (text.includes('<%=')) {
    throw new Error(`${source} has a tag <%=. Use <%- with a serializer.`);
  }
  return ejs.render(text, { ...view, ...SERIALIZERS }, { filename: source });
}
