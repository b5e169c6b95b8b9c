import type { HookContext, InvocationContext } from '@azure/functions';

/**
 * Whether worker extensions are switched on: yes, unless the app setting
 * `NODE_ENABLE_WORKER_EXTENSIONS` is `0`, `false`, `off` or `no`. It is this package that reads the
 * setting, at every call, and not the platform.
 */
export function extensionsEnabled(): boolean {
  return !/^\s*(0|false|off|no)\s*$/i.test(process.env.NODE_ENABLE_WORKER_EXTENSIONS ?? '');
}

/**
 * Runs one hook of the extension so that its failure stays its own. The worker fails an invocation
 * whose hook throws, and an app whose `appStart` hook does; here the error goes to the log, and the
 * app goes on without that hook.
 *
 * @param name What runs, as it stands in the log: `SomeExtension.preInvocation`.
 * @param context What the worker passed to the hook. An invocation's errors go to that invocation's
 *   log.
 */
export async function runHook(
  name: string,
  context: HookContext & { invocationContext?: InvocationContext },
  hook: () => void | Promise<void>,
): Promise<void> {
  if (!extensionsEnabled()) {
    return;
  }
  try {
    await hook();
  } catch (error) {
    (context.invocationContext ?? console).error(`${name} failed and was skipped:`, error);
  }
}
