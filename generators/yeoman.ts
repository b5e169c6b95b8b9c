import Generator, { type BaseOptions } from 'yeoman-generator';
import { ownTemplates } from './package-root.js';
import { helpFor } from './questions/help.js';
import type { CommandId } from './questions/question.js';
import { isCancellation, Refusal } from './refusal.js';
import { run } from './run.js';
import { systemProcesses } from './system.js';

/**
 * A command as a Yeoman generator, for `yo`.
 *
 * @returns What a module has to export as `default`, and as `module.exports` too: `yo` up to 4 requires it, and adds
 *   properties to what it gets. Only then can Yeoman say that it is too old.
 */
export function generatorFor(command: CommandId) {
  return class AzfuncGenerator extends Generator {
    constructor(args: string[], options: BaseOptions) {
      // The run installs, and not Yeoman.
      super(args, options, { customInstallTask: true });
      const typed = `yo azfunc-extension${command === 'app' ? '' : `:${command}`}`;
      this.help = () => helpFor(command, typed, ownTemplates());
    }

    async writing(): Promise<void> {
      const { options, args: positionals } = this;
      try {
        const { isComplete } = await run(
          { command, options, positionals, argv: process.argv },
          {
            cwd: this.env.cwd,
            env: process.env,
            platform: process.platform,
            year: new Date().getFullYear(),
            terminal: {
              isInteractive: () => process.stdin.isTTY,
              say: (text) => this.log(text),
              adapter: async () => this.env.adapter,
            },
            processes: systemProcesses(process.env),
          },
          ownTemplates(),
        );
        if (!isComplete) {
          process.exitCode = 1;
        }
      } catch (error) {
        if (isCancellation(error)) {
          error.message = 'Cancelled. Nothing was written.';
        }
        // A refusal is complete in itself: without the line that Yeoman puts before every error.
        if (error instanceof Refusal || isCancellation(error)) {
          this.log.error = () => this.log;
        }
        throw error;
      }
    }
  };
}
