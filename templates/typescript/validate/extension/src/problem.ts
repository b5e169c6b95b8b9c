import { STATUS_CODES } from 'node:http';
import type { HttpResponseInit } from '@azure/functions';
import type { Issue } from './standard-schema';

/** What is wrong with a part of a request. */
export interface RequestError {
  readonly in: 'body' | 'query' | 'params';
  /** Where it is in that part: `items.0.name`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** What a schema says of a part of a request. */
export function errorsOf(part: RequestError['in'], issues: readonly Issue[]): RequestError[] {
  return issues.map(({ message, path = [] }) => ({
    in: part,
    path: path.map((one) => String(typeof one === 'object' ? one.key : one)).join('.'),
    message,
  }));
}

/** An answer as problem details (RFC 9457). */
export function problem(status: number, errors: readonly RequestError[]): HttpResponseInit {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, errors }),
  };
}
