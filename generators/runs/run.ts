import { join, relative, resolve } from 'node:path';
import type { Answers } from '../core/answers.js';
import { readFlags } from '../core/flags.js';
import { commandsOf } from '../core/package-manager.js';
import type { GeneratorId, Known } from '../core/parameters.js';
import type { Sources } from '../core/plan.js';
import { complete, openParameters, questionsFor } from '../core/questions.js';
import { Refusal } from '../core/refusal.js';
import type { OutputFile } from '../core/render.js';
import type { WorkerExtension } from '../core/worker-extension.js';
import { hasAny, refuseObstacles, refuseUnwritable } from '../destination.js';
import { firstCommit } from '../git.js';
import { readSources } from '../sources.js';
import { readSurroundings } from '../surroundings.js';
import type { Terminal } from '../terminal.js';
import { writeFiles } from '../writer.js';

/** What a run begins with. */
export interface Request {
  /** Values by flag, as the command line was parsed. */
  options: Readonly<Record<string, unknown>>;
  /** What was typed without a flag. */
  positionals: readonly string[];
  /** The command line. */
  argv: readonly string[];
  /** The current folder, absolute. */
  cwd: string;
  terminal: Terminal;
}

/** How a run has ended. */
export interface Report {
  /** The destination relative to the current folder; empty where it is that folder. */
  folder: string;
  /** The command for the dependencies, if they are not there. */
  install?: string;
}

/**
 * What a generator does, the same under `yo` and under our own command. There is one way through:
 * flags and questions make the answers, core makes files of them, these are written, a package
 * manager installs, and the user reads how to go on. The methods are called in this order, each
 * once: `begin`, `decide`, `write`, `install`, `end`. What few runs need is imported where it is needed.
 */
export abstract class Run {
  /** All that has been decided. Set from `decide` on. */
  protected answers!: Answers;
  /** The folder to write to, absolute. Set from `decide` on. */
  protected destination = '';
  /** Set from `begin` on. */
  protected sources!: Sources;
  /** The extension that an app is to use, if it is there already. Set from `decide` on. */
  protected extension: WorkerExtension | undefined;
  /** The current folder, absolute. */
  protected readonly cwd: string;
  readonly #request: Request;
  readonly #terminal: Terminal;
  #on: ReadonlySet<string> = new Set();
  #known!: Known;
  #hasAsked = false;
  #canInitGit = false;
  #isInstalled = false;
  /** Why the installation has failed, if it has. */
  #installFailure: string | undefined;

  constructor(
    readonly id: GeneratorId,
    request: Request,
  ) {
    this.#request = request;
    this.#terminal = request.terminal;
    this.cwd = request.cwd;
  }

  /**
   * Reads the flags, and looks around.
   *
   * @throws Refusal, if a flag cannot be taken.
   */
  async begin(): Promise<void> {
    const { options, positionals, argv } = this.#request;
    const { given, on } = readFlags(this.id, options, positionals, argv);
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
      generator: this.id,
      answers: given,
      surroundings,
      manifest: this.sources.manifest,
    };
  }

  /**
   * Asks what no flag has said.
   *
   * @throws Refusal, if there is no terminal to ask in, or if an answer cannot be taken.
   */
  async decide(): Promise<void> {
    await this.learn(this.#known);
    while (openParameters(this.#known).length > 0 && !this.#on.has('yes')) {
      const answered = await this.#ask();
      this.#known.answers = { ...this.#known.answers, ...answered };
      await this.learn(this.#known);
    }
    this.answers = complete(this.#known);
    this.destination = resolve(this.cwd, this.answers.destination);
    refuseUnwritable(this.destination);
    if (this.#known.extension) {
      const { dependencyFrom } = await import('../late.js');
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
  protected async learn(known: Known): Promise<void> {
    const { extension } = known.answers;
    if (extension !== undefined && !known.extension) {
      const { readExtension } = await import('../late.js');
      known.extension = await readExtension(extension, this.cwd);
      known.answers.name = known.extension.packageName;
      known.answers.scope = known.extension.scope;
    }
  }

  async #ask(): Promise<Partial<Answers>> {
    if (!process.stdin.isTTY) {
      const flags = openParameters(this.#known).map(({ flag }) => `--${flag}`);
      throw new Refusal(
        `There is no terminal to ask in. Add --yes to take the defaults, or give ${flags.join(', ')}.`,
      );
    }
    if (!this.#hasAsked) {
      this.#terminal.say('Enter takes the default. Next time, --yes takes all of them.\n');
      this.#hasAsked = true;
    }
    const adapter = await this.#terminal.adapter();
    return adapter.prompt(questionsFor(this.#known) as Parameters<typeof adapter.prompt>[0]);
  }

  /** Whether npm, or another package manager of Node.js, has anything to install. */
  protected usesNpm(): boolean {
    return this.answers.language !== 'python';
  }

  /**
   * The files to write.
   *
   * @throws Refusal, if what is there already does not allow them.
   */
  protected abstract files(): OutputFile[] | Promise<OutputFile[]>;

  /** What is said at the end. */
  protected abstract report(state: Report): string;

  /**
   * Writes all files, or none if one of them cannot be.
   *
   * @throws Refusal that names the obstacle.
   */
  async write(): Promise<void> {
    const files = await this.#overOwnFields(await this.files());
    const options = { force: this.#on.has('force'), dryRun: this.#on.has('dry-run') };
    // Without a terminal, nobody could be asked before a file is overwritten.
    const mayOverwrite = process.stdin.isTTY || options.force || options.dryRun;
    refuseObstacles(this.destination, files, mayOverwrite);
    await writeFiles(
      files.map(({ path, ...file }) => ({ path: join(this.destination, path), ...file })),
      { ...options, cwd: this.cwd, terminal: this.#terminal },
    );
  }

  async #overOwnFields(files: OutputFile[]): Promise<OutputFile[]> {
    if (!hasAny(this.destination, files)) {
      return files;
    }
    const { overOwnFields } = await import('../late.js');
    return overOwnFields(this.destination, files);
  }

  /** Installs, and makes the first commit. Neither stops the run if it fails: `end` tells of it. */
  async install(): Promise<void> {
    if (this.#on.has('dry-run')) {
      return;
    }
    if (this.usesNpm() && !this.#on.has('skip-install')) {
      const { installed } = await import('../late.js');
      this.#installFailure = await installed(this.answers.packageManager, this.destination);
      this.#isInstalled = this.#installFailure === undefined;
    }
    if (this.answers.git && this.#canInitGit) {
      const failure = await firstCommit(this.destination);
      if (failure !== undefined) {
        this.#terminal.say(`\nThere is no first commit yet: ${failure}`);
      }
    }
  }

  /** Says how to go on. Sets the exit code to 1 if the installation has failed. */
  async end(): Promise<void> {
    if (this.#on.has('dry-run')) {
      return;
    }
    const { say } = this.#terminal;
    const folder = relative(this.cwd, this.destination);
    const { install } = commandsOf(this.answers.packageManager);
    if (this.#installFailure !== undefined) {
      const reason = this.#installFailure;
      say(`\n${install} has failed, ${reason}. All files are written, so go on from here.`);
      process.exitCode = 1;
    }
    say(`\n${this.report({ folder, ...(this.usesNpm() && !this.#isInstalled && { install }) })}`);
    if (this.#on.has('open')) {
      const { opened } = await import('../late.js');
      if (!(await opened(this.destination))) {
        say('\nThere is no code on the PATH, so Visual Studio Code is not opened.');
      }
    }
  }
}
