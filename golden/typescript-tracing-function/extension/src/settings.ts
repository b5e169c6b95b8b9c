/** What an option of a trigger says, where it may name settings of the app: `%QUEUE%`. */
export function setting(option: unknown): string | undefined {
  return typeof option === 'string'
    ? option.replace(/%([^%]+)%/g, (whole, name: string) => process.env[name] ?? whole)
    : undefined;
}
