import { relative, resolve } from 'node:path';
import type { Known } from '../core/parameters.js';
import { type FoundApp, readApp } from '../existing-app.js';
import { Run } from './run.js';

/** Adds something to a function app that is there already. */
export abstract class InAppRun extends Run {
  /** The app. Set from `decide` on. */
  protected app!: FoundApp;

  protected override async learn(known: Known): Promise<void> {
    this.app ??= readApp(resolve(this.cwd, known.answers.destination ?? ''));
    known.answers.destination = relative(this.cwd, this.app.root);
    known.answers.packageManager = this.app.packageManager;
    known.functionNames = this.app.functionNames;
    await super.learn(known);
  }
}
