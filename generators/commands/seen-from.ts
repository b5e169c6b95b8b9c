import { relative, sep } from 'node:path';
import { isLocal } from '../languages/python.js';
import type { WorkerExtension } from '../worker-extension.js';

/** An extension in Python as it is seen from the folder of an app: by a path that begins with a full stop. */
export function seenFrom(folder: string, extension: WorkerExtension): WorkerExtension {
  const path = relative(folder, extension.dependency).split(sep).join('/');
  return isLocal(extension)
    ? { ...extension, dependency: path.startsWith('.') ? path : `./${path}` }
    : extension;
}
