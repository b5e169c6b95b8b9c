import Generator, { type BaseOptions } from 'yeoman-generator';
import { helpFor } from './core/help.js';
import type { GeneratorId } from './core/parameters.js';
import { isCancellation, Refusal } from './core/refusal.js';
import { runOf } from './runs/run-of.js';
import type { Run } from './runs/run.js';

/** A run as a Yeoman generator, for `yo`. Its methods are Yeoman's phases. */
export function generatorFor(id: GeneratorId) {
  return class AzfuncGenerator extends Generator {
    #run!: Run;

    constructor(args: string[], options: BaseOptions) {
      super(args, options);
      this.help = () => helpFor(id, `yo azfunc-extension${id === 'app' ? '' : `:${id}`}`);
    }

    async initializing(): Promise<void> {
      this.#run = await runOf(id, {
        options: this.options,
        positionals: this.args,
        argv: process.argv,
        cwd: this.env.cwd,
        terminal: {
          say: (text) => this.log(text),
          adapter: async () => this.env.adapter,
        },
      });
      await this.#refusing(() => this.#run.begin());
    }

    prompting(): Promise<void> {
      return this.#refusing(() => this.#run.decide());
    }

    writing(): Promise<void> {
      return this.#refusing(() => this.#run.write());
    }

    install(): Promise<void> {
      return this.#run.install();
    }

    end(): Promise<void> {
      return this.#run.end();
    }

    async #refusing(task: () => Promise<void>): Promise<void> {
      try {
        await task();
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
