import { adoptionOf, type AdoptionStep } from '../core/adoption.js';
import { numbered } from '../core/next-steps.js';
import type { OutputFile } from '../core/render.js';
import { table } from '../core/table.js';
import { InAppRun } from './in-app.js';
import type { Report } from './run.js';

/** Switches an extension on in a function app that is there already. */
export class UseRun extends InAppRun {
  #steps: AdoptionStep[] = [];

  protected files(): OutputFile[] {
    if (this.extension) {
      this.#steps = adoptionOf(this.app, this.extension, this.answers.functionName);
    }
    return this.#steps.flatMap(({ file }) => file ?? []);
  }

  protected report(state: Report): string {
    const { name } = this.answers;
    if (this.#steps.every(({ file }) => !file)) {
      return `${name} is switched on already. Nothing has changed.`;
    }
    const done = this.#steps.map(({ path, what, file }) => [
      path,
      file ? what : `${what}, already`,
    ]);
    const next = numbered([[this.app.startCommand, 'starts the app with it']], state);
    return `${name} is switched on:\n\n${table(done)}\n\nNext:\n\n${next}`;
  }
}
