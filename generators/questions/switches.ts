import type { CommandId } from './question.js';

/** A flag that is not the answer to a question. */
export interface SwitchFlag {
  readonly flag: string;
  readonly alias?: string;
  readonly help: string;
  /** Default: all of them. */
  readonly commands?: readonly CommandId[];
}

/** Our own switches, and those of Yeoman that a user has a use for. */
export const switchFlags = {
  yes: {
    flag: 'yes',
    alias: 'y',
    help: 'take the default for all that is not given; ask only before overwriting',
  },
  askAll: {
    flag: 'ask-all',
    help: 'ask all questions, and not only the main ones',
    commands: ['app', 'extension', 'function-app', 'use', 'function'],
  },
  verbose: {
    flag: 'verbose',
    help: 'list each file that is written',
    commands: ['app', 'extension', 'function-app', 'use', 'function'],
  },
  skipInstall: {
    flag: 'skip-install',
    help: 'do not install dependencies',
    commands: ['app', 'extension', 'function-app', 'use', 'function'],
  },
  open: {
    flag: 'open',
    help: 'open what is made in Visual Studio Code',
    commands: ['app', 'extension', 'function-app', 'use', 'function'],
  },
  force: { flag: 'force', alias: 'f', help: 'overwrite files without asking' },
  dryRun: { flag: 'dry-run', help: 'show what would be written, and write nothing' },
  check: {
    flag: 'check',
    help: 'write nothing, and exit with 1 if there is something to update',
    commands: ['update'],
  },
  ours: {
    flag: 'ours',
    help: 'where both have changed the same, take what you have',
    commands: ['update'],
  },
  theirs: {
    flag: 'theirs',
    help: 'where both have changed the same, take what is new',
    commands: ['update'],
  },
  help: { flag: 'help', alias: 'h', help: 'show this help' },
} as const satisfies Record<string, SwitchFlag>;

/** The switches of a command. */
export function switchesOf(command: CommandId): SwitchFlag[] {
  const all: readonly SwitchFlag[] = Object.values(switchFlags);
  return all.filter(({ commands }) => commands?.includes(command) ?? true);
}

/** Which switches are on. */
export type Switches = { readonly [Name in keyof typeof switchFlags]: boolean };
