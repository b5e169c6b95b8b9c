import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../../tools/support/files.js';

/** A task of tasks.json. Those of type `func` are run by the Azure Functions extension. */
export interface Task {
  type: 'shell' | 'func';
  label: string;
  command: string;
  dependsOn?: string;
  cwd: string;
}

/** A configuration of launch.json. */
export interface Configuration {
  name: string;
  request: 'launch' | 'attach';
  preLaunchTask?: string;
  program?: string;
  /** In place of a program, in Python. */
  module?: string;
  cwd?: string;
  runtimeArgs?: string[];
  args?: string[];
}

/** What a folder tells Visual Studio Code, with its own path in it. */
export interface VsCode {
  tasks: Task[];
  configurations: Configuration[];
  settings: Record<string, unknown>;
}

export function readVsCode(folder: string): VsCode {
  const resolved = (file: string): any =>
    JSON.parse(
      JSON.stringify(readJson(folder, '.vscode', file)).replaceAll('${workspaceFolder}', folder),
    );
  return {
    tasks: resolved('tasks.json').tasks.map((task: any) => ({ ...task, cwd: task.options.cwd })),
    configurations: resolved('launch.json').configurations,
    settings: existsSync(join(folder, '.vscode/settings.json')) ? resolved('settings.json') : {},
  };
}

/** A task by its label, as others refer to it. */
export function taskOf({ tasks }: VsCode, label: string): Task {
  const [task, ...others] = tasks.filter((one) => one.label === label);
  if (!task || others.length > 0) {
    throw new Error(`There are ${others.length + (task ? 1 : 0)} tasks "${label}".`);
  }
  return task;
}
