import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LanguageId } from '../languages/language.js';
import { languages } from '../languages/languages.js';
import type { ProjectRecord, RecordedCommand } from '../record.js';
import { hostOf } from '../hosting.js';
import { isFields, type Fields } from '../templates/package-json.js';
import { fromPackageJson } from '../worker-extension.js';

/** The version whose projects have no record. */
const WITHOUT_RECORD = '0.1.0';

/**
 * Recognises a project that has no record, by its files: those of version 0.1.0.
 *
 * @returns A record without hashes, and with those answers that the files give; nothing, if it is no
 *   project of ours.
 */
export async function recognised(root: string): Promise<ProjectRecord | undefined> {
  const app = await appIn(root);
  if (app) {
    return app;
  }
  const isWorkspace = existsSync(join(root, 'extension')) && existsSync(join(root, 'function-app'));
  const folder = isWorkspace ? join(root, 'extension') : root;
  const answers = (await packageOfNode(folder)) ?? (await packageOfPython(folder));
  if (!answers) {
    return undefined;
  }
  const language = answers.language as LanguageId;
  const command: RecordedCommand = isWorkspace ? 'app' : 'extension';
  return {
    version: WITHOUT_RECORD,
    command,
    year: yearIn(join(folder, 'LICENSE')),
    member: !isWorkspace && (await isMember(root)),
    answers: {
      ...answers,
      ...(language === 'typescript' && answersOfNode(root)),
      ...(isWorkspace && {
        functionApp: true,
        ...appAnswers(join(root, 'function-app'), language),
      }),
    },
    extension: undefined,
    files: {},
  };
}

type RecordedAnswers = Record<string, string | boolean>;

/** An app that was made for an extension: it depends on one, and has our local host. */
async function appIn(root: string): Promise<ProjectRecord | undefined> {
  const manifest = fieldsIn(join(root, 'package.json'));
  const isOurs = ['local-host', 'local-host.cjs'].some((one) => existsSync(join(root, one)));
  if (!manifest || !isOurs || !existsSync(join(root, 'host.json'))) {
    return undefined;
  }
  for (const name of Object.keys(asFields(manifest['dependencies']))) {
    const found = fieldsIn(join(root, 'node_modules', name, 'package.json'));
    if (found && isFields(found['workerExtension'])) {
      const { dependency: _, ...extension } = await fromPackageJson(found, name, '');
      const range = asFields(manifest['dependencies'])['@azure/functions'];
      return {
        version: WITHOUT_RECORD,
        command: 'function-app',
        year: new Date().getFullYear(),
        member: await isMember(root),
        answers: {
          ...(typeof range === 'string' && { functionsRange: range }),
          ...appAnswers(root, 'typescript'),
          ...answersOfNode(root),
        },
        extension,
        files: {},
      };
    }
  }
  return undefined;
}

/** Whether a folder belongs to the npm workspace around it. */
async function isMember(root: string): Promise<boolean> {
  const { covers, findWorkspace } = await import('../found/workspace.js');
  const workspace = await findWorkspace(dirname(root));
  return workspace !== undefined && covers(workspace, root);
}

/** What the package.json of an extension says. */
async function packageOfNode(folder: string): Promise<RecordedAnswers | undefined> {
  const manifest = fieldsIn(join(folder, 'package.json'));
  const extension = asFields(manifest?.['workerExtension']);
  if (!manifest || typeof manifest['name'] !== 'string' || typeof extension['scope'] !== 'string') {
    return undefined;
  }
  const author = asFields(manifest['author']);
  const repository = asFields(manifest['repository'])['url'];
  const range = asFields(manifest['peerDependencies'])['@azure/functions'];
  return {
    language: 'typescript',
    scope: extension['scope'],
    name: manifest['name'],
    ...texts({
      description: manifest['description'],
      license: manifest['license'],
      functionsRange: range,
    }),
    author: textOr(author['name'], ''),
    email: textOr(author['email'], ''),
    repository: await addressOf(textOr(repository, '')),
  };
}

