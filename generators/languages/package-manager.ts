/** The package managers that there are for a language, and by what one is known. */
export interface PackageManagers<Name extends string = string> {
  /** The first is the default. */
  readonly names: readonly [Name, ...Name[]];
  /** Files that only one of them has, or one for which nothing can be made. */
  readonly files: readonly (readonly [file: string, name: string])[];
  /** The file in which a project says what it is. */
  readonly manifest: string;
  /** The one that such a file names. */
  namedIn(manifest: string): string | undefined;
  /** The one that has started this process. */
  startedIn(env: Readonly<NodeJS.ProcessEnv>): Name | undefined;
}

const names = ['npm', 'pnpm', 'yarn'] as const;

export type PackageManager = (typeof names)[number];

/** Those of Node.js. */
export const packageManagers: PackageManagers<PackageManager> = {
  names,
  files: [
    ['pnpm-workspace.yaml', 'pnpm'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['.yarnrc.yml', 'yarn'],
    ['package-lock.json', 'npm'],
    ['npm-shrinkwrap.json', 'npm'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ],
  manifest: 'package.json',
  namedIn: (text) => {
    const { packageManager, devEngines } = manifestIn(text);
    const [demanded] = [devEngines?.packageManager ?? []].flat();
    return packageManager?.replace(/@.*/s, '') ?? demanded?.name;
  },
  // It says what it is: `pnpm/10.1.0 npm/? node/…`.
  startedIn: ({ npm_config_user_agent: userAgent }) =>
    names.find((name) => userAgent?.startsWith(`${name}/`)),
};

interface Manifest {
  packageManager?: string;
  devEngines?: { packageManager?: { name?: string } | { name?: string }[] };
}

/** What is no JSON says nothing. */
function manifestIn(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return {};
  }
}

/** A package of the workspace. */
interface Member {
  /** Its folder, relative to the root. */
  folder: string;
  name: string;
}

/** What is typed for a package manager to do something. */
export interface Commands {
  name: PackageManager;
  /** Installs all dependencies. */
  install: string;
  /** Installs what the lockfile says, for CI. */
  cleanInstall: string;
  /** The file that holds the exact versions. */
  lockfile: string;
  /** Runs a script, with arguments of its own. */
  run(script: string, args?: string): string;
  /** What a script ends in so that arguments which are appended to it get through. */
  passOn: string;
  /** Runs a script of one package of the workspace. */
  runIn(member: Member, script: string): string;
  /** Adds a dependency to one package of the workspace. */
  addIn(member: Member, spec: string): string;
}

const FOR_CI = {
  npm: { cleanInstall: 'npm ci', lockfile: 'package-lock.json' },
  pnpm: { cleanInstall: 'pnpm install --frozen-lockfile', lockfile: 'pnpm-lock.yaml' },
  yarn: { cleanInstall: 'yarn install --frozen-lockfile', lockfile: 'yarn.lock' },
};

/** How to talk to a package manager. For yarn it holds from version 1 on. */
export function commandsOf(name: PackageManager): Commands {
  const separator = name === 'npm' ? ' -- ' : ' ';
  const short = ['test', 'start'];
  return {
    name,
    ...FOR_CI[name],
    install: `${name} install`,
    passOn: name === 'npm' ? ' --' : '',
    run: (script, args) =>
      `${name} ${short.includes(script) ? '' : 'run '}${script}${args ? separator + args : ''}`,
    runIn: (member, script) => {
      switch (name) {
        case 'npm':
          return `npm run ${script} --workspace ${member.folder}`;
        case 'pnpm':
          return `pnpm --filter ./${member.folder} run ${script}`;
        case 'yarn':
          return `yarn workspace ${member.name} run ${script}`;
      }
    },
    addIn: (member, spec) => {
      switch (name) {
        case 'npm':
          return `npm install --workspace ${member.folder} ${spec}`;
        case 'pnpm':
          return `pnpm --filter ./${member.folder} add ${spec}`;
        case 'yarn':
          return `yarn workspace ${member.name} add ${spec}`;
      }
    },
  };
}
