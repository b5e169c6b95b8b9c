/** What node's test runner has counted, over all its runs in an output. */
export function testsIn(output: string): { runs: number; passed: number; failed: number } {
  const counts = (what: string) =>
    [...output.matchAll(new RegExp(`^(?:#|ℹ) ${what} (\\d+)`, 'gm'))].map(([, count]) =>
      Number(count),
    );
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  return {
    runs: counts('pass').length,
    passed: sum(counts('pass')),
    failed: sum(counts('fail')) + sum(counts('cancelled')),
  };
}
