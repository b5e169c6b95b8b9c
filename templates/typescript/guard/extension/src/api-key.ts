import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest, InvocationContext } from '@azure/functions';

/**
 * Makes an authorizer that compares a header with an app setting: one key, or several with commas between
 * them, so that a new one can come before the old one goes. Blanks around a key do not count. While the
 * setting has no key, or one that no header can carry, every request is refused.
 *
 * @param header Name of the header.
 * @param setting Name of the app setting. It is read for each request.
 */
export function apiKeyAuthorizer(header: string, setting: string) {
  return ({ headers }: HttpRequest, context: InvocationContext): true | 401 => {
    const keys = (process.env[setting] ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
    const problem =
      keys.length === 0
        ? 'is missing or empty'
        : keys.some((key) => !/^[\x21-\x7e]+$/.test(key))
          ? 'has a key with other characters than those of ASCII without blanks'
          : undefined;
    if (problem !== undefined) {
      context.warn(
        `GuardExtension: the app setting ${setting} ${problem}, so every request is refused`,
      );
      return 401;
    }
    const given = headers.get(header) ?? '';
    // All of them, so that the time does not tell which one it was.
    return keys.map((key) => isSame(given, key)).includes(true) ? true : 401;
  };
}

/** Takes the same time wherever the two differ: by their hashes, which are of the same length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
