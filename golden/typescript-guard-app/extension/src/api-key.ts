import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest, InvocationContext } from '@azure/functions';

/**
 * Makes an authorizer that compares a header with an app setting. While the setting is missing or
 * empty, it refuses every request.
 */
export function apiKeyAuthorizer(header: string, setting: string) {
  return ({ headers }: HttpRequest, context: InvocationContext): true | 401 => {
    const key = process.env[setting];
    if (!key) {
      context.warn(
        `GuardExtension: the app setting ${setting} is missing or empty, so every request is refused`,
      );
      return 401;
    }
    return isSame(headers.get(header) ?? '', key) ? true : 401;
  };
}

/** Takes the same time wherever the two differ: by their hashes, which are of the same length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
