import { relative, resolve } from 'node:path';
import { AzfuncGenerator } from './base.js';
import type { Known } from './core/parameters.js';
import { type FoundApp, readApp } from './existing-app.js';

/** A generator that adds something to a function app that is there already. */
export abstract class InAppGenerator extends AzfuncGenerator {
  /** The app. Set from `prompting` on. */
  protected app!: FoundApp;

  protected override async _learn(known: Known): Promise<void> {
    this.app ??= readApp(resolve(this.cwd, known.answers.destination ?? ''));
    known.answers.destination = relative(this.cwd, this.app.root);
    known.answers.packageManager = this.app.packageManager;
    known.functionNames = this.app.functionNames;
    await super._learn(known);
  }
}
