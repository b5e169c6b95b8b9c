import type { HookContext, InvocationContext } from '@azure/functions';

/**
 * Whether worker extensions are switched on: yes, unless the app setting
 * `NODE_ENABLE_WORKER_EXTENSIONS` is `0`, `false`, `off` or `no`. This package reads the setting,
 * before it registers its hooks. The platform does not.
 */
export function extensionsEnabled(): boolean {
  return !/^\s*(0|false|off|no)\s*$/i.test(process.env.NODE_ENABLE_WORKER_EXTENSIONS ?? '');
}

/**
 * Makes a hook whose failure stays the extension's own. The worker fails an invocation whose hook
 * throws, and an app whose `appStart` hook does. Here the error goes to the log, and the app goes
 * on without that hook. The worker waits for a hook as long as it takes, and so does this.
 *
 * @param name What runs, as the log shows it: `SomeExtension.preInvocation`.
 * @param hook The errors of an invocation go to the log of the `invocationContext` that it gets.
 * @param failClosed Whether an error fails the invocation after all. Default: `false`.
 */
export function isolated<T extends HookContext & { invocationContext?: InvocationContext }>(
  name: string,
  hook: (context: T) => void | Promise<void>,
  failClosed = false,
): (context: T) => void | Promise<void> {
  return (context) => {
    const skip = (error: unknown) => {
      if (failClosed) {
        throw error;
      }
      (context.invocationContext ?? console).error(`${name} failed and was skipped:`, error);
    };
    try {
      // Most hooks are synchronous, and waiting for nothing takes time, too.
      const pending = hook(context);
      if (pending) {
        return pending.catch(skip);
      }
    } catch (error) {
      skip(error);
    }
  };
}
