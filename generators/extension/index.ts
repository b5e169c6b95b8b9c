import type { Options } from '../base.js';
import type { Room } from '../core/plan.js';
import { RoomGenerator } from '../room.js';

/** `yo azfunc-extension:extension`: the package of an extension. */
export default class ExtensionGenerator extends RoomGenerator {
  constructor(args: string[], options: Options) {
    super('extension', args, options);
  }

  protected _room(): Room {
    return 'extension';
  }
}
