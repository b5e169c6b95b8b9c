import { join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import Generator, { type BaseFeatures, type BaseOptions } from 'yeoman-generator';
import type { Answers } from './core/answers.js';
import { readFlags } from './core/flags.js';
import { helpFor } from './core/help.js';
import { nextSteps } from './core/next-steps.js';
import type { GeneratorId, Known } from './core/parameters.js';
import { plan, type Room, type Sources } from './core/plan.js';
import { complete, openParameters, questionsFor } from './core/questions.js';
import { isCancellation, Refusal } from './core/refusal.js';
import { refuseObstacles, refuseUnwritable } from './destination.js';
import { readSources } from './sources.js';
import { readSurroundings } from './surroundings.js';

/** What a generator is told by the one that composes it: then it writes, and does nothing else. */
export interface Composed {
  answers: Answers;
  /** The folder to write to, absolute. */
  destination: string;
  /** The switches that are on. */
  on: ReadonlySet<string>;
  sources: Sources;
  /** Whether its files are all that is emitted. */
  alone: boolean;
}

export type Options = BaseOptions & {
  composed?: Composed;
  /** Yeoman's own: it reads them before anything else. */
  force?: unknown;
  f?: unknown;
  dryRun?: unknown;
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
  #destination = '';
  readonly #id: GeneratorId;
  readonly #positionals: readonly string[];
  readonly #cwd = this.env?.cwd ?? process.cwd();
  #sources!: Sources;
  #on: ReadonlySet<string> = new Set();
  #known: Known | undefined;
  #canInitGit = false;
  #installed = false;
  /** Why npm install has failed, if it has. */
  #installFailure: string | undefined;

  constructor(id: GeneratorId, args: string[], options: Options, features?: BaseFeatures) {
    super(args, options, {
      ...features,
      inheritTasks: true,
      ...(!options.composed && { customInstallTask: true }),
    });
    this.help = () => helpFor(id, `yo azfunc-extension${id === 'app' ? '' : `:${id}`}`);
    this.#id = id;
    this.#positionals = args;
    // `yo` passes on `-f` and `--force=false` as they are. Yeoman takes the first for nothing, and
    // the second for yes.
    this.options.force =
      (options.force ?? options.f ?? false) !== false && options.force !== 'false';
    this.options.dryRun = (options.dryRun ?? false) !== false && options.dryRun !== 'false';
  }

  async initializing(): Promise<void> {
    if (this.options.composed) {
      const { answers, destination, on, sources } = this.options.composed;
      this.answers = answers;
      this.#destination = destination;
      this.#on = on;
      this.#sources = sources;
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
    refuseUnwritable(resolve(this.#cwd, given.destination ?? ''));
    const surroundings = await readSurroundings(this.#cwd, given.destination);
    this.#canInitGit = surroundings.canInitGit;
    if (given.git === true && !this.#canInitGit) {
      throw new Refusal('--git: there is a git repository already, or git is not installed.');
    }
    this.#sources = readSources();
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
    this.#destination = resolve(this.#cwd, this.answers.destination);
    refuseUnwritable(this.#destination);
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
      // Yeoman asks before it overwrites. Where there is no terminal it would wait for ever.
      const mayOverwrite = process.stdin.isTTY || this.#on.has('force') || this.#on.has('dry-run');
      refuseObstacles(this.#destination, files, mayOverwrite);
      for (const { path, contents } of files) {
        this.fs.write(join(this.#destination, path), contents);
      }
    });
  }

  /** What a generator that is composed by this one has to know. */
  protected _composed(alone: boolean): Composed {
    return {
      answers: this.answers,
      destination: this.#destination,
      on: this.#on,
      sources: this.#sources,
      alone,
    };
  }

  async install(): Promise<void> {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    const options = { cwd: this.#destination, reject: false } as const;
    if (this.answers.git && this.#canInitGit) {
      const { failed, stderr } = await execa('git', ['init', '--quiet'], options);
      if (failed) {
        this.log(`git init has failed: ${stderr}`);
      }
    }
    if (!this.#on.has('skip-install')) {
      const { failed, code } = await execa('npm', ['install'], { ...options, stdio: 'inherit' });
      this.#installed = !failed;
      if (failed) {
        this.#installFailure = code === 'ENOENT' ? 'there is no npm on the PATH' : 'see above';
      }
    }
  }

  end(): void {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    const folder = relative(this.#cwd, this.#destination);
    if (this.#installFailure !== undefined) {
      const reason = this.#installFailure;
      this.log(`\nnpm install has failed, ${reason}. All files are written, so go on from here.`);
      process.exitCode = 1;
    }
    this.log(`\n${this.answers.name} is in ${folder || 'this folder'}. Next:\n`);
    this.log(nextSteps(this._room(), this.answers, { folder, installed: this.#installed }));
  }
}
