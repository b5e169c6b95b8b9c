/** A flag that is not the answer to a question. */
export interface SwitchFlag {
  readonly flag: string;
  readonly alias?: string;
  readonly help: string;
}

/** Our own switches, and those of Yeoman that a user has a use for. */
export const switchFlags = {
  yes: {
    flag: 'yes',
    alias: 'y',
    help: 'take the default for all that is not given; ask only before overwriting',
  },
  skipInstall: { flag: 'skip-install', help: 'do not install dependencies' },
  open: { flag: 'open', help: 'open what is made in Visual Studio Code' },
  force: { flag: 'force', alias: 'f', help: 'overwrite files without asking' },
  dryRun: { flag: 'dry-run', help: 'show what would be written, and write nothing' },
  help: { flag: 'help', alias: 'h', help: 'show this help' },
} as const satisfies Record<string, SwitchFlag>;

/** Which switches are on. */
export type Switches = { readonly [Name in keyof typeof switchFlags]: boolean };
