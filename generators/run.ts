import { planExtension } from './commands/create.js';
import type { Plan } from './commands/plan.js';
import { preflight } from './preflight.js';
import { type Decided, decide } from './questions/decide.js';
import type { DecisionIn } from './questions/decision.js';
import type { Typed } from './questions/flags.js';
import type { ProjectRecord } from './record.js';
import { type Reported, report } from './report.js';
import type { System } from './system.js';
import type { Templates } from './templates/load.js';
import { install } from './writing/install.js';
import { write } from './writing/write.js';

/**
 * The way from what was typed to what has been made. Each stage goes by what the one before has made:
 * typed, decided, planned, looked over, written, installed, reported.
 *
 * @throws Refusal, before anything is written, if something cannot be done.
 */
export async function run(typed: Typed, system: System, templates: Templates): Promise<Reported> {
  const { command } = typed;
  if (command === 'update') {
    const { runUpdate } = await import('./updating/run-update.js');
    return runUpdate(typed, system, templates);
  }
  const decided = await decide({ ...typed, command }, system, templates);
  const planned = await plan(decided, system, templates);
  for (const warning of await preflight(planned, decided.switches, system)) {
    system.terminal.say(`Note: ${warning}`);
  }
  await write(planned, decided.switches, system);
  if (decided.switches.dryRun) {
    return { isComplete: true };
  }
  const installed = await install(planned, decided.switches, system);
  return report(planned, installed, decided.switches, system);
}

async function plan(decided: Decided, system: System, templates: Templates): Promise<Plan> {
  switch (decided.command) {
    case 'app':
    case 'extension':
      return planExtension(decided.decision, inYearOf(decided.found, system), templates);
    case 'function-app': {
      const { planApp } = await import('./commands/add-app.js');
      return planApp(decided.decision, decided.found, inYearOf(decided.found, system), templates);
    }
    case 'use': {
      const { decision } = decided;
      const { app, extensions } = decided.found;
      if ('programmingModel' in app) {
        const inPython = decision as DecisionIn<'use', 'python'>;
        const asksFirst = !decided.switches.yes;
        if (inPython.removed.length > 0) {
          const { planRemovalInPython } = await import('./commands/remove-python.js');
          return planRemovalInPython(inPython, { app }, system, asksFirst);
        }
        const { planUseInPython } = await import('./commands/use-python.js');
        return planUseInPython(inPython, { app, extensions }, system, asksFirst);
      }
      const inNode = decision as DecisionIn<'use', 'typescript'>;
      if (inNode.removed.length > 0) {
        const { planRemoval } = await import('./commands/remove.js');
        return planRemoval(inNode, { app });
      }
      const { planUse } = await import('./commands/use.js');
      return planUse(inNode, { app, extensions });
    }
    case 'publish': {
      const { planPublish } = await import('./commands/publish.js');
      const { readRelease } = await import('./found/release.js');
      return planPublish(await readRelease(decided.decision.destination, system));
    }
    case 'function': {
      const { app } = decided.found;
      if ('programmingModel' in app) {
        const { planFunctionInPython } = await import('./commands/add-function-python.js');
        return planFunctionInPython(decided.decision, { app }, templates);
      }
      const { planFunction } = await import('./commands/add-function.js');
      return planFunction(decided.decision, { app }, templates);
    }
    case 'bridge': {
      const { planBridge } = await import('./commands/bridge.js');
      return planBridge(decided.found, templates);
    }
  }
}

/** The copyright of a project that exists stays that of its year. */
function inYearOf({ record }: { record: ProjectRecord | undefined }, system: System): System {
  return { ...system, year: record?.year ?? system.year };
}
