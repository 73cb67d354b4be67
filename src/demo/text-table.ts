/** Lays rows out in columns: the first column to the left, the others to the right. */
export function textTable(rows: readonly (readonly (string | number)[])[], indent = "  "): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, String(cell).length);
  }
  return rows
    .map((row) => indent + row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0))).join("  ").trimEnd())
    .join("\n");
}
