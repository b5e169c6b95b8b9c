import type { Options } from '../base.js';
import type { Room } from '../core/plan.js';
import { RoomGenerator } from '../room.js';

/** `yo azfunc-extension:function-app`: a function app that uses an extension. */
export default class FunctionAppGenerator extends RoomGenerator {
  constructor(args: string[], options: Options) {
    super('function-app', args, options);
  }

  protected _room(): Room {
    return 'function-app';
  }
}
