import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { python } from '../languages/python.js';
import { quoted, Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { type Described, fromField, type WorkerExtension } from '../worker-extension.js';
import { masked } from '../writing/python-edits.js';
import { nearestWith } from './folders.js';
import { inTemporaryFolder } from './temporary.js';

/** What runs pip, on the systems that there are. */
const PYTHONS = ['python3', 'python', 'py'] as const;

/** What an extension says of itself, beside its `__init__.py`. */
const DESCRIPTION = 'worker_extension.json';

type Found = Pick<WorkerExtension, 'module' | 'takesNames' | 'needs'>;

/**
 * Reads what an extension in Python is: pip installs it, without what it depends on, into a folder that is
 * then removed. Of a folder or a repository, pip runs the build for that.
 *
 * @param spec A folder, a wheel, a name on PyPI with or without a version, or `git+…`.
 * @returns The extension. Its dependency is a requirement with its name, or the absolute path of a folder or file.
 * @throws Refusal, if it cannot be had, or if it is no extension.
 */
export async function readPythonExtension(spec: string, system: System): Promise<WorkerExtension> {
  const path = localPath(spec, system.cwd);
  return inTemporaryFolder(async (folder) => {
    await installInto(folder, path ?? spec, spec, system);
    const [name = '', version = ''] = nameIn(folder) ?? [];
    const found = describedIn(folder) ?? classIn(folder);
    if (!found) {
      throw new Refusal(
        `${quoted(spec)} is no worker extension: it has no class that extends AppExtensionBase or FuncExtensionBase.`,
      );
    }
    const packageName = python.normalName(name);
    const [, address] = /^(?:[\w.-]+ *@ *)?(\S*:\/\/\S*)$/.exec(spec) ?? [];
    return {
      packageName,
      version,
      ...found,
      dependency:
        path ??
        (address === undefined
          ? `${packageName}==${version}`
          : requirementFrom(address, packageName)),
    };
  });
}

/** A requirement with a name and an address. Not every pip takes a name before one that has no host. */
function requirementFrom(address: string, packageName: string): string {
  return /:\/\/[^/]/.test(address)
    ? `${packageName} @ ${address}`
    : `${address}${address.includes('#') ? '&' : '#'}egg=${packageName}`;
}

/** What an extension that is installed for an app says of itself: in the environment in its folder or above. */
export function installedExtension(root: string, module: string): Described | undefined {
  const environment = nearestWith('.venv/pyvenv.cfg', root);
  const lib = environment === undefined ? '' : join(environment, '.venv/lib');
  const sites = existsSync(lib)
    ? readdirSync(lib).map((one) => join(lib, one, 'site-packages'))
    : [join(environment ?? root, '.venv/Lib/site-packages')];
  return sites
    .map((site) => described(join(site, ...module.split('.'), DESCRIPTION)))
    .find(Boolean);
}

/** The path of a folder or file. A project of ours has the extension in a folder of its own. */
function localPath(spec: string, cwd: string): string | undefined {
  const path = resolve(cwd, spec);
  const isPath = /^[.~]|[\\/]|\.(?:whl|zip|tar\.gz)$/.test(spec) && !/:\/\/|^git\+/.test(spec);
  if (!isPath) {
    return undefined;
  }
  if (!existsSync(path)) {
    throw new Refusal(`There is no ${path}.`);
  }
  const inner = join(path, 'extension');
  const folder = existsSync(join(inner, 'pyproject.toml')) ? inner : path;
  const isProject = ['pyproject.toml', 'setup.py'].some((one) => existsSync(join(folder, one)));
  if (statSync(folder).isDirectory() && !isProject) {
    throw new Refusal(
      `${quoted(spec)} is no worker extension in Python: it has no pyproject.toml and no setup.py.`,
    );
  }
  return folder;
}

async function installInto(
  folder: string,
  target: string,
  spec: string,
  { cwd, processes }: System,
): Promise<void> {
  const args = ['-m', 'pip', 'install', '--no-deps', '--ignore-requires-python', '--quiet'];
  const options = ['--disable-pip-version-check', '--no-compile', '--target', folder, '--', target];
  for (const python of PYTHONS) {
    const { status, stderr } = await processes.capture(python, [...args, ...options], cwd);
    if (status === 'done') {
      return;
    }
    if (status !== 'missing') {
      const [reason = 'see pip install'] = stderr
        .split('\n')
        .flatMap((line) => /^ *(?:ERROR|error): *(.+)/.exec(line)?.[1] ?? [])
        .concat(stderr.trim().split('\n').slice(-1));
      throw new Refusal(`pip cannot get ${quoted(spec)}: ${reason.trim().replace(/\.?$/, '.')}`);
    }
  }
  throw new Refusal('There is no Python on the PATH, whose pip is needed to read the extension.');
}

/** Name and version, as the metadata has them. */
function nameIn(folder: string): [name: string, version: string] | undefined {
  const info = readdirSync(folder).find((one) => one.endsWith('.dist-info'));
  if (info === undefined) {
    return undefined;
  }
  const metadata = readFileSync(join(folder, info, 'METADATA'), 'utf8');
  const field = (name: string) => new RegExp(`^${name}: *(.+)$`, 'm').exec(metadata)?.[1]?.trim();
  return [field('Name') ?? '', field('Version') ?? ''];
}

/** What an extension says of itself, and the module that says it: the outermost one. */
function describedIn(folder: string): (Described & Found) | undefined {
  const [path] = filesBelow(folder, `/${DESCRIPTION}`);
  const found = path === undefined ? undefined : described(join(folder, path));
  return path === undefined || found === undefined
    ? undefined
    : {
        ...found,
        module: moduleOf(path.replace(DESCRIPTION, '__init__.py')),
        takesNames: existsSync(join(folder, path.replace(DESCRIPTION, 'bridge.py'))),
      };
}

function described(file: string): Described | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    const found = fromField(JSON.parse(readFileSync(file, 'utf8')));
    const names = found && [found.className, ...Object.keys(found.options ?? {})];
    return names?.every((name) => /^[a-z_]\w*$/i.test(name)) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The class of the extension, and the module that has it: the outermost one that names it. */
function classIn(folder: string): (Described & Found) | undefined {
  const sources = filesBelow(folder, '.py').map(
    (path) => [path, readFileSync(join(folder, path), 'utf8')] as const,
  );
  const declaration = /^class +(\w+)\([^)]*\b(App|Func)ExtensionBase\b/m;
  for (const [path, source] of sources) {
    const [, className, base] = declaration.exec(source) ?? [];
    if (className !== undefined) {
      const needs = neededBy(source, className, base === 'App' ? 'configure' : '__init__');
      const [top = ''] = path.split('/');
      const exporting = sources.find(
        ([other, text]) =>
          other === `${top}/__init__.py` && new RegExp(`\\b${className}\\b`).test(text),
      );
      return {
        className,
        scope: base === 'App' ? 'app' : 'function',
        module: moduleOf(exporting ? exporting[0] : path),
        takesNames: sources.some(([other]) => other === `${top}/bridge.py`),
        settings: {},
        ...(needs.length > 0 && { needs }),
      };
    }
  }
  return undefined;
}

/** The arguments without a default that a method of a class takes, but for the first and the path of a function. */
function neededBy(source: string, className: string, method: string): string[] {
  const [, body = ''] =
    new RegExp(`^class +${className}\\b.*\\n((?:[ \\t].*\\n|\\s*\\n)*)`, 'm').exec(
      masked(`${source}\n`),
    ) ?? [];
  const [, parameters = ''] =
    new RegExp(`\\bdef +${method}\\(([^]*?)\\)\\s*(?:->[^:]*)?:\\s*\\n`).exec(body) ?? [];
  return parameters
    .replace(/\[[^\]]*\]/g, '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => /^\w+ *(?::[^=]*)?$/.test(one))
    .map((one) => one.replace(/\W.*/s, ''))
    .slice(method === 'configure' ? 1 : 2);
}

/** The files with an ending, those that are further out first. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending) && !path.includes('/tests/'))
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
}

/** `a/b/__init__.py` -> `a.b` */
function moduleOf(path: string): string {
  return path.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
}
