import type { GeneratorId } from '../core/parameters.js';
import { RoomRun } from './room.js';
import type { Request, Run } from './run.js';

/** A run of a generator. */
export async function runOf(id: GeneratorId, request: Request): Promise<Run> {
  if (id === 'use' || id === 'function') {
    const { FunctionRun, UseRun } = await import('../late.js');
    return id === 'use' ? new UseRun(id, request) : new FunctionRun(id, request);
  }
  return new RoomRun(id, request);
}
