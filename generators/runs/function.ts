import { newFunction } from '../core/new-function.js';
import { numbered, requestOf } from '../core/next-steps.js';
import type { OutputFile } from '../core/render.js';
import { InAppRun } from './in-app.js';
import type { Report } from './run.js';

/** Adds a function to a function app that is there already. */
export class FunctionRun extends InAppRun {
  protected override usesNpm(): boolean {
    return false;
  }

  protected files(): OutputFile[] {
    return [newFunction(this.answers, this.app, this.sources)];
  }

  protected report({ folder }: Report): string {
    const { functionName, trigger } = this.answers;
    const steps = numbered(
      [[this.app.startCommand, 'starts the app'], requestOf(functionName, trigger)],
      { folder },
    );
    return `The function ${functionName} is there. Next:\n\n${steps}`;
  }
}
