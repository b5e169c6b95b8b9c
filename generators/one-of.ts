/** `npm, pnpm or yarn` */
export function oneOf(words: readonly string[]): string {
  return joined(words, 'or');
}

/** `timer, blank and tracing` */
export function allOf(words: readonly string[]): string {
  return joined(words, 'and');
}

function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  return words.join(', ').replace(/, ([^,]*)$/, ` ${conjunction} $1`);
}
