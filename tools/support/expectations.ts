import assert from 'node:assert/strict';
import type { Expectation } from '../../generators/templates/load.js';
import type { RunningHost } from './local-host.js';

/**
 * Sends requests to a function, stops its host, and holds answers and log against what is expected. The log
 * is read at the end, since an exporter may write as late as that.
 *
 * @param path The path of the function: `/api/HttpTrigger`.
 * @throws AssertionError
 */
export async function checkExpectations(
  host: RunningHost,
  path: string,
  expectations: readonly (Partial<Expectation> & { status: number })[],
): Promise<void> {
  try {
    for (const {
      method = 'GET',
      query = '',
      headers = {},
      requestBody,
      ...expected
    } of expectations) {
      const { status, body, responseHeaders = {} } = expected;
      const what = `${method} ${path}${query}`;
      const response = await fetch(host.url + path + query, { method, headers, body: requestBody });
      const text = await response.text();
      assert.equal(response.status, status, `${what}: ${text}`);
      if (body !== undefined) {
        assert.match(text, new RegExp(body), what);
      }
      for (const [name, value] of Object.entries(responseHeaders)) {
        assert.match(response.headers.get(name) ?? '', new RegExp(value), `${what}: ${name}`);
      }
    }
  } finally {
    await host.stop();
  }
  for (const { log } of expectations) {
    if (log !== undefined) {
      assert.match(host.output(), new RegExp(log));
    }
  }
}
