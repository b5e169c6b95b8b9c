import type { Terminal } from '../system.js';
import { table } from '../table.js';
import type { Default } from './defaults.js';
import type { Context, Question } from './question.js';

/** How much of a value fits into the table. */
const WIDTH = 44;

/** Shows what has not been asked, and where it comes from. Asks which of it to change. */
export async function toChange(
  defaults: readonly Default[],
  terminal: Terminal,
): Promise<Question[]> {
  const rows = defaults
    .filter(({ question, known }) => question.applies(known))
    .map(({ question, value, known }) => ({
      question,
      cells: [question.flag, shown(value), originOf(question, value, known)] as const,
    }));
  terminal.say(`\nThe rest, by flag:\n\n${table(rows.map(({ cells }) => cells))}\n`);
  const adapter = await terminal.adapter();
  const { change, flags } = await adapter.prompt<{ change?: boolean; flags?: string[] }>([
    { name: 'change', type: 'confirm', message: 'Change any of these?', default: false },
    {
      name: 'flags',
      type: 'checkbox',
      message: 'Which ones?',
      choices: rows.flatMap(({ question: { flag, message } }) => (message ? [flag] : [])),
      when: (typed: { change?: boolean }) => typed.change === true,
    },
  ]);
  const chosen = change === true ? (flags ?? []) : [];
  return rows.map(({ question }) => question).filter(({ flag }) => chosen.includes(flag));
}

/** Where a default is from: an earlier run, or what the question says. */
function originOf({ key, origin }: Question, value: unknown, known: Context): string {
  const isRecorded = known.recorded !== undefined && known.recorded[key] === value;
  return isRecorded ? 'the last run' : origin(known);
}

function shown(value: unknown): string {
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value) || '(none)';
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}
