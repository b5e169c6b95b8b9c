import { AzfuncGenerator, type Report } from './base.js';
import { numbered, stepsFor } from './core/next-steps.js';
import { plan, type Room } from './core/plan.js';
import type { OutputFile } from './core/render.js';
import { workspaceEdit } from './workspace.js';

/** A generator that makes a part of the output anew. */
export abstract class RoomGenerator extends AzfuncGenerator {
  /** The part that it makes. */
  protected abstract _room(): Room;

  protected _files(): OutputFile[] {
    const room = this._room();
    if (this.options.composed) {
      return plan(room, this.answers, this.sources, false);
    }
    const alone = room !== 'workspace';
    return [
      ...plan(room, this.answers, this.sources, alone, this.extension),
      ...(this._usesNpm() ? workspaceEdit(this.destination, alone) : []),
    ];
  }

  protected _report(state: Report): string {
    const { name } = this.answers;
    const room = this._room();
    const what = room === 'function-app' ? `An app that uses ${name}` : name;
    const steps = numbered(stepsFor(room, this.answers, process.platform === 'win32'), state);
    return `${what} is in ${state.folder || 'this folder'}. Next:\n\n${steps}`;
  }
}
