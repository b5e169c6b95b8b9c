import type { AppAlone, NewExtension, Project } from '../questions/decision.js';
import type { Code, OutputFile } from '../templates/emit.js';
import type { Facts, OutputPart } from '../templates/layers.js';
import type { Support, Templates } from '../templates/load.js';
import type { WorkerExtension } from '../worker-extension.js';
import type { PackageNames } from './names.js';
import type { PackageManager, PackageManagers } from './package-manager.js';

/** The languages that an extension can be written in. The first is the default. */
export const languageIds = ['typescript', 'python'] as const;

export type LanguageId = (typeof languageIds)[number];

/** A command that can be pasted, and what it does; the latter may be empty. */
export type Step = readonly [command: string, what: string];

/** What a language has to say. Its templates are in `templates/<id>/`. */
export interface Language<Id extends LanguageId> {
  readonly id: Id;
  /** How it is written in a sentence. */
  readonly title: string;
  /** What the names of its packages begin with. */
  readonly packagePrefix: string;
  /** Version that an emitted package begins with. */
  readonly firstVersion: string;
  /** How Azure Functions calls its worker, in FUNCTIONS_WORKER_RUNTIME. */
  readonly runtime: string;
  /** The app setting that switches worker extensions on and off. */
  readonly switchSetting: string;
  /** What can install its packages. */
  readonly packageManagers: PackageManagers;
  readonly code: Code;
  /** Files of the output that are programs with a version, and not their owner's to edit. */
  readonly tools: RegExp;

  /** A name in the form in which package indexes compare names. */
  normalName(name: string): string;
  /**
   * Whether a package can have a name.
   *
   * @param typed What the user has typed for it.
   * @throws Refusal, if it cannot.
   */
  checkPackageName(name: string, typed: string): void | Promise<void>;
  /**
   * Whether a function of the app can have a name that Azure Functions allows.
   *
   * @throws Refusal, if it cannot.
   */
  checkFunctionName(name: string, answers: { programmingModel?: string | undefined }): void;
  /** Names for the main file, without ending: the second one is for where the first is taken. */
  fileNames(words: readonly string[]): [string, string];
  /** What code imports. */
  moduleName(packageName: string): string;
  /** The identifier of a function in a file that may use the class of the extension too. */
  toIdentifier(functionName: string, className: string): string;

  /** How the app depends on the extension beside it. */
  dependencyBeside(project: NewExtension<Id>): string;
  /** The lines that switch an extension on. */
  entryLines(extension: WorkerExtension, functionName: string): string[];
  /** The opening of the call that switches it on: `new TimerExtension('HttpTrigger', `. */
  callOpening(extension: WorkerExtension, functionName: string): string;
  /** Files of the extension that are not in a layer, over which all layers are laid. */
  extensionFiles(templates: Templates): OutputFile[];
  /** Files of the app that are not in a layer, over which all layers are laid. */
  appFiles(app: NewApp): OutputFile[];
  /** The files of the app, with the lines that switch the extension on where they are not yet. */
  switchedOn(files: readonly OutputFile[], app: NewApp): OutputFile[];

  /** What is true of the output, beside what is in all languages. */
  facts(project: Project<Id>, extension: WorkerExtension): Facts;
  /** What documents can ask for, beside what all languages have. */
  view(project: NewExtension<Id>, names: PackageNames, output: ViewedOutput): object;
  /** The same for an app that is made alone. */
  appView(app: AppAlone<Id>, output: ViewedOutput, names: PackageNames): object;
  /** The package manager of Node.js that installs what is emitted, if one does. */
  packageManager(project: Project<Id>): PackageManager | undefined;
  /** How to go on with what has been made. */
  nextSteps(part: OutputPart, project: Project<Id>, shown: NextStepsContext): Step[];
}

/** The app that is being made. */
export interface NewApp {
  templates: Templates;
  extension: WorkerExtension;
  functionName: string;
  /** What its entry file imports before the extension. */
  imports: readonly string[];
  facts: Facts;
}

/** What a view is for. */
export interface ViewedOutput {
  extension: WorkerExtension;
  /** Whether a part is the whole output. */
  standalone: boolean;
  support: Support;
}

export interface NextStepsContext {
  platform: NodeJS.Platform;
  support: Support;
  extension: WorkerExtension;
  /** The command that requests the sample function. */
  request: Step;
}
