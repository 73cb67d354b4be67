/** One line of the benchmark table. */
export interface BenchResult {
  bench: string;
  measure: string;
  value: number;
  unit: string;
  /** What the same run measured without us, or at the smallest size, in the same unit. */
  reference?: number;
  /** The bar it is held against, in words. */
  bar: string;
  met: boolean;
}
