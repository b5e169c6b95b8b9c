import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nearestExisting } from '../found/folders.js';
import { versionOfPackageManager } from '../found/surroundings.js';
import { gitHubName, hostOf } from '../hosting.js';
import type { Language, LanguageId } from '../languages/language.js';
import type { PackageNames } from '../languages/names.js';
import type { PackageManager } from '../languages/package-manager.js';
import type { System } from '../system.js';
import type { Templates } from '../templates/load.js';
import { toField, type WorkerExtension } from '../worker-extension.js';
import { licenseText } from './license-text.js';

/** What documents can ask for, in all languages and for every part of the output. */
export function commonView(
  language: Language<LanguageId>,
  templates: Templates,
  names: PackageNames,
  {
    extension,
    functionName,
    request,
    standalone,
    member,
  }: {
    extension: WorkerExtension;
    functionName: string;
    /** The command that requests the sample function. */
    request: string;
    /** Whether a part is the whole output. */
    standalone: boolean;
    /** Whether it becomes a member of a workspace that exists. */
    member: boolean;
  },
) {
  const { packageName, folder, stem } = names;
  const { className, settings } = extension;
  return {
    packageName,
    folder,
    stem,
    className,
    appName: `${folder}-app`,
    workspaceName: `${folder}-workspace`,
    firstVersion: language.firstVersion,
    standalone,
    member,
    /** Where the two are, below the root of what is emitted. */
    extensionFolder: standalone ? '' : '/extension',
    appFolder: standalone ? '' : '/function-app',
    functionName,
    functionIdentifier: language.toIdentifier(functionName, className),
    extensionDependency: extension.dependency,
    workerExtension: toField(extension),
    settings,
    /** The lines that switch the extension on. */
    entryLines: language.entryLines(extension, functionName),
    /** The opening of the call in them. */
    call: language.callOpening(extension, functionName),
    request,
    /** local.settings.json: what an app has in Azure as its app settings. */
    localSettings: JSON.stringify(
      {
        IsEncrypted: false,
        Values: {
          FUNCTIONS_WORKER_RUNTIME: language.runtime,
          AzureWebJobsStorage: 'UseDevelopmentStorage=true',
          [language.switchSetting]: '1',
          ...settings,
        },
      },
      null,
      2,
    ),
    support: templates.support,
    version: (name: string) => templates.version(name),
  };
}

/**
 * The package manager with its version, so that CI runs the one that has made the lockfile. npm comes with Node.js, and
 * its versions read each other's lockfiles. Of yarn, package.json names it: by that name, there are two.
 *
 * @param folder The folder to be written to.
 */
export async function pinned(
  packageManager: PackageManager | undefined,
  folder: string,
  system: System,
  templates: Templates,
): Promise<string | undefined> {
  if (packageManager === undefined || packageManager === 'npm') {
    return undefined;
  }
  const version =
    (await versionOfPackageManager(packageManager, nearestExisting(folder), system)) ??
    templates.version(packageManager === 'yarn' ? '@yarnpkg/cli-dist' : packageManager);
  return `${packageManager}@${version.replace(/^[~^]/, '')}`;
}

/** What documents of a package that is made can ask for. */
export async function packageView(
  {
    description,
    author,
    email,
    license,
    repository,
  }: { description: string; author: string; email: string; license: string; repository: string },
  { packageName }: PackageNames,
  { standalone, year }: { standalone: boolean; year: number },
) {
  return {
    description,
    /** The description with a full stop. */
    sentence: description.replace(/[^.!?]$/, '$&.'),
    author: author || email ? { name: author || email, ...(email && { email }) } : undefined,
    license: {
      id: license,
      /** For a readme. */
      reference:
        license === 'UNLICENSED'
          ? 'Not licensed for use by others. See [LICENSE](LICENSE).'
          : `[${license}](LICENSE)`,
      text: licenseText(license, spdxText(license), {
        year,
        holder: author || `the ${packageName} authors`,
        work: packageName,
      }),
    },
    repository: await repositoryView(repository, standalone),
    gitHubName: (await gitHubName(repository)) ?? 'owner/repo',
  };
}

/** The text of a license as SPDX publishes it; none for `UNLICENSED`. */
function spdxText(id: string): string | undefined {
  if (id === 'UNLICENSED') {
    return undefined;
  }
  const file = createRequire(import.meta.url).resolve(`spdx-license-list/licenses/${id}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { licenseText: string }).licenseText;
}

/** The fields of a package.json, and the way to install, that follow from where the repository is. */
async function repositoryView(url: string, standalone: boolean) {
  if (url === '') {
    return undefined;
  }
  const hosted = await hostOf(url);
  const directory = standalone ? undefined : 'extension';
  return {
    field: {
      type: 'git',
      url: hosted ? `git+${url}.git` : `git+${url}`,
      ...(directory && { directory }),
    },
    homepage: (directory ? hosted?.browse(directory, 'readme') : hosted?.docs()) ?? url,
    bugs: hosted?.bugs(),
    /**
     * What `npm install` takes. A workspace has the package in a branch of its own, see its README.
     */
    spec: (hosted?.shortcut() ?? `git+${url}`) + (directory ? `#${directory}` : ''),
  };
}
