/*
 * What few runs need, or what can wait. It is imported late, and from here only: of each file that is
 * imported late, the bundler makes one more file for all runs to load.
 */
export { dependencyFrom, readExtension } from './extension-spec.js';
export { overOwnFields } from './own-fields.js';
export { FunctionRun } from './runs/function.js';
export { UseRun } from './runs/use.js';
export { installed, opened } from './user-tools.js';
export { membershipOf } from './workspace.js';
