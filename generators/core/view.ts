import hostedGitInfo from 'hosted-git-info';
import type { Answers } from './answers.js';
import { licenseText } from './license-text.js';
import { namesOf, toIdentifier } from './names.js';
import type { Sources } from './plan.js';
import { render } from './render.js';
import { versionOf } from './versions.js';

/** Version that an emitted extension begins with. */
const FIRST_VERSION = '0.1.0';

/** What the templates can ask for. */
export function viewOf(
  answers: Answers,
  sources: Sources,
  { alone, parts }: { alone: boolean; parts: Record<string, string> },
) {
  const names = namesOf(answers.name);
  const { author, email, license } = answers;
  const view = {
    ...names,
    workspaceName: `${names.folder}-workspace`,
    appName: `${names.folder}-app`,
    alone,
    scope: answers.scope,
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
      }),
    },
    repository: repositoryOf(answers.repository, alone),
    functionsRange: answers.functionsRange,
    functionName: answers.functionName,
    functionIdentifier: toIdentifier(answers.functionName),
    firstVersion: FIRST_VERSION,
    /** In a workspace the extension is the one beside the app, and never one from a registry. */
    extensionRange: alone ? `^${FIRST_VERSION}` : 'file:../extension',
    version: (name: string) => versionOf(sources.manifest, name),
  };
  /** A text that belongs to the template of the extension, for a file that all templates share. */
  const part = (name: string): string => {
    const text = parts[name];
    if (text === undefined) {
      throw new Error(`templates/${answers.template}/parts has no ${name}.`);
    }
    return render({ path: name, text }, view).trimEnd();
  };
  return { ...view, part };
}

/**
 * The fields of a package.json, and the way to install, that follow from where the repository is.
 */
function repositoryOf(url: string, alone: boolean) {
  if (url === '') {
    return undefined;
  }
  const hosted = hostedGitInfo.fromUrl(url);
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
