/** Why the local host cannot start, in one line that says how to go on. */
export class StartError extends Error {}

/** A request that gets no answer from a function. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What to log. */
    cause?: Error,
  ) {
    super(message, { cause });
  }
}
