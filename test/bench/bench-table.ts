import type { BenchResult } from "./bench-result.ts";

const heads = ["name", "measured", "reference in the same run", "ratio", "bar", "ok"] as const;

/** All results as one table of text, columns aligned; the ratio is measured over reference. */
export function benchTable(results: readonly BenchResult[]): string {
  const rows = [[...heads], ...results.map(cells)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  return rows.map((row) => row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length)).join("  ").trimEnd()).join("\n");
}

function cells({ bench, measure, value, unit, reference, bar, met }: BenchResult): string[] {
  const ratio = ratioOf({ value, reference });
  return [`${bench}: ${measure}`, `${figure(value)} ${unit}`, reference === undefined ? "–" : `${figure(reference)} ${unit}`, ratio === null ? "–" : figure(ratio), bar, met ? "ok" : "MISSED"];
}

/** Measured over reference; null where the run measured no reference. */
export function ratioOf(result: { value: number; reference: number | undefined }): number | null {
  if (result.reference === undefined || result.reference === 0) return null;
  return Math.round((result.value / result.reference) * 1_000) / 1_000;
}

function figure(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 3 });
}
