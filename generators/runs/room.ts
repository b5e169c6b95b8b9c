import { dirname } from 'node:path';
import { numbered, stepsFor } from '../core/next-steps.js';
import { plan, type Room } from '../core/plan.js';
import type { OutputFile } from '../core/render.js';
import { folderWith } from '../folder-with.js';
import type { Membership } from '../workspace.js';
import { type Report, Run } from './run.js';

/** Makes a part of the output anew: the workspace with all that is in it, or a package alone. */
export class RoomRun extends Run {
  protected async files(): Promise<OutputFile[]> {
    const { answers, sources, extension } = this;
    const room = this.#room();
    const alone = room !== 'workspace';
    const rooms: Room[] = alone ? [room] : ['workspace', 'extension', 'function-app'];
    const { isMember, edits } = await this.#membership(!alone);
    return [
      ...rooms.flatMap((one) => plan(one, answers, sources, { alone, isMember, extension })),
      ...edits,
    ];
  }

  protected report(state: Report): string {
    const { name } = this.answers;
    const room = this.#room();
    const what = room === 'function-app' ? `An app that uses ${name}` : name;
    const steps = numbered(stepsFor(room, this.answers, process.platform === 'win32'), state);
    return `${what} is in ${state.folder || 'this folder'}. Next:\n\n${steps}`;
  }

  async #membership(isWorkspace: boolean): Promise<Membership> {
    if (!this.usesNpm() || !folderWith('package.json', dirname(this.destination))) {
      return { isMember: false, edits: [] };
    }
    const { membershipOf } = await import('../late.js');
    return membershipOf(this.destination, isWorkspace);
  }

  #room(): Room {
    if (this.id === 'app' && this.answers.functionApp) {
      return 'workspace';
    }
    return this.id === 'function-app' ? 'function-app' : 'extension';
  }
}
