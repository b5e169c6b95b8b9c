import type { Release } from '../found/release.js';
import type { Step } from '../languages/language.js';
import { table } from '../table.js';
import type { Plan } from './plan.js';

/** Plans nothing but to say how far a package is on its way to npm, and what is next, in order. */
export function planPublish(release: Release): Plan {
  const steps = stepsFor(release);
  const { packageName, version, root } = release;
  const title = `${packageName} ${version} on its way to npm:\n\n${table(stateOf(release))}`;
  return {
    root,
    files: [],
    edits: [],
    packageManager: undefined,
    firstCommit: false,
    summary: steps.length === 0 ? `${title}\n\nThere is nothing left to do.` : `${title}\n\nNext:`,
    nextSteps: steps,
  };
}

function stateOf(release: Release): string[][] {
  const { published, repository, account, contents, hasWorkflow, gitHub } = release;
  return [
    ['name', nameState(release)],
    ['repository', repository || 'not set; npm compares it with where a workflow runs'],
    ['account', account ?? 'not logged in'],
    [
      'package',
      'failure' in contents
        ? `npm pack fails: ${contents.failure}`
        : `${contents.files} files, ${Math.ceil(contents.bytes / 1024)} kB`,
    ],
    [
      'workflow',
      hasWorkflow
        ? 'release.yml publishes a version that has a tag'
        : gitHub
          ? 'none; --ci github makes one'
          : 'none',
    ],
    ...('failure' in published ? [['npm', `cannot be asked: ${published.failure}`]] : []),
  ];
}

function nameState({ published, version }: Release): string {
  if ('failure' in published) {
    return 'not known to be free';
  }
  const newest = published.at(-1);
  return newest === undefined
    ? 'free'
    : published.includes(version)
      ? `taken, and has this version; if it is yours, set a new one`
      : `taken, up to version ${newest}; if it is yours, go on`;
}

function stepsFor(release: Release): Step[] {
  const { published, version, repository, account, folder, hasWorkflow, isTagged } = release;
  const versions = 'failure' in published ? [] : published;
  const inPackage = folder === '.' ? '' : ` --workspace ${folder}`;
  const isNew = versions.length === 0;
  const publishes: Step[] = hasWorkflow && !isNew ? [] : publishByHand(release);
  return [
    ...(repository === ''
      ? [[`npm pkg set repository=github:owner/repo${inPackage}`, 'says where it is from'] as const]
      : []),
    ...(versions.includes(version)
      ? [[`npm version patch --no-git-tag-version${inPackage}`, 'sets a new version'] as const]
      : []),
    ...('failure' in release.contents
      ? [[`npm pack ${folder} --dry-run`, 'shows what is wrong'] as const]
      : []),
    ...(account === undefined && publishes.length > 0 ? [['npm login', ''] as const] : []),
    ...publishes,
    ...(hasWorkflow && isNew ? [trustOf(release)] : []),
    ...(isTagged || (hasWorkflow && isNew) ? [] : tagOf(release, versions.includes(version))),
  ];
}

function publishByHand({ folder, published }: Release): Step[] {
  const isNew = !('failure' in published) && published.length === 0;
  return [
    [
      `npm publish ${folder}`,
      isNew ? 'publishes the first version, by hand' : 'publishes this version',
    ],
  ];
}

function trustOf({ packageName, gitHub }: Release): Step {
  return [
    `npm trust github ${packageName} --repository ${gitHub ?? 'owner/repo'} --file release.yml --environment npm --allow-publish`,
    'lets the workflow publish all others',
  ];
}

function tagOf({ version, hasWorkflow }: Release, isPublished: boolean): Step[] {
  // Of a version that is still to be set, the tag is not known.
  const tag = isPublished ? 'v<version>' : `v${version}`;
  return [
    [`git tag ${tag}`, ''],
    [`git push origin HEAD ${tag}`, hasWorkflow ? 'publishes it' : ''],
  ];
}
