/** A letter, then letters, digits, `_`, `-`: at most 128 characters; but not `host`. */
export function isValidFunctionName(name: string): boolean {
  return /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i.test(name);
}
