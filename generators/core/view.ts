import type { Answers } from './answers.js';
import { templateOf } from './catalogue.js';
import { gitHubName, hostOf } from './hosting.js';
import { licenseText } from './license-text.js';
import { namesOf, toIdentifier } from './names.js';
import { requestOf } from './next-steps.js';
import { commandsOf } from './package-manager.js';
import type { Room, Sources } from './plan.js';
import { pythonView } from './python.js';
import { render } from './render.js';
import { versionOf } from './versions.js';
import { FIRST_VERSION, toField, twoLines, type WorkerExtension } from './worker-extension.js';

/** What the templates can ask for. */
export function viewOf(
  answers: Answers,
  sources: Sources,
  {
    room,
    alone,
    isMember,
    parts,
    extension,
  }: {
    room: Room;
    alone: boolean;
    isMember: boolean;
    parts: Record<string, string>;
    extension: WorkerExtension;
  },
) {
  const names = namesOf(answers.name);
  const appName = `${names.folder}-app`;
  const { author, email, license } = answers;
  const view = {
    ...names,
    className: extension.className,
    workspaceName: `${names.folder}-workspace`,
    appName,
    alone,
    isMember,
    pm: commandsOf(answers.packageManager),
    /** The two packages of a workspace. */
    extensionPackage: { folder: 'extension', name: names.packageName },
    appPackage: { folder: 'function-app', name: appName },
    /** What is emitted beside each other. */
    rooms: room === 'workspace' ? ['function-app', 'extension'] : [room],
    /** Where the two are, below the root of what is emitted. */
    extensionFolder: alone ? '' : '/extension',
    appFolder: alone ? '' : '/function-app',
    scope: answers.scope,
    /** How a hook is declared, and what it is called on. */
    override: answers.scope === 'app' ? 'static override' : 'override',
    self: answers.scope === 'app' ? extension.className : 'this',
    description: answers.description,
    /** The description with a full stop. */
    sentence: answers.description.replace(/[^.!?]$/, '$&.'),
    author: author || email ? { name: author || email, ...(email && { email }) } : undefined,
    license: {
      id: license,
      /** For a readme. */
      reference:
        license === 'UNLICENSED'
          ? 'Not licensed for use by others. See [LICENSE](LICENSE).'
          : `[${license}](LICENSE)`,
      text: licenseText(license, sources.spdxText(license), {
        year: sources.year,
        holder: author || `the ${names.packageName} authors`,
        work: names.packageName,
      }),
    },
    repository: repositoryOf(answers.repository, alone),
    gitHubName: gitHubName(answers.repository) ?? 'owner/repo',
    ci: answers.ci,
    /** The folder of the package to publish, from the root of what is emitted. */
    packageFolder: alone ? '.' : './extension',
    functionsRange: answers.functionsRange,
    functionName: answers.functionName,
    functionIdentifier: toIdentifier(answers.functionName, extension.className),
    firstVersion: FIRST_VERSION,
    extensionDependency: extension.dependency,
    workerExtension: toField(extension),
    twoLines: twoLines(extension, answers.functionName),
    request: requestOf(
      answers.functionName,
      'http',
      alone ? {} : templateOf(answers.template).headers,
    )[0],
    /** The app settings that the extension reads, as the Azure CLI takes them. */
    azureSettings: [
      'NODE_ENABLE_WORKER_EXTENSIONS=1',
      ...Object.keys(extension.settings).map((name) => `${name}=<value>`),
    ].join(' '),
    localSettings: JSON.stringify(localSettings(extension), null, 2),
    version: (name: string) => versionOf(sources.manifest, name),
    ...(answers.language === 'python' && pythonView(answers, extension, alone)),
  };
  /** A text that several files have in common, or that depends on the template or on the CI. */
  const part = (name: string, fallback?: string): string => {
    const text = parts[name] ?? fallback;
    if (text === undefined) {
      throw new Error(`The template ${answers.template} has no part ${name}.`);
    }
    return render({ path: name, text }, view).trimEnd();
  };
  return { ...view, part };
}

/** local.settings.json: what an app has in Azure as its app settings. */
function localSettings({ settings }: WorkerExtension): object {
  return {
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      NODE_ENABLE_WORKER_EXTENSIONS: '1',
      ...settings,
    },
  };
}

/**
 * The fields of a package.json, and the way to install, that follow from where the repository is.
 */
function repositoryOf(url: string, alone: boolean) {
  if (url === '') {
    return undefined;
  }
  const hosted = hostOf(url);
  const directory = alone ? undefined : 'extension';
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
