import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gitHubName } from '../hosting.js';
import { Refusal } from '../refusal.js';
import type { System } from '../system.js';
import { readExtension } from './extension.js';
import { npmErrorIn } from './npm-error.js';

/** How far an extension is on its way to npm. */
export interface Release {
  /** The folder from which commands are run: that of the package, or of the workspace around it. */
  root: string;
  /** The package's folder, as commands name it: `./extension`, or `.`. */
  folder: string;
  packageName: string;
  version: string;
  /** The versions on npm; nothing, if npm could not be asked, and why. */
  published: readonly string[] | { failure: string };
  /** URL of the repository in package.json; empty, if there is none. */
  repository: string;
  /** The same as `owner/repo`, if it is on GitHub. */
  gitHub: string | undefined;
  /** The name under which npm publishes from here, if somebody has logged in. */
  account: string | undefined;
  /** What `npm pack` would put into the package, or why it fails. */
  contents: { files: number; bytes: number } | { failure: string };
  /** Whether there is a workflow that publishes. */
  hasWorkflow: boolean;
  /** Whether git has the version as a tag. */
  isTagged: boolean;
}

/**
 * Looks at an extension, at npm and at git.
 *
 * @param root A folder with an extension, or a workspace of ours.
 * @throws Refusal, if there is none.
 */
export async function readRelease(root: string, system: System): Promise<Release> {
  const { packageName, dependency } = await readExtension(root, system);
  const path = dependency.replace(/^file:/, '');
  const folder = path === root ? '.' : `./${relative(root, path).split(sep).join('/')}`;
  const packageJson = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    version?: unknown;
    private?: unknown;
    repository?: string | { url?: string };
  };
  const version = String(packageJson.version ?? '');
  if (packageJson.private === true) {
    throw new Refusal(
      `${packageName} is "private" in its package.json, so npm does not publish it.`,
    );
  }
  const { repository: field } = packageJson;
  const repository = (typeof field === 'string' ? field : field?.url) ?? '';
  const npm = (...args: string[]) => system.processes.capture('npm', args, root);
  const [versions, account, dryRun, tag] = await Promise.all([
    npm('view', packageName, 'versions', '--json'),
    npm('whoami'),
    npm('pack', folder, '--dry-run', '--json', '--loglevel=error'),
    system.processes.git(['tag', '--list', `v${version}`], root),
  ]);
  if (versions.status === 'missing') {
    throw new Refusal('There is no npm on the PATH.');
  }
  return {
    root,
    folder,
    packageName,
    version,
    published: publishedIn(versions),
    repository,
    gitHub: await gitHubName(repository),
    account: account.status === 'done' ? account.stdout.trim() : undefined,
    contents: contentsIn(dryRun),
    hasWorkflow: existsSync(join(root, '.github/workflows/release.yml')),
    isTagged: tag.stdout.trim() !== '',
  };
}

/** Where npm fails without a word. */
const UNKNOWN = 'npm does not say why';

interface Printed {
  status: string;
  stdout: string;
  stderr: string;
}

function publishedIn({ status, stdout, stderr }: Printed): Release['published'] {
  if (status === 'done') {
    const versions: unknown = JSON.parse(stdout || '[]');
    return Array.isArray(versions) ? versions.map(String) : [String(versions)];
  }
  return /\bE404\b/.test(stderr + stdout) ? [] : { failure: npmErrorIn(stderr) ?? UNKNOWN };
}

function contentsIn({ status, stdout, stderr }: Printed): Release['contents'] {
  // Before the JSON there is what the build has printed.
  const start = stdout.search(/^[[{]/m);
  if (status === 'done' && start >= 0) {
    const [packed] = [JSON.parse(stdout.slice(start)) as unknown].flat();
    // npm puts it under the name of the package, if there are workspaces.
    const { files, unpackedSize } = ownIn(packed);
    return { files: files.length, bytes: unpackedSize };
  }
  return { failure: npmErrorIn(stderr) ?? UNKNOWN };
}

function ownIn(packed: unknown): { files: unknown[]; unpackedSize: number } {
  const one = packed as { files?: unknown[]; unpackedSize?: number };
  const { files = [], unpackedSize = 0 } =
    one.files === undefined ? (Object.values(one)[0] as typeof one) : one;
  return { files, unpackedSize };
}
