import type { Step } from '../languages/language.js';
import type { PackageManager } from '../languages/package-manager.js';
import type { OutputFile } from '../templates/emit.js';

/** What a command is going to do. */
export interface Plan {
  /** The folder to write to, absolute. */
  root: string;
  /** Files that are ours, with paths relative to that folder. */
  files: readonly OutputFile[];
  /** Files of the user's with changes in them, which keep everything else. */
  edits: readonly OutputFile[];
  /** Whether nothing is written where one of the files is not to be. */
  isWhole?: boolean;
  /** Files that were made for what is removed, with paths relative to that folder. */
  removals?: readonly string[];
  /** The package manager of Node.js that installs, if one has to. */
  packageManager: PackageManager | undefined;
  /** Whether to create a git repository with a first commit. */
  firstCommit: boolean;
  /** What has been done, for the user to read. */
  summary: string;
  nextSteps: readonly Step[];
}
