import { join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import Generator, { type BaseFeatures, type BaseOptions } from 'yeoman-generator';
import type { Answers } from './core/answers.js';
import { readFlags } from './core/flags.js';
import { helpFor } from './core/help.js';
import { commandsOf } from './core/package-manager.js';
import type { GeneratorId, Known } from './core/parameters.js';
import type { Sources } from './core/plan.js';
import { complete, openParameters, questionsFor } from './core/questions.js';
import { isCancellation, Refusal } from './core/refusal.js';
import type { OutputFile } from './core/render.js';
import type { WorkerExtension } from './core/worker-extension.js';
import { refuseObstacles, refuseUnwritable } from './destination.js';
import { dependencyFrom, readExtension } from './extension-spec.js';
import { readSources } from './sources.js';
import { readSurroundings } from './surroundings.js';
import { firstCommit, opened } from './user-tools.js';

/** What a generator is told by the one that composes it: then it writes, and does nothing else. */
export interface Composed {
  answers: Answers;
  /** The folder to write to, absolute. */
  destination: string;
  /** The switches that are on. */
  on: ReadonlySet<string>;
  sources: Sources;
}

export type Options = BaseOptions & {
  composed?: Composed;
  /** Yeoman's own: it reads them before anything else. */
  force?: unknown;
  f?: unknown;
  dryRun?: unknown;
};

/** How a run has ended. */
export interface Report {
  /** The destination relative to the current folder; empty where it is that folder. */
  folder: string;
  /** The command for the dependencies, if they are not there. */
  install?: string;
}

/**
 * What the generators have in common. There is one way through: flags and questions make the
 * answers, core makes files of them, Yeoman writes these, npm installs, and the user reads how to
 * go on.
 */
export abstract class AzfuncGenerator extends Generator {
  declare readonly options: Options;
  /** All that has been decided. Set from `prompting` on. */
  protected answers!: Answers;
  /** The folder to write to, absolute. Set from `prompting` on. */
  protected destination = '';
  protected sources!: Sources;
  /** The extension that an app is to use, if it is there already. Set from `prompting` on. */
  protected extension: WorkerExtension | undefined;
  /** The current folder, absolute. */
  protected readonly cwd = this.env?.cwd ?? process.cwd();
  readonly #id: GeneratorId;
  readonly #positionals: readonly string[];
  #on: ReadonlySet<string> = new Set();
  #known: Known | undefined;
  #hasAsked = false;
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
      this.destination = destination;
      this.#on = on;
      this.sources = sources;
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
    refuseUnwritable(resolve(this.cwd, given.destination ?? ''));
    const surroundings = await readSurroundings(this.cwd, given.destination);
    this.#canInitGit = surroundings.canInitGit;
    if (given.git === true && !this.#canInitGit) {
      throw new Refusal('--git: there is a git repository already, or git is not installed.');
    }
    if (given.ci === 'github' && surroundings.isPart) {
      throw new Refusal(
        '--ci github: workflows count at the root of a repository only, and this is a folder of one. Leave --ci out.',
      );
    }
    this.sources = readSources();
    this.#known = {
      generator: this.#id,
      answers: given,
      surroundings,
      manifest: this.sources.manifest,
    };
  }

  async #decide(): Promise<void> {
    if (!this.#known) {
      return;
    }
    await this._learn(this.#known);
    while (openParameters(this.#known).length > 0 && !this.#on.has('yes')) {
      const answered = await this.#ask(this.#known);
      this.#known.answers = { ...this.#known.answers, ...answered };
      await this._learn(this.#known);
    }
    this.answers = complete(this.#known);
    this.destination = resolve(this.cwd, this.answers.destination);
    refuseUnwritable(this.destination);
    if (this.#known.extension) {
      const { dependency } = this.#known.extension;
      this.extension = {
        ...this.#known.extension,
        dependency: dependencyFrom(this.destination, dependency),
      };
    }
  }

  /**
   * Finds out what follows from the answers so far, which may leave more to be asked.
   *
   * @throws Refusal, if they lead nowhere.
   */
  protected async _learn(known: Known): Promise<void> {
    const { extension } = known.answers;
    if (extension !== undefined && !known.extension) {
      known.extension = await readExtension(extension, this.cwd);
      known.answers.name = known.extension.packageName;
      known.answers.scope = known.extension.scope;
    }
  }

  async #ask(known: Known): Promise<Partial<Answers>> {
    if (!process.stdin.isTTY) {
      const flags = openParameters(known).map(({ flag }) => `--${flag}`);
      throw new Refusal(
        `There is no terminal to ask in. Add --yes to take the defaults, or give ${flags.join(', ')}.`,
      );
    }
    if (!this.#hasAsked) {
      this.log('Enter takes the default. Next time, --yes takes all of them.\n');
      this.#hasAsked = true;
    }
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

  /** Whether npm has anything to install. */
  protected _usesNpm(): boolean {
    return this.answers.language !== 'python';
  }

  /** The files to write. */
  protected abstract _files(): OutputFile[];

  /** What is said at the end. */
  protected abstract _report(state: Report): string;

  async writing(): Promise<void> {
    await this.#refusing(async () => {
      const files = this._files();
      // Yeoman asks before it overwrites. Where there is no terminal it would wait for ever.
      const mayOverwrite = process.stdin.isTTY || this.#on.has('force') || this.#on.has('dry-run');
      refuseObstacles(this.destination, files, mayOverwrite);
      for (const { path, contents, isEdit } of files) {
        const file = join(this.destination, path);
        this.fs.write(file, contents);
        if (isEdit) {
          // Nothing of the user's is lost by it, so Yeoman has nothing to ask.
          Object.assign(this.env.sharedFs.get(file), { conflicter: 'force' });
        }
      }
    });
  }

  /** What a generator that is composed by this one has to know. */
  protected _composed(): Composed {
    return {
      answers: this.answers,
      destination: this.destination,
      on: this.#on,
      sources: this.sources,
    };
  }

  async install(): Promise<void> {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    const { packageManager } = this.answers;
    if (this._usesNpm() && !this.#on.has('skip-install')) {
      const { failed, code } = await execa(packageManager, ['install'], {
        cwd: this.destination,
        reject: false,
        stdio: 'inherit',
      });
      this.#installed = !failed;
      if (failed) {
        this.#installFailure =
          code === 'ENOENT' ? `there is no ${packageManager} on the PATH` : 'see above';
      }
    }
    if (this.answers.git && this.#canInitGit) {
      const failure = await firstCommit(this.destination);
      if (failure !== undefined) {
        this.log(`\nThere is no first commit yet: ${failure}`);
      }
    }
  }

  async end(): Promise<void> {
    if (this.options.composed || this.#on.has('dry-run')) {
      return;
    }
    const folder = relative(this.cwd, this.destination);
    const { install } = commandsOf(this.answers.packageManager);
    if (this.#installFailure !== undefined) {
      const reason = this.#installFailure;
      this.log(`\n${install} has failed, ${reason}. All files are written, so go on from here.`);
      process.exitCode = 1;
    }
    this.log(
      `\n${this._report({ folder, ...(this._usesNpm() && !this.#installed && { install }) })}`,
    );
    if (this.#on.has('open') && !(await opened(this.destination))) {
      this.log('\nThere is no code on the PATH, so Visual Studio Code is not opened.');
    }
  }
}
