/** One thing that was measured, for us and for what we are compared with. */
export interface Figure {
  what: string;
  unit: 'ms' | 's' | 'µs' | 'packages' | 'MB';
  /** By what it was measured for. */
  values: Record<string, number>;
  ratios: Ratio[];
}

export interface Ratio {
  of: string;
  to: string;
  value: number;
  /** What it may be at most. Default: it is only shown. */
  limit?: number;
}

/** Compares two values of a figure. */
export function compared(figure: Figure, of: string, to: string, limit?: number): Figure {
  const value = (figure.values[of] ?? NaN) / (figure.values[to] ?? NaN);
  return {
    ...figure,
    ratios: [...figure.ratios, { of, to, value, ...(limit !== undefined && { limit }) }],
  };
}

/** The figures as text, with the ratios below the values that they are made of. */
export function asText(figures: readonly Figure[]): string {
  return figures
    .map(({ what, unit, values, ratios }) => {
      const width = Math.max(...Object.keys(values).map((name) => name.length));
      const digits = { ms: 0, s: 1, µs: 1, packages: 0, MB: 1 }[unit];
      return [
        what,
        ...Object.entries(values).map(
          ([name, value]) =>
            `  ${name.padEnd(width)}  ${value.toFixed(digits).padStart(6)} ${unit}`,
        ),
        ...ratios.map(({ of, to, value, limit }) => {
          const verdict =
            limit === undefined ? '' : ` (at most ${limit}${value > limit ? ': exceeded' : ''})`;
          return `  ${of} / ${to}: ${value.toFixed(2)}${verdict}`;
        }),
      ].join('\n');
    })
    .join('\n\n');
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [a = NaN, b = NaN] = [sorted[middle], sorted[sorted.length - 1 - middle]];
  return (a + b) / 2;
}
