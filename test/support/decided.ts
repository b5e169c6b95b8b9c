import { resolve } from 'node:path';
import type { InputOutputAdapter } from '@yeoman/types';
import { planExtension } from '../../generators/commands/create.js';
import { ownTemplates } from '../../generators/package-root.js';
import { decide, type Decided, type DecidedCommand } from '../../generators/questions/decide.js';
import type { CommandId } from '../../generators/questions/question.js';
import type { System } from '../../generators/system.js';
import { newFolder } from '../../tools/support/folders.js';

/** The real templates. */
export const templates = ownTemplates();

interface Asked {
  name: string;
  choices?: { value: string }[];
  when(answers: object): Promise<boolean>;
}

/** What a developer is asked first of all: raised in place of an answer. */
class Prompted extends Error {
  constructor(readonly questions: Asked[]) {
    super('asked');
  }
}

type Prompt = (questions: never) => Promise<object>;

async function raise(questions: Asked[]): Promise<object> {
  const open = await Promise.all(questions.map((one) => one.when({})));
  throw new Prompted(questions.filter((_, index) => open[index]));
}

/** A machine whose git knows what it is told to, and where somebody answers. */
export function systemWith(
  git: Record<string, string> = {},
  cwd = newFolder(),
  prompt: Prompt = raise,
): System {
  const stdout = Object.entries(git)
    .map(([key, value]) => `${key}\n${value}\0`)
    .join('');
  const done = async () => ({ status: 'done', stdout, stderr: '' }) as const;
  return {
    cwd,
    env: {},
    platform: 'linux',
    year: 2026,
    terminal: {
      isInteractive: () => true,
      say: () => {},
      adapter: async () => ({ prompt }) as unknown as InputOutputAdapter,
    },
    processes: { git: done, capture: done, show: done },
  };
}

/** A command line whose words are the values of flags. */
export function typedAs<Command extends CommandId>(
  command: Command,
  flags: Readonly<Record<string, unknown>>,
  positionals: readonly string[] = [],
) {
  const argv = Object.entries(flags).map(([flag, value]) =>
    value === true ? `--${flag}` : `--${flag}=${String(value)}`,
  );
  return { command, options: flags, positionals, argv };
}

/** What is decided by flags, with defaults for everything else. */
export async function decided<Command extends DecidedCommand>(
  command: Command,
  flags: Readonly<Record<string, unknown>> = {},
  {
    git = {},
    folder,
    cwd = newFolder(),
  }: {
    git?: Record<string, string>;
    /** The destination. */
    folder?: string;
    cwd?: string;
  } = {},
): Promise<Extract<Decided, { command: Command }>> {
  const positionals = folder === undefined ? [] : [resolve(cwd, folder)];
  const typed = typedAs(command, { ...flags, yes: true }, positionals);
  return (await decide(typed, systemWith(git, cwd), templates)) as Extract<
    Decided,
    { command: Command }
  >;
}

/** The commands and what they do, to be pasted after a run. */
export async function nextSteps(
  command: 'app' | 'extension',
  flags: Readonly<Record<string, unknown>> = {},
  platform: NodeJS.Platform = 'linux',
): Promise<string[]> {
  const { decision } = await decided(command, flags);
  const plan = await planExtension(decision, { ...systemWith(), platform }, templates);
  return plan.nextSteps.map(([line]) => line);
}

/** What would be asked with --ask-all, in its order. */
export async function asked(
  command: DecidedCommand,
  flags: Readonly<Record<string, unknown>> = {},
  cwd = newFolder(),
): Promise<{ key: string; choices: string[] }[]> {
  try {
    await decide(typedAs(command, { ...flags, 'ask-all': true }), systemWith({}, cwd), templates);
    return [];
  } catch (error) {
    if (error instanceof Prompted) {
      return error.questions.map(({ name, choices = [] }) => ({
        key: name,
        choices: choices.map(({ value }) => value),
      }));
    }
    throw error;
  }
}
