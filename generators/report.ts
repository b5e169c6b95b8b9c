import { relative } from 'node:path';
import type { Plan } from './commands/plan.js';
import type { Step } from './languages/language.js';
import type { Switches } from './questions/switches.js';
import type { System } from './system.js';
import { shell } from './templates/serialize.js';
import type { Installed } from './writing/install.js';

/** How a run has ended. */
export interface Reported {
  /** Whether all was done: dependencies may have failed to install. */
  isComplete: boolean;
}

/** Says what has been done and how to go on, and opens it if that is wanted. */
export async function report(
  { root, packageManager, summary, nextSteps }: Plan,
  { dependencies, commitFailure }: Installed,
  { open }: Switches,
  { cwd, platform, terminal, processes }: System,
): Promise<Reported> {
  const folder = relative(cwd, root);
  const install = `${packageManager} install`;
  const isFailure = typeof dependencies === 'object';
  if (commitFailure !== undefined) {
    terminal.say(`\nThere is no first commit yet: ${commitFailure}`);
  }
  if (isFailure) {
    terminal.say(
      `\n${install} has failed, ${dependencies.reason}. All files are written, so go on from here.`,
    );
  }
  const before: Step[] = [
    ...(folder === '' ? [] : [[`cd ${shell(folder, platform)}`, ''] as const]),
    ...(isFailure ? dependencies.remedy : []),
    ...(dependencies === 'skipped' ? [[install, ''] as const] : []),
  ];
  const steps = nextSteps.length === 0 ? '' : `\n\n${numbered([...before, ...nextSteps])}`;
  terminal.say(`\n${summary}${steps}`);
  if (open) {
    const { status } = await processes.capture('code', [root], cwd);
    if (status !== 'done') {
      terminal.say('\nThere is no code on the PATH, so Visual Studio Code is not opened.');
    }
  }
  return { isComplete: !isFailure };
}

/** Steps with their numbers, and with what each does. */
export function numbered(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(([command]) => command.length));
  return steps
    .map(([command, what], index) =>
      `  ${index + 1}. ${command.padEnd(width)}  ${what && `# ${what}`}`.trimEnd(),
    )
    .join('\n');
}