/** What the pyproject.toml of an extension says, and which base class it has. */
async function packageOfPython(folder: string): Promise<RecordedAnswers | undefined> {
  const file = join(folder, 'pyproject.toml');
  if (!existsSync(file)) {
    return undefined;
  }
  const { parse } = await import('@decimalturn/toml-patch');
  const project = asFields(asFields(parse(readFileSync(file, 'utf8')))['project']);
  const name = project['name'];
  if (typeof name !== 'string' || !name.startsWith(languages.python.packagePrefix)) {
    return undefined;
  }
  const [author] = Array.isArray(project['authors']) ? (project['authors'] as unknown[]) : [];
  const license = textOr(project['license'], 'MIT');
  const urls = asFields(project['urls']);
  return {
    language: 'python',
    scope: /^class \w+\([^)]*\bFuncExtensionBase\b/m.test(sourcesBelow(folder, '.py', ['tests']))
      ? 'function'
      : 'app',
    name,
    ...texts({ description: project['description'] }),
    license: license === 'LicenseRef-Proprietary' ? 'UNLICENSED' : license,
    author: textOr(asFields(author)['name'], ''),
    email: textOr(asFields(author)['email'], ''),
    repository: await addressOf(textOr(Object.values(urls)[0], '')),
  };
}

/** By the lockfile, or by what only the projects of one package manager have. */
function answersOfNode(root: string): RecordedAnswers {
  const scripts = JSON.stringify(fieldsIn(join(root, 'package.json'))?.['scripts'] ?? {});
  const has = (file: string) => existsSync(join(root, file));
  const packageManager =
    has('pnpm-lock.yaml') || has('pnpm-workspace.yaml')
      ? 'pnpm'
      : has('yarn.lock') || /\byarn (workspace|run)\b/.test(scripts)
        ? 'yarn'
        : 'npm';
  return { packageManager, ci: has('.github/workflows') ? 'github' : 'none' };
}

/** The sample function, and the programming model of Python. */
function appAnswers(folder: string, language: LanguageId): RecordedAnswers {
  if (language === 'typescript') {
    const functions = join(folder, 'src/functions');
    const [first] = existsSync(functions) ? readdirSync(functions).sort() : [];
    const names = existsSync(functions)
      ? readdirSync(functions).filter((file) =>
          readFileSync(join(functions, file), 'utf8').includes('app.http('),
        )
      : [];
    const name = names.includes('HttpTrigger.ts') ? 'HttpTrigger.ts' : (names[0] ?? first);
    return name === undefined ? {} : { functionName: name.replace(/\.ts$/, '') };
  }
  const entry = join(folder, 'function_app.py');
  if (existsSync(entry)) {
    const [, name] =
      /@app\.function_name\(\s*(?:name=)?"([\w-]+)"/.exec(readFileSync(entry, 'utf8')) ?? [];
    return { programmingModel: 'v2', ...(name !== undefined && { functionName: name }) };
  }
  const name = readdirSync(folder).find((one) => existsSync(join(folder, one, 'function.json')));
  return { programmingModel: 'v1', ...(name !== undefined && { functionName: name }) };
}

/** All source code below a folder. */
export function sourcesBelow(
  folder: string,
  ending: string,
  without: readonly string[] = [],
): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^(node_modules|dist|build|\..*)$/.test(name) && !without.includes(name))
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? sourcesBelow(path, ending)
        : entry.name.endsWith(ending)
          ? readFileSync(path, 'utf8')
          : '';
    })
    .join('\n');
}

async function addressOf(url: string): Promise<string> {
  const hosted = await hostOf(url.replace(/^git\+/, ''));
  return hosted
    ? `https://${hosted.domain}/${hosted.user}/${hosted.project}`
    : url.replace(/^git\+/, '').replace(/\.git$/, '');
}

function yearIn(license: string): number {
  const [, year] = existsSync(license)
    ? (/Copyright \(c\) (\d{4})/.exec(readFileSync(license, 'utf8')) ?? [])
    : [];
  return year === undefined ? new Date().getFullYear() : Number(year);
}

function fieldsIn(file: string): Fields | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}
