import { relative, resolve } from 'node:path';
import Generator, { type BaseFeatures, type BaseOptions } from 'yeoman-generator';
import type { Answers } from './core/answers.js';
import { readFlags } from './core/flags.js';
import { helpFor } from './core/help.js';
import { nextSteps } from './core/next-steps.js';
import type { GeneratorId, Known } from './core/parameters.js';
import { plan, type Room } from './core/plan.js';
import { complete, openParameters, questionsFor } from './core/questions.js';
import { isCancellation, Refusal } from './core/refusal.js';
import { refuseOverwriting, refuseUnwritable } from './destination.js';
import { readSources } from './sources.js';
import { readSurroundings } from './surroundings.js';

/** What a generator is told by the one that composes it: then it writes, and does nothing else. */
export interface Composed {
  answers: Answers;
  /** Whether its files are all that is emitted. */
  alone: boolean;
}

export type Options = BaseOptions & {
  composed?: Composed;
  /** Yeoman's: overwrite without asking. */
  force?: boolean;
  f?: unknown;
  dryRun?: boolean;
};

/**
 * What the generators have in common. There is one way through: flags and questions make the
 * answers, core makes files of them, Yeoman writes these, npm installs, and the user reads how to
 * go on.
 */
export abstract class AzfuncGenerator extends Generator {
  declare readonly options: Options;
  /** All that has been decided. Set from `prompting` on. */
  protected answers!: Answers;
  readonly #id: GeneratorId;
  readonly #positionals: readonly string[];
  readonly #cwd = this.env?.cwd ?? process.cwd();
  readonly #sources = readSources();
  #on: ReadonlySet<string> = new Set();
  #known: Known | undefined;
  #canInitGit = false;
  #install: 'skipped' | 'done' | 'failed' = 'skipped';

  constructor(id: GeneratorId, args: string[], options: Options, features?: BaseFeatures) {
    super(args, options, {
      ...features,
      inheritTasks: true,
      ...(!options.composed && { customInstallTask: true }),
    });
    this.help = () => helpFor(id, `yo azfunc-extension${id === 'app' ? '' : `:${id}`}`);
    this.#id = id;
    this.#positionals = args;
    // `yo` passes the short form on as it is, and Yeoman looks for the long one before anything runs.
    this.options.force ||= options.f !== undefined;
  }

  async initializing(): Promise<void> {
    if (this.options.composed) {
      this.answers = this.options.composed.answers;
    } else {
      await this.#refusing(() => this.#readFlags());
    }
  }

  async prompting(): Promise<void> {
    await this.#refusing(() => this.#decide());
  }

  async #readFlags(): Promise<void> {
    const { given, on } = readFlags(this.#id, this.options, this.#positionals, process.argv);
    this.#on = on;
    if (given.destination !== undefined) {
      refuseUnwritable(resolve(this.#cwd, given.destination));
    }
    const surroundings = await readSurroundings(this.#cwd, given.destination);
    this.#canInitGit = surroundings.canInitGit;
    this.#known = {
      generator: this.#id,
      answers: given,
      surroundings,
      manifest: this.#sources.manifest,
    };
  }

  async #decide(): Promise<void> {
    if (!this.#known) {
      return;
    }
    const open = openParameters(this.#known);
    if (open.length > 0 && !this.#on.has('yes')) {
      if (!process.stdin.isTTY) {
        const flags = open.map(({ flag }) => `--${flag}`).join(', ');
        throw new Refusal(
          `There is no terminal to ask in. Add --yes to take the defaults, or give ${flags}.`,
        );
      }
      this.log('Enter takes the default. Next time, --yes takes all of them.\n');
      const answered = await this.#ask(this.#known);
      this.#known.answers = { ...this.#known.answers, ...answered };
    }
    this.answers = complete(this.#known);
    const destination = resolve(this.#cwd, this.answers.destination);
    refuseUnwritable(destination);
    this.destinationRoot(destination);
  }

  async #ask(known: Known): Promise<Partial<Answers>> {
    try {
      return await this.prompt(questionsFor(known) as Parameters<typeof this.prompt>[0]);
    } catch (error) {
      // Yeoman has this very error already, and reports it: only its words can still be chosen.
      if (isCancellation(error)) {
        error.message = 'Cancelled. Nothing was written.';
      }
      throw error;
    }
  }

  /** A refusal is complete in itself: without the line that Yeoman puts before every error. */
  async #refusing(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (error instanceof Refusal || isCancellation(error)) {
        this.log.error = () => this.log;
      }
      throw error;
    }
  }

  /** The part of the output that this generator writes. */
  protected abstract _room(): Room;

  async writing(): Promise<void> {
    await this.#refusing(async () => {
      const alone = this.options.composed?.alone ?? this._room() !== 'workspace';
      const files = plan(this._room(), this.answers, this.#sources, alone);
      // Yeoman asks before it overwrites, and where there is no terminal it would wait for ever.
      if (!process.stdin.isTTY && !this.options.force && !this.options.dryRun) {
        refuseOverwriting(this.destinationRoot(), files);
      }
      for (const { path, contents } of files) {
        this.fs.write(this.destinationPath(path), contents);
      }
    });
  }

  async install(): Promise<void> {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    if (this.answers.git && this.#canInitGit) {
      await this.spawn('git', ['init', '--quiet'], { stdio: 'ignore', reject: false });
    }
    if (!this.#on.has('skip-install')) {
      const { failed } = await this.spawn('npm', ['install'], { stdio: 'inherit', reject: false });
      this.#install = failed ? 'failed' : 'done';
    }
  }

  end(): void {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    const folder = relative(this.#cwd, this.destinationRoot());
    if (this.#install === 'failed') {
      this.log('\nnpm install has failed, see above. All files are written, so go on from here.');
      process.exitCode = 1;
    }
    this.log(`\n${this.answers.name} is in ${folder || 'this folder'}. Next:\n`);
    this.log(
      nextSteps(this._room(), this.answers, { folder, installed: this.#install === 'done' }),
    );
  }
}
