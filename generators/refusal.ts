/**
 * Why something that the user typed cannot be taken: one line that says what is wrong and how to go
 * on. What a terminal would take for an order, and what would be read in another order than it
 * stands in, is shown as an escape sequence.
 */
export class Refusal extends Error {
  constructor(message: string) {
    super(message.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu, escaped));
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What was typed, as it is shown in a refusal: in quotes, in one line, and not without end. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** Whether an error says that the user has stopped the run at a question. */
export function isCancellation(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (error.name === 'ExitPromptError' || error.message.startsWith('Process aborted by '))
  );
}
