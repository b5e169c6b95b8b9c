/** Why something that the user typed cannot be taken: one line that says what is wrong and how to go on. */
export class Refusal extends Error {}

/** Whether an error says that the user has pressed Ctrl+C at a prompt. */
export function isCancellation(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ExitPromptError';
}
