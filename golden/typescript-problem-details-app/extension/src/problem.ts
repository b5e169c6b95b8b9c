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

/** Headers of an error that would be about another body. */
const NOT_OURS = [
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'digest',
  'etag',
  'last-modified',
  'repr-digest',
  'set-cookie',
  'transfer-encoding',
];

/**
 * What an error says of itself, by the convention of Koa and `http-errors`: it is for the caller if it has
 * `expose`. Then its `status` or `statusCode` is the status, if that is one of an error; and its `message` and
 * `headers` are for the caller where `expose` is `true`. A request whose body is no JSON is 400. All else is
 * 500.
 *
 * A status alone says nothing: errors of client libraries have the status of the service that they have
 * called, and a message about it.
 */
export function problemOf(error: unknown): Problem {
  const { status, statusCode, expose, message, headers } = Object(error) as {
    status?: unknown;
    statusCode?: unknown;
    expose?: unknown;
    message?: string;
    headers?: Record<string, string>;
  };
  if (isMalformedBody(error)) {
    return { status: 400, detail: 'The body of the request is not valid JSON.' };
  }
  return {
    status: typeof expose === 'boolean' ? ([status, statusCode].find(isErrorStatus) ?? 500) : 500,
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
  NOT_OURS.forEach((name) => fields.delete(name));
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

/** Whether `request.json()` has thrown an error. Node.js has no other sign of it than where it is from. */
function isMalformedBody(error: unknown): boolean {
  return error instanceof SyntaxError && /\bparseJSONFromBytes\b/.test(error.stack ?? '');
}

function isErrorStatus(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599;
}
