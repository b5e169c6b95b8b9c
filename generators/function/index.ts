import type { Options, Report } from '../base.js';
import { newFunction } from '../core/function-file.js';
import { numbered, requestOf } from '../core/next-steps.js';
import type { OutputFile } from '../core/render.js';
import { InAppGenerator } from '../in-app.js';

/** `yo azfunc-extension:function`: adds a function to a function app that is there already. */
export default class FunctionGenerator extends InAppGenerator {
  constructor(args: string[], options: Options) {
    super('function', args, options);
  }

  protected override _usesNpm(): boolean {
    return false;
  }

  protected _files(): OutputFile[] {
    return [newFunction(this.answers, this.app, this.sources)];
  }

  protected _report({ folder }: Report): string {
    const { functionName, trigger } = this.answers;
    const steps = numbered(
      [[this.app.startCommand, 'starts the app'], requestOf(functionName, trigger)],
      { folder },
    );
    return `The function ${functionName} is there. Next:\n\n${steps}`;
  }
}
