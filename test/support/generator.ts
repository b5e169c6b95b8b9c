import { join } from 'node:path';
import helpers, { context, type RunResult } from 'yeoman-test';
import AppGenerator from '../../generators/app/index.js';
import BridgeGenerator from '../../generators/bridge/index.js';
import type { CommandId } from '../../generators/questions/question.js';
import ExtensionGenerator from '../../generators/extension/index.js';
import FunctionAppGenerator from '../../generators/function-app/index.js';
import FunctionGenerator from '../../generators/function/index.js';
import PublishGenerator from '../../generators/publish/index.js';
import UpdateGenerator from '../../generators/update/index.js';
import UseGenerator from '../../generators/use/index.js';
import { root } from '../../tools/support/files.js';
import { newFolder } from '../../tools/support/folders.js';

const GENERATORS = {
  app: AppGenerator,
  extension: ExtensionGenerator,
  'function-app': FunctionAppGenerator,
  use: UseGenerator,
  function: FunctionGenerator,
  publish: PublishGenerator,
  update: UpdateGenerator,
  bridge: BridgeGenerator,
};

export interface GeneratorRun {
  args?: string[];
  options?: Record<string, unknown>;
  /** What the user answers; every question has to be here. Without it, nothing may be asked. */
  answers?: Record<string, unknown>;
  cwd?: string;
}

/** Runs a generator with yeoman-test in a new folder, without installing. */
export async function runGenerator(
  id: CommandId,
  { args = [], options = {}, answers = {}, cwd = newFolder() }: GeneratorRun,
): Promise<RunResult> {
  const before = process.cwd();
  try {
    return await helpers
      .run(
        GENERATORS[id] as never,
        {
          namespace: `azfunc-extension:${id}`,
          resolved: join(root, 'build/generators', id, 'index.js'),
          cwd,
          forwardCwd: true,
        } as never,
      )
      .withArguments(args)
      .withOptions({ skipInstall: true, ...options })
      .withAnswers(answers, { throwOnMissingAnswer: true });
  } finally {
    // yeoman-test has gone into the folder, and would miss it there.
    process.chdir(before);
    context.beforeCwd = undefined;
  }
}

/** Lets the generators believe that there is a terminal, as the questions need one. */
export function withTerminal(): void {
  const { isTTY } = process.stdin;
  before(() => {
    process.stdin.isTTY = true;
  });
  after(() => {
    process.stdin.isTTY = isTTY;
  });
}
