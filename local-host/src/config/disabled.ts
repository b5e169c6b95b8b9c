import type { Variables } from './environment.js';

/**
 * Whether a function is switched off: by a setting `AzureWebJobs.<name>.Disabled` (with `_` in
 * place of the points, where variables cannot have any), or by `disabled` in its options, which
 * may name a setting.
 */
export function isDisabled(name: string, env: Variables, disabled?: unknown): boolean {
  const isOn = (setting: string) => /^(?:1|true)$/i.test(env[setting] ?? '');
  if (isOn(`AzureWebJobs.${name}.Disabled`) || isOn(`AzureWebJobs_${name}_Disabled`)) {
    return true;
  }
  if (typeof disabled === 'string') {
    // The name of a setting may stand between percent signs.
    return /^true$/i.test(disabled) || isOn(disabled.replace(/^%(.+)%$/, '$1'));
  }
  return disabled === true;
}
