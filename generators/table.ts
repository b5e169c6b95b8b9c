/** Rows of columns, indented. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => `  ${cell.padEnd(widths[column] ?? 0)}`).join('');
  return rows.map((cells) => line(cells).trimEnd()).join('\n');
}
