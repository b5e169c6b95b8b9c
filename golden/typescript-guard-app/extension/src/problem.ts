import { STATUS_CODES } from 'node:http';
import type { HttpResponseInit } from '@azure/functions';

/** An answer as problem details (RFC 9457), which tell no more than the status does. */
export function problem(status: number, headers?: Record<string, string>): HttpResponseInit {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status }),
  };
}
