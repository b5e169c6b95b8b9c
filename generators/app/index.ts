import { join } from 'node:path';
import { AzfuncGenerator, type Options } from '../base.js';
import type { Room } from '../core/plan.js';
import ExtensionGenerator from '../extension/index.js';
import FunctionAppGenerator from '../function-app/index.js';

/**
 * `yo azfunc-extension`: an extension, and unless it is not wanted, a function app that uses it.
 */
export default class AppGenerator extends AzfuncGenerator {
  constructor(args: string[], options: Options) {
    super('app', args, options);
  }

  async configuring(): Promise<void> {
    const composed = this._composed(!this.answers.functionApp);
    await this.composeWith<ExtensionGenerator>(
      { Generator: ExtensionGenerator, path: fileOf('extension') },
      { composed },
    );
    if (this.answers.functionApp) {
      await this.composeWith<FunctionAppGenerator>(
        { Generator: FunctionAppGenerator, path: fileOf('function-app') },
        { composed },
      );
    }
  }

  override async writing(): Promise<void> {
    if (this.answers.functionApp) {
      await super.writing();
    }
  }

  protected _room(): Room {
    return this.answers.functionApp ? 'workspace' : 'extension';
  }
}

function fileOf(generator: string): string {
  return join(import.meta.dirname, '..', generator, 'index.js');
}
