import { accessSync, constants, statSync } from 'node:fs';
import { Refusal } from './core/refusal.js';
import { nearestFolder } from './surroundings.js';

/** @throws Refusal, if a folder is none, or if it cannot be written to or made. */
export function refuseUnwritable(folder: string): void {
  const existing = nearestFolder(folder);
  if (!statSync(existing).isDirectory()) {
    throw new Refusal(`${existing} is a file. Choose another destination.`);
  }
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    throw new Refusal(
      `${existing} cannot be written to. Choose another destination, or change its permissions.`,
    );
  }
}
