import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, read } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';

/** The source of an app in v2. */
export const V2 = `"""An app."""
import azure.functions as func

app = func.FunctionApp()


@app.route(route="hello")
def hello(req: func.HttpRequest) -> str:
    return "hello"
`;

/** An app in Python that is not ours, as \`func init\` makes it. */
export function pythonApp(files: Readonly<Record<string, string>>): string {
  const folder = newFolder('app');
  const all = {
    'host.json': '{ "version": "2.0" }\n',
    'local.settings.json': '{\n  "Values": {\n    "FUNCTIONS_WORKER_RUNTIME": "python"\n  }\n}\n',
    'requirements.txt': 'azure-functions',
    ...files,
  };
  for (const [path, contents] of Object.entries(all)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), contents);
  }
  return folder;
}

/** An app in v1, by file. */
export const V1 = {
  'Hello/__init__.py': 'import azure.functions as func\n\n\ndef main(req):\n    return "hello"\n',
  'Hello/function.json':
    '{ "bindings": [{ "type": "httpTrigger", "direction": "in", "name": "req" }] }\n',
};

/** All files of a folder with what is in them. */
export function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(filesIn(folder).map((file) => [file, read(folder, file)]));
}
