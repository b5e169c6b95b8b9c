import { npmErrorIn, npmLogIn } from '../found/npm-error.js';
import type { Step } from '../languages/language.js';
import type { PackageManager } from '../languages/package-manager.js';
import type { Outcome } from '../system.js';

/** Why dependencies are not installed, and what helps. */
export interface InstallFailure {
  /** It ends a sentence. */
  reason: string;
  /** What to run in place of the command that has failed. */
  remedy: readonly Step[];
}

interface Known {
  /** What the package manager prints. */
  pattern: RegExp;
  reason: string;
  remedy(install: string, name: PackageManager): readonly Step[];
}

/** Failures with a cause in the settings of the user's or of the machine. The first one that matches counts. */
const KNOWN: readonly Known[] = [
  {
    pattern: /EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|The engine "node" is incompatible/,
    reason: 'a package is not for this version of Node.js, and engine-strict is on',
    remedy: (install, name) => [
      ['node --version', 'the versions that are needed are above'],
      [
        {
          npm: `${install} --no-engine-strict`,
          pnpm: `${install} --config.engine-strict=false`,
          yarn: `${install} --ignore-engines`,
        }[name],
        'installs in spite of that',
      ],
    ],
  },
  {
    pattern:
      /ENOVERSIONS|ERR_PNPM_NO_MATURE_MATCHING_VERSION|min(imum)?-release-age|with a date before|published before/i,
    reason: 'a version is younger than your settings allow',
    remedy: (install, name) => [
      [
        {
          npm: `${install} --min-release-age=0`,
          pnpm: `${install} --config.minimum-release-age=0`,
          yarn: 'YARN_NPM_MINIMAL_AGE_GATE=0 yarn install',
        }[name],
        'installs it nevertheless; or wait until it is old enough',
      ],
    ],
  },
  {
    pattern: /\bE40[13]\b|ERR_PNPM_FETCH_40[13]|YN0041|authentication/i,
    reason: 'the registry wants to know who you are',
    remedy: (install, name) => [
      [name === 'yarn' ? 'yarn npm login' : `${name} login`, 'signs in to the registry'],
      [install, ''],
    ],
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|tunneling socket/,
    reason: 'the registry cannot be reached',
    remedy: (install) => [
      ['npm config get registry proxy https-proxy', 'shows which one, and through what'],
      ['npm ping', 'succeeds once it can be reached'],
      [install, ''],
    ],
  },
  {
    pattern: /configured to use yarn|"packageManager": "yarn@|packageManager.*Corepack/is,
    reason: 'the yarn on the PATH is not the one that package.json names',
    remedy: (install) => [
      ['npm install --global corepack', ''],
      ['corepack enable', 'has yarn be the version that package.json names'],
      [install, ''],
    ],
  },
  {
    pattern:
      /^npm (?:error|ERR!) command failed|ELIFECYCLE|ERR_PNPM_LIFECYCLE|: Command failed\.$/m,
    reason: 'a script of a package has failed',
    remedy: (install) => [[`${install} --ignore-scripts`, 'installs without scripts of packages']],
  },
  {
    pattern: /ERESOLVE/,
    reason: 'versions that are needed exclude each other',
    remedy: (install) => [[`${install} --legacy-peer-deps`, 'installs in spite of that']],
  },
];

/** Finds out from how a package manager has ended what can be said of it. */
export function failureOf(
  name: PackageManager,
  status: Exclude<Outcome['status'], 'done'>,
  stderr: string,
): InstallFailure {
  const install = `${name} install`;
  switch (status) {
    case 'stopped':
      return { reason: 'since it was stopped', remedy: [[install, '']] };
    case 'missing':
      return {
        reason: `there is no ${name} on the PATH`,
        remedy: [...toInstall(name), [install, '']],
      };
    case 'failed': {
      const known = KNOWN.find(({ pattern }) => pattern.test(stderr));
      return known
        ? { reason: known.reason, remedy: known.remedy(install, name) }
        : { reason: reasonIn(stderr), remedy: investigation(name) };
    }
  }
}

/** What a package manager says itself of why it has failed, and where it says more. */
function reasonIn(stderr: string): string {
  const error = npmErrorIn(stderr)?.replace(/\.$/, '');
  const log = npmLogIn(stderr);
  const reason = error === undefined ? 'for what it has said above' : `with "${error}"`;
  return log === undefined ? reason : `${reason}, and its log is ${log}`;
}

/** The last step installs, once the cause is removed. */
const INVESTIGATION: Record<PackageManager, readonly Step[]> = {
  npm: [
    ['npm doctor', 'checks npm, the registry, permissions and the cache'],
    ['npm install --verbose', 'says what it does, up to what fails'],
  ],
  pnpm: [
    ['pnpm config list', 'shows the settings that it goes by'],
    ['pnpm install --loglevel=debug', 'says what it does, up to what fails'],
  ],
  yarn: [['YARN_ENABLE_INLINE_BUILDS=1 yarn install', 'prints what builds print, too']],
};

/** How to find out why packages are not installed. */
export function investigation(name: PackageManager): readonly Step[] {
  return INVESTIGATION[name];
}

function toInstall(name: PackageManager): Step[] {
  return name === 'yarn'
    ? [
        ['npm install --global corepack', ''],
        ['corepack enable', 'puts yarn on the PATH'],
      ]
    : name === 'pnpm'
      ? [['npm install --global pnpm', 'puts pnpm on the PATH']]
      : [['node -p process.execPath', 'npm is beside it: put that folder on the PATH']];
}
