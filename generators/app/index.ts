import { join } from 'node:path';
import type { Options } from '../base.js';
import type { Room } from '../core/plan.js';
import ExtensionGenerator from '../extension/index.js';
import FunctionAppGenerator from '../function-app/index.js';
import { RoomGenerator } from '../room.js';

/**
 * `yo azfunc-extension`: an extension, and unless it is not wanted, a function app that uses it.
 */
export default class AppGenerator extends RoomGenerator {
  constructor(args: string[], options: Options) {
    super('app', args, options);
  }

  async configuring(): Promise<void> {
    if (!this.answers.functionApp) {
      return;
    }
    const composed = this._composed();
    await this.composeWith<ExtensionGenerator>(
      { Generator: ExtensionGenerator, path: fileOf('extension') },
      { composed },
    );
    await this.composeWith<FunctionAppGenerator>(
      { Generator: FunctionAppGenerator, path: fileOf('function-app') },
      { composed },
    );
  }

  protected _room(): Room {
    return this.answers.functionApp ? 'workspace' : 'extension';
  }
}

function fileOf(generator: string): string {
  return join(import.meta.dirname, '..', generator, 'index.js');
}
