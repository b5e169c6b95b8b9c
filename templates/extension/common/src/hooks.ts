import type { HookContext, InvocationContext } from '@azure/functions';

/**
 * Whether worker extensions are switched on: yes, unless the app setting
 * `NODE_ENABLE_WORKER_EXTENSIONS` is `0`, `false`, `off` or `no`. It is this package that reads the
 * setting, before it registers its hooks, and not the platform.
 */
export function extensionsEnabled(): boolean {
  return !/^\s*(0|false|off|no)\s*$/i.test(process.env.NODE_ENABLE_WORKER_EXTENSIONS ?? '');
}

/**
 * Makes a hook whose failure stays the extension's own. The worker fails an invocation whose hook
 * throws, and an app whose `appStart` hook does; here the error goes to the log, and the app goes
 * on without that hook. The worker waits for a hook as long as it takes, and so does this.
 *
 * @param name What runs, as it stands in the log: `SomeExtension.preInvocation`.
 * @param hook An invocation's errors go to the log of the `invocationContext` that is passed to it.
 */
export function isolated<T extends HookContext & { invocationContext?: InvocationContext }>(
  name: string,
  hook: (context: T) => void | Promise<void>,
): (context: T) => void | Promise<void> {
  return (context) => {
    const skip = (error: unknown) =>
      (context.invocationContext ?? console).error(`${name} failed and was skipped:`, error);
    try {
      // Most hooks are synchronous, and to wait for nothing takes time, too.
      const pending = hook(context);
      if (pending) {
        return pending.catch(skip);
      }
    } catch (error) {
      skip(error);
    }
  };
}
