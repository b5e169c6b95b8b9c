import { STATUS_CODES } from 'node:http';

/** What the caller is told of an error: problem details as in RFC 9457, and headers. */
export interface Problem {
  /** HTTP status: a whole number from 400 to 599. */
  status: number;
  /** URI of the kind of problem. Default: `about:blank`, for one that the status describes. */
  type?: string;
  /** Short summary of the kind of problem. Default: the reason phrase of the status. */
  title?: string;
  /** What went wrong this time. Default: none. */
  detail?: string;
  /** URI of this one occurrence. Default: none. */
  instance?: string;
  /** Headers of the response, such as `retry-after`. They do not appear in the body. Default: none. */
  headers?: Record<string, string>;
  /** Further members of the body, with values that JSON can hold. */
  [member: string]: unknown;
}

/**
 * What an error says of itself, by the convention of Express, Koa and `http-errors`: its `status` or
 * `statusCode` is the status if it is one of an error, which is otherwise 500; its `message` and its
 * `headers` are for the caller only if `expose` is `true`.
 *
 * A status alone does not expose the message: errors of client libraries have the status of the
 * service that they have called, and a message about it.
 */
export function problemOf(error: unknown): Problem {
  const { status, statusCode, expose, message, headers } = Object(error) as {
    status?: unknown;
    statusCode?: unknown;
    expose?: unknown;
    message?: string;
    headers?: Record<string, string>;
  };
  return {
    status: [status, statusCode].find(isErrorStatus) ?? 500,
    ...(expose === true && { detail: message, headers }),
  };
}

/**
 * The response that tells the caller of a problem.
 *
 * @param correlationId What to search the log for. It is a member of the body.
 * @throws RangeError if the status is not one of an error.
 * @throws TypeError if a header or a member cannot be sent.
 */
export function toResponse({ headers, ...members }: Problem, correlationId: string) {
  const { status } = members;
  if (!isErrorStatus(status)) {
    throw new RangeError(`The status of a problem is from 400 to 599, not ${status}.`);
  }
  const fields = new Headers(headers);
  fields.delete('content-length');
  fields.set('content-type', 'application/problem+json');
  fields.set('cache-control', 'no-store');
  return {
    status,
    headers: Object.fromEntries(fields),
    body: JSON.stringify({
      type: 'about:blank',
      title: STATUS_CODES[status],
      ...members,
      correlationId,
    }),
  };
}

function isErrorStatus(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599;
}
