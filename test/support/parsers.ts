import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import * as markdown from 'prettier/plugins/markdown';
import * as typescript from 'prettier/plugins/typescript';

/** A node of Markdown, as mdast has it. */
export interface MarkdownNode {
  type: string;
  value?: string;
  depth?: number;
  children?: MarkdownNode[];
}

/** @throws SyntaxError */
export async function parseTypeScript(path: string, text: string): Promise<void> {
  await typescript.parsers.typescript.parse(text, { filepath: path } as never);
}

export async function parseMarkdown(text: string): Promise<MarkdownNode> {
  return (await markdown.parsers.markdown.parse(text, {} as never)) as MarkdownNode;
}

/** Reads lines of JSON `[path, text]`; says what a file of TOML is, or that one of Python is well-formed. */
const READER = `
import json, sys, tomllib
for line in sys.stdin:
    path, text = json.loads(line)
    try:
        value = tomllib.loads(text) if path.endswith('.toml') else compile(text, path, 'exec') and None
        print(json.dumps({'value': value}), flush=True)
    except Exception as error:
        print(json.dumps({'error': repr(error)}), flush=True)
`;

/** A Python that parses. It needs 3.11 or later, for TOML. */
export class PythonParser {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(python: string) {
    this.#process = spawn(python, ['-c', READER]);
    this.#lines = createInterface(this.#process.stdout);
  }

  /**
   * @param path What it is follows from its ending.
   * @returns The value of a file of TOML; null for one of Python.
   * @throws Error with what Python says, if it is not well-formed.
   */
  async parse(path: string, text: string): Promise<unknown> {
    const answered = new Promise<string>((resolve) => {
      this.#lines.once('line', resolve);
    });
    this.#process.stdin.write(`${JSON.stringify([path, text])}\n`);
    const { value, error } = JSON.parse(await answered) as { value?: unknown; error?: string };
    if (error !== undefined) {
      throw new Error(`${path}: ${error}`);
    }
    return value;
  }

  close(): void {
    this.#process.stdin.end();
  }
}
